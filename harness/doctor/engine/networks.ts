import type { AddressPool } from "../../engines/docker/about.ts";
import { countFree, doOverlap, STACK_RANGE, SUBNET_BITS } from "../../engines/docker/stack/subnets.ts";
import { list } from "../../text/list.ts";
import type { Examination } from "../examination.ts";
import { broken, note, ok, type Judgement } from "../finding.ts";
import type { Host } from "../host.ts";
import { type EngineSeen, isHere } from "./character.ts";
import { readRoutes, type Route } from "./routes.ts";

export interface Networks {
  /** Ranges of the engine's networks. */
  readonly taken: readonly string[];
  /** Of the engine's machine, undefined where they cannot be seen from here. */
  readonly routes: readonly Route[] | undefined;
  readonly pools: readonly AddressPool[];
}

/** @param taken asks the engine which ranges its networks have. */
export function networks(
  seen: EngineSeen,
  host: Host,
  taken: () => Promise<readonly string[]>,
): Examination<Networks> {
  return {
    ...SUBNETS,
    mend: "docker network ls",
    ask: async () => {
      const table = isHere(seen) ? await host.read("/proc/net/route") : undefined;
      return {
        taken: await taken(),
        routes: table === undefined ? undefined : readRoutes(table),
        pools: seen.about.pools ?? AS_DOCKER_COMES,
      };
    },
    checks: [
      { ...SUBNETS, judge: judgeSubnets },
      {
        id: "routes",
        asks: "Does another network of the engine's machine use the addresses that stacks get?",
        why: `Stacks get subnets of ${STACK_RANGE}. While one is up, its part of them is no longer reachable through another route.`,
        judge: judgeRoutes,
      },
      {
        id: "pools",
        asks: "Has the engine addresses left for networks that do not choose their own?",
        why: "Compose and `docker network create` take them from the engine's pools; repro does not.",
        judge: judgePools,
      },
    ],
  };
}

const SUBNETS = {
  id: "subnets",
  asks: "Are there subnets left for stacks?",
  why: `Every run has a network of its own, with fixed addresses in ${STACK_RANGE}; without one it does not start.`,
};

/** Docker's own choice, as long as its configuration has none. */
const AS_DOCKER_COMES: readonly AddressPool[] = [
  { base: "172.17.0.0/16", size: 16 },
  { base: "172.18.0.0/16", size: 16 },
  { base: "172.19.0.0/16", size: 16 },
  { base: "172.20.0.0/14", size: 16 },
  { base: "172.24.0.0/14", size: 16 },
  { base: "172.28.0.0/14", size: 16 },
  { base: "192.168.0.0/16", size: 20 },
];

/** As many as a matrix may have up at once, with those of other people. */
const FEW = 10;

export function judgeSubnets({ taken }: Networks): Judgement {
  const free = countFree(STACK_RANGE, SUBNET_BITS, taken);
  const all = countFree(STACK_RANGE, SUBNET_BITS, []);
  const seen = `${free} of ${all} free`;
  if (free >= FEW) return ok(seen);
  const by = list(taken.filter((range) => doOverlap(range, STACK_RANGE)));
  const mend = "repro clean; docker network prune";
  return free === 0 ? broken(`${seen}; taken by ${by}`, mend) : note(`${seen}; taken by ${by}`, mend);
}

export function judgeRoutes({ taken, routes }: Networks): Judgement {
  if (routes === undefined)
    return ok("the engine's machine is not this one: its routes cannot be seen from here");
  const foreign = routes.filter(({ range }) => doOverlap(range, STACK_RANGE) && !taken.includes(range));
  if (foreign.length === 0) return ok(`none in ${STACK_RANGE} but the engine's own`);
  return note(
    `${list(foreign.map(({ range, device }) => `${range} (${device})`))} in ${STACK_RANGE}, and no network of this engine`,
    "ip route; leave that network, or remove what is left of it: ip link delete DEVICE",
  );
}

/** The engine also keeps away from what its machine has a route to. */
export function judgePools({ taken, routes, pools }: Networks): Judgement {
  const used = [...taken, ...(routes ?? []).map(({ range }) => range)];
  const count = (of: readonly string[]) =>
    pools.reduce((sum, { base, size }) => sum + countFree(base, size, of), 0);
  const seen = `${count(used)} of ${count([])} free`;
  return count(used) > 0 ? ok(seen) : note(seen, "docker network prune");
}
