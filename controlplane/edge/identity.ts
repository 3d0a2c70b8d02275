import { z } from "zod";
import type { BrokerCredentials, Credentials } from "../ports/credentials.ts";
import type { Clock } from "../ports/clock.ts";
import type { Disk } from "../ports/disk.ts";
import type { Host } from "../ports/host.ts";
import type { HttpClient, HttpResponse } from "../ports/http.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { VERSION } from "../model/version.ts";
import { API_PREFIX, type WireError, type WireRegisterRequest } from "../protocol/http.ts";
import type { EdgeSettings } from "./settings.ts";

/** Who this edge is, and what proves it; what a wiped disk has to keep for it to return under the same id. */
export const IDENTITY_FILE = "identity.json";
/** In the data directory, for an edge that is told its token by nothing else. */
export const TOKEN_FILE = "bootstrap-token";

const RETRY_MS = 250;
const identityShape = z.object({
  node_id: z.uuid(),
  nats: z.object({ url: z.string(), jwt: z.string(), seed: z.string() }).optional(),
});
const registered = z.object({
  node_id: z.uuid(),
  nats: z.object({ url: z.string().min(1), jwt: z.string().min(1) }),
});

export interface IdentityPorts {
  readonly disk: Disk;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly credentials: Pick<Credentials, "createKey">;
  readonly host: Host;
  readonly log: Log;
}

export interface Identity {
  readonly nodeId: string;
  /** The message broker as the orchestrator told of it; none for an edge that gave itself its id. */
  readonly broker?: { readonly url: string; readonly credentials: BrokerCredentials } | undefined;
}

/**
 * The identity in the data directory, or a new one: from the orchestrator if it can be asked, else of the edge's
 * own making. Asks until it is answered, since an edge may well be up before its orchestrator.
 * @throws IdentityError if the file is unreadable or the orchestrator refuses the token.
 */
export async function loadIdentity(ports: IdentityPorts, settings: EdgeSettings): Promise<Identity> {
  const { disk, random, log } = ports;
  const text = disk.read(IDENTITY_FILE);
  if (text !== undefined) return asIdentity(readIdentity(text));
  const identity =
    settings.bootstrapUrl === undefined
      ? { node_id: random.uuid() }
      : await register(ports, settings, settings.bootstrapUrl);
  disk.write(IDENTITY_FILE, JSON.stringify(identity));
  disk.sync();
  log.info("EDGE: New identity", { node_id: identity.node_id, node_name: settings.name });
  return asIdentity(identity);
}

/** Request Timeout, Too Many Requests. */
const TRY_AGAIN = [408, 429];

/** The orchestrator refuses this edge, or its identity file is not what an edge writes. */
export class IdentityError extends Error {
  override readonly name = "IdentityError";
}

type IdentityFile = z.infer<typeof identityShape>;

function asIdentity({ node_id: nodeId, nats }: IdentityFile): Identity {
  if (nats === undefined) return { nodeId };
  const { url, ...credentials } = nats;
  return { nodeId, broker: { url, credentials } };
}

function readIdentity(text: string): IdentityFile {
  try {
    return identityShape.parse(JSON.parse(text));
  } catch (cause) {
    throw new IdentityError(
      `${IDENTITY_FILE} in the data directory is damaged; remove it to get a new identity, or restore it`,
      { cause },
    );
  }
}

async function register(
  ports: IdentityPorts,
  settings: EdgeSettings,
  baseUrl: string,
): Promise<IdentityFile> {
  const { credentials, disk, http, host, clock, log } = ports;
  const key = credentials.createKey();
  const request: WireRegisterRequest = {
    token: settings.bootstrapToken ?? disk.read(TOKEN_FILE)?.trim() ?? "",
    public_key: key.publicKey,
    name: settings.name,
    hostname: host.hostname,
    os: host.os,
    arch: host.arch,
    agent_version: VERSION,
    labels: settings.labels,
  };
  const url = `${baseUrl.replace(/\/+$/, "")}${API_PREFIX}/nodes/register`;
  for (let attempt = 1; ; attempt += 1) {
    let seen: string;
    try {
      const response = await http.request({
        method: "POST",
        url,
        body: JSON.stringify(request),
        timeoutMs: 5_000,
      });
      if (response.status === 201) {
        const { node_id, nats } = registered.parse(JSON.parse(response.body));
        return { node_id, nats: { ...nats, seed: key.seed } };
      }
      // What it does not take now it will not take later, unless it says that this was only not the moment.
      if (response.status >= 400 && response.status < 500 && !TRY_AGAIN.includes(response.status))
        throw new IdentityError(`${url}: ${refusal(response)}`);
      seen = `HTTP ${response.status}`;
    } catch (error) {
      if (error instanceof IdentityError) throw error;
      seen = error instanceof Error ? error.message : String(error);
    }
    // Said once, not four times a second.
    if (attempt === 1) log.info("EDGE: Waiting for the orchestrator to give out an identity", { url, seen });
    await new Promise<void>((resolve) => {
      clock.after(RETRY_MS, resolve);
    });
  }
}

/** In the orchestrator's own words, if that is who answers. */
function refusal({ status, body }: HttpResponse): string {
  try {
    const { message } = JSON.parse(body) as Partial<WireError>;
    if (typeof message === "string") return message.replaceAll(/\s+/g, " ");
  } catch {
    // Not an orchestrator.
  }
  return `HTTP ${status}: this is not the API of an orchestrator; is EXPANSO_EDGE_BOOTSTRAP_URL right?`;
}
