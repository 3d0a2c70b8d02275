import { createApi } from "../orchestrator/api/api.ts";
import { DEFAULT_SETTINGS, type OrchestratorSettings } from "../orchestrator/settings.ts";
import { createTransport } from "../orchestrator/transport/transport.ts";
import { aStore, type TestStore } from "./a-store.ts";
import { aClusterKey } from "./a-cluster-key.ts";
import { createCountingRandom } from "./counting-random.ts";
import { createMemoryBroker } from "./memory-bus.ts";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The HTTP API on the orchestrator's own store and transport; nothing else of the orchestrator runs. */
export function anApi(
  settings: Partial<OrchestratorSettings> = {},
  lastHeard: Readonly<Record<string, number>> = {},
): TestStore & {
  readonly transport: ReturnType<typeof createTransport>;
  /** Path below `/api/v1`; an object is sent as JSON, a text as it is. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    headers?: { readonly authorization?: string },
  ) => Promise<Answer>;
} {
  const world = aStore();
  const { store, clock, log } = world;
  const bus = createMemoryBroker(clock).connect();
  const transport = createTransport({ bus, clock, log }, { dataPlaneSetupMs: 250 });
  const api = createApi(
    {
      clock,
      random: createCountingRandom(),
      cluster: aClusterKey(),
      store,
      transport,
      presence: { lastHeardMs: (nodeId) => lastHeard[nodeId] },
      log,
    },
    { ...DEFAULT_SETTINGS, ...settings, recovery: "none" },
  );
  return {
    ...world,
    transport,
    call: async (method, path, body, headers = {}) => {
      const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
      const { authorization } = headers;
      const answer = await api({ method, target: `/api/v1${path}`, authorization, body: text ?? "" });
      return { status: answer.status, body: JSON.parse(answer.body) };
    },
  };
}
