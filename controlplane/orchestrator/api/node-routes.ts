import { z } from "zod";
import type { EdgeNode } from "../../model/node.ts";
import type { WireNode, WireRegisterResponse } from "../../protocol/http.ts";
import type { ApiParts } from "./api.ts";
import { readBody } from "./body.ts";
import { ApiFailure } from "./failures.ts";
import { page } from "./paging.ts";
import { ok, type Answer, type Route } from "./router.ts";
import { wireNode } from "./wire.ts";

const registration = z.object({
  token: z.string().default(""),
  name: z.string().min(1),
  hostname: z.string(),
  os: z.string(),
  arch: z.string(),
  agent_version: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
});

const deletion = z.object({ force: z.boolean().default(false), reason: z.string().default("") });

export function nodeRoutes(
  { random, store, transport, presence, log }: ApiParts,
  settings: { readonly bootstrapToken?: string | undefined },
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
    const request = readBody(body, registration);
    if (settings.bootstrapToken !== undefined && request.token !== settings.bootstrapToken) {
      throw new ApiFailure("UNAUTHORIZED", "the bootstrap token is not the one this orchestrator knows");
    }
    const id = random.uuid();
    const { token: _, agent_version: agentVersion, ...spec } = request;
    store.change((writer) =>
      writer.putNode({
        id,
        ...spec,
        agentVersion,
        connection: "disconnected",
        message: "registered, not seen yet",
      }),
    );
    log.info("NODE: Registered", { node_id: id, node_name: request.name });
    const response: WireRegisterResponse = { node_id: id };
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
