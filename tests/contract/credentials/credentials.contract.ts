import { expect } from "vitest";
import { BrokerRefusedError, type Bus } from "../../../controlplane/ports/bus.ts";
import type { BrokerCredentials } from "../../../controlplane/ports/credentials.ts";
import {
  ALL_SUBJECTS,
  subjectFromAll,
  subjectTo,
  inboxPrefix,
  nodeSubject,
  permissionsOfEdge,
} from "../../../controlplane/protocol/subjects.ts";
import { failureOf, type ContractCase } from "../contract.ts";
import { connectionOf, listen, serve } from "../bus/inbox.ts";
import type { CredentialsWorld } from "./credentials-world.ts";

const N1 = "11111111-1111-4111-8111-111111111111";
const N2 = "22222222-2222-4222-8222-222222222222";

/** What an edge has after it has bootstrapped; of the broker's cluster unless told. */
function edgeCredentials(world: CredentialsWorld, nodeId: string, secret = world.secret): BrokerCredentials {
  const { publicKey, seed } = world.credentials.createKey();
  const cluster = world.credentials.openCluster(secret);
  return { seed, jwt: cluster.admit({ publicKey, name: nodeId, permissions: permissionsOfEdge(nodeId) }) };
}

function edge(world: CredentialsWorld, nodeId: string): Promise<Bus> {
  return world.connect(`expanso-edge ${nodeId}`, {
    credentials: edgeCredentials(world, nodeId),
    inboxPrefix: inboxPrefix(nodeId),
  });
}

function orchestrator(world: CredentialsWorld): Promise<Bus> {
  const { publicKey, seed } = world.credentials.createKey();
  const jwt = world.credentials
    .openCluster(world.secret)
    .admit({ publicKey, name: "expanso-orchestrator", permissions: ALL_SUBJECTS });
  return world.connect("expanso-orchestrator", { credentials: { jwt, seed } });
}

/** Everything that clients and clusters rely on when they show who they are, and the simulation must share. */
export const credentialsContract: readonly ContractCase<CredentialsWorld>[] = [
  {
    name: "an edge hears what is sent to it, asks, and is answered",
    run: async (world) => {
      const [bus, ours] = [await edge(world, N1), await orchestrator(world)];
      const commands = await listen(bus, nodeSubject(N1));
      await serve(ours, subjectFromAll("heartbeat"), (question) => `${question}!`);
      ours.publish(nodeSubject(N1), "run");
      expect(await commands.until("run")).toEqual(["run"]);
      expect(await bus.request(subjectTo("heartbeat", N1), "alive", { timeoutMs: 5_000 })).toBe("alive!");
    },
  },
  {
    name: "a client that shows nothing is refused",
    run: async (world) => {
      expect(await failureOf(world.connect("nobody"))).toBeInstanceOf(BrokerRefusedError);
    },
  },
  {
    name: "a client of another cluster is refused",
    run: async (world) => {
      const credentials = edgeCredentials(world, N1, world.credentials.createSecret());
      expect(await failureOf(world.connect("stranger", { credentials }))).toBeInstanceOf(BrokerRefusedError);
    },
  },
  {
    name: "somebody else's JWT is of no use without its key",
    run: async (world) => {
      const { jwt } = edgeCredentials(world, N1);
      const { seed } = world.credentials.createKey();
      expect(await failureOf(world.connect("thief", { credentials: { jwt, seed } }))).toBeInstanceOf(
        BrokerRefusedError,
      );
    },
  },
  {
    name: "a JWT that was changed is refused",
    run: async (world) => {
      const { jwt, seed } = edgeCredentials(world, N1);
      const changed = jwt
        .split(".")
        .map((part) => {
          const text = Buffer.from(part, "base64url").toString();
          return text.includes(N1) ? Buffer.from(text.replaceAll(N1, N2)).toString("base64url") : part;
        })
        .join(".");
      expect(changed).not.toBe(jwt);
      expect(
        await failureOf(world.connect("forger", { credentials: { jwt: changed, seed } })),
      ).toBeInstanceOf(BrokerRefusedError);
    },
  },
  {
    name: "an edge cannot hear what is sent to another, nor everything",
    run: async (world) => {
      const [bus, ours] = [await edge(world, N1), await orchestrator(world)];
      const stolen = await Promise.all(
        [nodeSubject(N2), "expanso.node.*.in", ">", subjectFromAll("heartbeat")].map((subject) =>
          listen(bus, subject),
        ),
      );
      const own = await listen(bus, nodeSubject(N1));
      ours.publish(nodeSubject(N2), "for another");
      ours.publish(subjectTo("heartbeat", N1), "for the orchestrator");
      ours.publish(nodeSubject(N1), "for this one");
      await own.until("for this one");
      expect(stolen.flatMap(({ payloads }) => payloads)).toEqual([]);
    },
  },
  {
    name: "an edge cannot listen to the answers that another gets",
    run: async (world) => {
      const [bus, other, ours] = [await edge(world, N1), await edge(world, N2), await orchestrator(world)];
      const stolen = await Promise.all(
        [`${inboxPrefix(N2)}.>`, "_INBOX.>"].map((subject) => listen(bus, subject)),
      );
      await serve(ours, subjectFromAll("heartbeat"), () => "between us");
      expect(await other.request(subjectTo("heartbeat", N2), "", { timeoutMs: 5_000 })).toBe("between us");
      await bus.flush();
      expect(stolen.flatMap(({ payloads }) => payloads)).toEqual([]);
    },
  },
  {
    name: "an edge cannot give orders, and stays connected when it tries",
    run: async (world) => {
      const [bus, other, ours] = [await edge(world, N1), await edge(world, N2), await orchestrator(world)];
      const commands = await listen(other, nodeSubject(N2));
      bus.publish(nodeSubject(N2), "forged");
      await bus.flush();
      ours.publish(nodeSubject(N2), "real");
      expect(await commands.until("real")).toEqual(["real"]);
      expect(await failureOf(bus.request(nodeSubject(N2), "forged", { timeoutMs: 5_000 }))).not.toBe(
        "it did not fail",
      );
      const own = await listen(bus, nodeSubject(N1));
      ours.publish(nodeSubject(N1), "still there");
      await own.until("still there");
    },
  },
  {
    name: "an edge cannot speak for another",
    run: async (world) => {
      const [bus, other, ours] = [await edge(world, N1), await edge(world, N2), await orchestrator(world)];
      const reports = await listen(ours, subjectFromAll("status"));
      bus.publish(subjectTo("status", N2), "forged");
      await bus.flush();
      other.publish(subjectTo("status", N2), "real");
      expect(await reports.until("real")).toEqual(["real"]);
    },
  },
  {
    name: "a client that is not let in any more is told so, once and for all",
    run: async (world) => {
      const bus = await edge(world, N1);
      const connection = connectionOf(bus);
      const refused = connection.next("refused");
      await world.restartForAnotherCluster(world.credentials.createSecret());
      await refused;
      expect(connection.told).toEqual(["disconnected", "refused"]);
    },
  },
  {
    name: "the same secret is the same cluster, and another one another in everything",
    run: ({ credentials, secret }) => {
      const one = credentials.openCluster(secret);
      const again = credentials.openCluster(secret);
      const other = credentials.openCluster(credentials.createSecret());
      const facts = [one, again, other].map((cluster) => [
        cluster.clusterId,
        cluster.apiKey,
        cluster.seal("text"),
        cluster.brokerConfig(),
        cluster.admit({ publicKey: `U${"A".repeat(55)}`, name: "n", permissions: ALL_SUBJECTS }),
      ]);
      expect(facts[1]).toEqual(facts[0]);
      for (const [index, fact] of (facts[2] ?? []).entries()) expect(fact).not.toBe(facts[0]?.[index]);
      expect(one.seal("other text")).not.toBe(one.seal("text"));
    },
  },
  {
    name: "what may be known tells nothing of what may not",
    run: (world) => {
      const { publicKey, seed } = world.credentials.createKey();
      const cluster = world.credentials.openCluster(world.secret);
      const shown = [
        publicKey,
        cluster.clusterId,
        cluster.brokerConfig(),
        cluster.admit({ publicKey, name: "n", permissions: ALL_SUBJECTS }),
      ].join(" ");
      for (const secret of [seed, world.secret, cluster.apiKey]) expect(shown).not.toContain(secret);
      expect(publicKey).toMatch(/^U[A-Z2-7]{55}$/);
      expect(cluster.clusterId).toMatch(/^[a-z0-9]{12}$/);
    },
  },
  {
    name: "the broker's record says who was refused, and shows no key",
    run: async (world) => {
      const credentials = edgeCredentials(world, N1);
      await world.connect("expanso-edge one", { credentials });
      await failureOf(world.connect("nobody"));
      await world.record.until(/nobody" - Client connection closed: Authentication Failure/);
      const record = world.record.lines.join("\n");
      expect(record).toMatch(/nobody" - authentication error/);
      expect(record).not.toContain(credentials.seed);
      expect(record).not.toContain(world.secret);
    },
  },
];
