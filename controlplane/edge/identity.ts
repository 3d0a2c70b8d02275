import { z } from "zod";
import type { Clock } from "../ports/clock.ts";
import type { Disk } from "../ports/disk.ts";
import type { Host } from "../ports/host.ts";
import type { HttpClient } from "../ports/http.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { VERSION } from "../model/version.ts";
import { API_PREFIX, type WireRegisterRequest } from "../protocol/http.ts";
import type { EdgeSettings } from "./settings.ts";

/** Who this edge is; what a wiped disk has to keep for it to return under the same id. */
export const IDENTITY_FILE = "identity.json";

const RETRY_MS = 250;
const identityShape = z.object({ node_id: z.uuid() });
const registered = z.object({ node_id: z.uuid() });

export interface IdentityPorts {
  readonly disk: Disk;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly host: Host;
  readonly log: Log;
}

/**
 * The id in the data directory, or a new one: from the orchestrator if it can be asked, else of the edge's
 * own making. Asks until it is answered, since an edge may well be up before its orchestrator.
 * @throws IdentityError if the file is unreadable or the orchestrator refuses the token.
 */
export async function loadIdentity(ports: IdentityPorts, settings: EdgeSettings): Promise<string> {
  const { disk, random, log } = ports;
  const text = disk.read(IDENTITY_FILE);
  if (text !== undefined) return readIdentity(text);
  const nodeId =
    settings.bootstrapUrl === undefined
      ? random.uuid()
      : await register(ports, settings, settings.bootstrapUrl);
  disk.write(IDENTITY_FILE, JSON.stringify({ node_id: nodeId }));
  disk.sync();
  log.info("EDGE: New identity", { node_id: nodeId, node_name: settings.name });
  return nodeId;
}

/** The orchestrator refuses this edge, or its identity file is not what an edge writes. */
export class IdentityError extends Error {
  override readonly name = "IdentityError";
}

function readIdentity(text: string): string {
  try {
    return identityShape.parse(JSON.parse(text)).node_id;
  } catch (cause) {
    throw new IdentityError(
      `${IDENTITY_FILE} in the data directory is damaged; remove it to get a new identity, or restore it`,
      { cause },
    );
  }
}

async function register(ports: IdentityPorts, settings: EdgeSettings, baseUrl: string): Promise<string> {
  const { http, host, clock, log } = ports;
  const request: WireRegisterRequest = {
    token: settings.bootstrapToken ?? "",
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
      if (response.status === 201) return registered.parse(JSON.parse(response.body)).node_id;
      if (response.status === 401) {
        throw new IdentityError(`${url} refuses the bootstrap token; set EXPANSO_EDGE_BOOTSTRAP_TOKEN`);
      }
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
