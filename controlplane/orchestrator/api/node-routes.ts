import { z } from "zod";
import type { EdgeNode } from "../../model/node.ts";
import type { WireNode, WireRegisterResponse } from "../../protocol/http.ts";
import { messageText, shortText } from "../../protocol/messages.ts";
import { formatRfc3339 } from "../../pipeline/index.ts";
import { permissionsOfEdge } from "../../protocol/subjects.ts";
import type { ApiParts } from "./api.ts";
import { readBody } from "./body.ts";
import { checkToken, type TokenProblem } from "./bootstrap-token.ts";
import { ApiFailure } from "./failures.ts";
import { page } from "./paging.ts";
import { ok, type Answer, type Route } from "./router.ts";
import { wireNode } from "./wire.ts";

const registration = z.object({
  token: z.string().max(1_000).default(""),
  public_key: z.string().regex(/^U[A-Z2-7]{55}$/, "not the public key of a user"),
  name: shortText.min(1),
  hostname: shortText,
  os: shortText,
  arch: shortText,
  agent_version: shortText,
  labels: z.record(shortText, shortText).default({}),
});

const deletion = z.object({ force: z.boolean().default(false), reason: messageText.default("") });

export function nodeRoutes(
  { random, clock, cluster, store, transport, presence, log }: ApiParts,
  settings: { readonly brokerUrl: string },
): readonly Route[] {
  const show = (node: EdgeNode): WireNode =>
    wireNode(node, { dataPlane: transport.dataPlane(node.id), lastHeardMs: presence.lastHeardMs(node.id) });
  const find = (id: string): EdgeNode => {
    const node = store.node(id);
    if (node === undefined) throw new ApiFailure("NOT_FOUND", `there is no node ${id}`);
    return node;
  };

  return [
    {
      method: "GET",
      path: "/nodes",
      answer: ({ query }) => {
        const nodes = store.nodes().filter((node) => node.connection !== "deleted");
        return ok(
          page(query, nodes, show, {
            name: (node) => node.name,
            created_at: (node) => node.createdAtMs,
          }),
        );
      },
    },
    { method: "GET", path: "/nodes/-/stats", answer: () => ok({ connection_states: store.counts().nodes }) },
    { method: "POST", path: "/nodes/register", answer: ({ body }) => register(body) },
    { method: "GET", path: "/nodes/:id", answer: ({ id }) => ok({ node: show(find(id)) }) },
    { method: "DELETE", path: "/nodes/:id", answer: ({ id, body }) => remove(find(id), body) },
  ];

  function register(body: string): Answer {
    const { token, public_key: publicKey, ...told } = readBody(body, registration);
    const problem = checkToken(cluster, token, clock.nowMs());
    if (problem !== undefined) {
      log.warn("NODE: Registration refused", { node_name: told.name, why: problem.code });
      throw new ApiFailure(problem.code, tokenProblem(problem, cluster.clusterId));
    }
    const id = random.uuid();
    const { agent_version: agentVersion, ...spec } = told;
    store.change((writer) =>
      writer.putNode({
        id,
        ...spec,
        agentVersion,
        connection: "disconnected",
        message: "registered, not seen yet",
      }),
    );
    log.info("NODE: Registered", { node_id: id, node_name: spec.name, authenticated_by: "bootstrap token" });
    const jwt = cluster.admit({ publicKey, name: id, permissions: permissionsOfEdge(id) });
    const response: WireRegisterResponse = { node_id: id, nats: { url: settings.brokerUrl, jwt } };
    return { status: 201, body: response };
  }

  function remove(known: EdgeNode, body: string): Answer {
    const { createdAtMs: _, updatedAtMs: __, revision: ___, ...node } = known;
    const { force, reason } = readBody(body, deletion);
    if (node.connection === "deleted")
      throw new ApiFailure("NOT_FOUND", `node ${node.id} was deleted already`);
    if (node.connection === "connected" && !force) {
      throw new ApiFailure("CONFLICT", `node ${node.name} is connected: delete it with force if you mean it`);
    }
    const deleted = store.change((writer) =>
      writer.putNode({ ...node, connection: "deleted", message: reason || "deleted by request" }),
    );
    transport.closeDataPlane(node.id);
    log.warn("NODE: leave - deleted", { node_id: node.id, node_name: node.name, reason });
    return ok({ node: show(deleted) });
  }
}

function tokenProblem(problem: TokenProblem, clusterId: string): string {
  const another = "another one is made by: expanso-orchestrator token create";
  switch (problem.code) {
    case "TOKEN_MISSING":
      return `a bootstrap token is wanted, and none was given: set EXPANSO_EDGE_BOOTSTRAP_TOKEN; ${another}`;
    case "TOKEN_UNKNOWN":
      return `the bootstrap token is none that this orchestrator has made: is it complete? ${another}`;
    case "TOKEN_EXPIRED":
      return `the bootstrap token expired at ${formatRfc3339(problem.expiredAtMs)}; ${another}`;
    case "TOKEN_OF_ANOTHER_CLUSTER":
      return `the bootstrap token is for cluster ${problem.clusterId}, this orchestrator is of cluster ${clusterId}: is the URL the right one?`;
  }
}
