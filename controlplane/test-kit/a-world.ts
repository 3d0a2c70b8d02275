import type { JobSpec } from "../model/job.ts";
import { aNodeId, type Cluster, type ClusterEdge } from "./a-cluster.ts";
import { settle } from "./manual-clock.ts";
import { aJobSpec, aSelector } from "./model-builders.ts";

/** The jobs of the world: what each is there to try. */
export const WORLD_JOBS: Readonly<Record<WorldJob, Partial<JobSpec>>> = {
  everywhere: {},
  "ssd-only": { selector: aSelector({ match_labels: { disk: "ssd" } }) },
  short: { config: pipeline({ count: 3, interval: "400ms", mapping: "root = 1" }) },
  failing: { config: pipeline({ interval: "500ms", mapping: "root.a = 1\nroot.a.b = 1" }) },
  fragile: {
    restart_policy: "never",
    selector: aSelector({ match_expressions: ["disk notin (hdd)"] }),
    config: pipeline({ interval: "300ms", mapping: "root.a = 1\nroot.a.b = 1" }),
  },
};
export type WorldJob = "everywhere" | "ssd-only" | "short" | "failing" | "fragile";

/** The machines of the world, all off at first. */
export const WORLD_EDGES = [0, 1, 2] as const;

/** Something that may happen; what makes no sense at the moment changes nothing. */
export type Action =
  | { readonly do: "deploy" | "force" | "stop" | "rerun" | "delete"; readonly job: WorldJob }
  | { readonly do: "start-edge"; readonly edge: number; readonly disk: "ssd" | "hdd" }
  /** `renew-edge`: the machine is there again under another id. */
  | { readonly do: "kill-edge" | "renew-edge" | "delete-node"; readonly edge: number }
  /** The orchestrator is killed after some more tasks, edges maybe with it; it comes back after a while. */
  | {
      readonly do: "crash";
      readonly afterTasks: number;
      readonly edges: readonly number[];
      readonly downMs: number;
    }
  /** What becomes of the next messages: the delay of each copy of each. */
  | { readonly do: "fates"; readonly fates: readonly (readonly number[])[] }
  /** A message from before arrives once more; counted from the newest. */
  | { readonly do: "repeat"; readonly back: number }
  | { readonly do: "wait"; readonly ms: number }
  /** Only so many tasks, so that what comes next comes in the middle of something. */
  | { readonly do: "tasks"; readonly count: number };

export interface World {
  take(action: Action): Promise<void>;
  /** Everything is delivered from now on, and all that was set in motion comes to its end. */
  comeToRest(): Promise<void>;
}

/** A cluster to which anything may happen. */
export function aWorld(cluster: Cluster): World {
  const { clock, broker } = cluster;
  const edges: ClusterEdge[] = WORLD_EDGES.map((number) => cluster.edge(aNodeId(number), `edge${number}`));
  let renewed = 0;
  cluster.startOrchestrator();

  return {
    take: async (action) => {
      switch (action.do) {
        case "deploy":
        case "force":
          return ask("PUT", "/jobs", {
            spec: aJobSpec({ name: action.job, ...WORLD_JOBS[action.job] }),
            force: action.do === "force",
          });
        case "stop":
          return ask("POST", `/jobs/${action.job}/stop`);
        case "rerun":
          return ask("PUT", `/jobs/${action.job}/rerun`);
        case "delete":
          return ask("DELETE", `/jobs/${action.job}`);
        case "delete-node":
          return ask("DELETE", `/nodes/${at(action.edge).id}`, { force: true });
        case "start-edge":
          return at(action.edge).isUp() ? undefined : at(action.edge).start({ disk: action.disk });
        case "kill-edge":
          return at(action.edge).kill();
        case "renew-edge":
          return renew(action.edge);
        case "crash":
          await tasks(action.afterTasks);
          cluster.killOrchestrator();
          for (const number of action.edges) at(number).kill();
          await clock.pass(action.downMs);
          return cluster.startOrchestrator();
        case "fates":
          return decide(action.fates);
        case "repeat":
          return repeat(action.back);
        case "wait":
          return clock.pass(action.ms);
        case "tasks":
          return tasks(action.count);
      }
    },
    comeToRest: async () => {
      decide([]);
      await clock.pass(20_000);
    },
  };

  async function ask(method: string, path: string, body?: unknown): Promise<void> {
    const { status } = await cluster.call(method, path, body);
    if (![200, 201, 404, 409, 422].includes(status)) throw new Error(`${method} ${path}: ${status}`);
  }

  async function tasks(count: number): Promise<void> {
    for (let done = 0; done < count && clock.step(100); done += 1) await settle();
  }

  function renew(number: number): void {
    at(number).kill();
    renewed += 1;
    edges[number] = cluster.edge(aNodeId(WORLD_EDGES.length * renewed + number), `edge${number}`);
  }

  function decide(fates: readonly (readonly number[])[]): void {
    const next = [...fates];
    broker.decide(() => next.shift() ?? [0]);
  }

  function repeat(back: number): void {
    const message = broker.published.at(-1 - back);
    if (message !== undefined) broker.repeat(message);
  }

  function at(number: number): ClusterEdge {
    const found = edges[number];
    if (found === undefined) throw new Error(`no edge ${number}`);
    return found;
  }
}

function pipeline(generate: object): object {
  return { input: { generate }, output: { drop: {} } };
}
