import type { ClusterKey, Credentials } from "../ports/credentials.ts";
import type { BrokerCredentials } from "../ports/credentials.ts";
import type { Disk } from "../ports/disk.ts";
import { ALL_SUBJECTS } from "../protocol/subjects.ts";

/** In the folder for whoever may be on the orchestrator's own machine. */
export const API_KEY_FILE = "api-key";
export const CREDS_FILE = "nats.creds";

/** What the orchestrator itself shows to the message broker: new at every start. */
export function ownCredentials(credentials: Credentials, cluster: ClusterKey): BrokerCredentials {
  const { publicKey, seed } = credentials.createKey();
  return {
    seed,
    jwt: cluster.admit({ publicKey, name: "expanso-orchestrator", permissions: ALL_SUBJECTS }),
  };
}

/** So that `expanso-cli`, and tools of NATS, work on the orchestrator's machine without ceremony. */
export function grantLocalAccess(
  folder: Disk,
  access: { readonly apiKey: string; readonly credentials: BrokerCredentials },
): void {
  folder.write(API_KEY_FILE, access.apiKey);
  folder.write(CREDS_FILE, credsText(access.credentials));
}

/** As `nats --creds` reads it. */
function credsText({ jwt, seed }: BrokerCredentials): string {
  return [
    "-----BEGIN NATS USER JWT-----",
    jwt,
    "------END NATS USER JWT------",
    "",
    "-----BEGIN USER NKEY SEED-----",
    seed,
    "------END USER NKEY SEED------",
    "",
  ].join("\n");
}
