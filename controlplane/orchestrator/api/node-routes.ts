import { Hono } from "hono";
import { z } from "zod";
import type { EdgeNode } from "../../model/node.ts";
import type { WireNode, WireRegisterResponse } from "../../protocol/http.ts";
import type { ApiParts } from "./api.ts";
import { readBody } from "./body.ts";
import { ApiFailure } from "./failures.ts";
import { page } from "./paging.ts";
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
): Hono {
  const routes = new Hono();
  const show = (node: EdgeNode): WireNode =>
    wireNode(node, { dataPlane: transport.dataPlane(node.id), lastHeardMs: presence.lastHeardMs(node.id) });
  const find = (id: string): EdgeNode => {
    const node = store.node(id);
    if (node === undefined) throw new ApiFailure("NOT_FOUND", `there is no node ${id}`);
    return node;
  };

  routes.get("/", (context) =>
    context.json(
      page(
        context,
        store.nodes().filter((node) => node.connection !== "deleted"),
        show,
        {
          name: (node) => node.name,
          created_at: (node) => node.createdAtMs,
        },
      ),
    ),
  );
  routes.get("/-/stats", (context) => context.json({ connection_states: store.counts().nodes }));

  routes.post("/register", async (context) => {
    const request = await readBody(context, registration);
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
    return context.json(response, 201);
  });

  routes.get("/:id", (context) => context.json({ node: show(find(context.req.param("id"))) }));

  routes.delete("/:id", async (context) => {
    const { createdAtMs: _, updatedAtMs: __, revision: ___, ...node } = find(context.req.param("id"));
    const { force, reason } = await readBody(context, deletion);
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
    return context.json({ node: show(deleted) });
  });
  return routes;
}
