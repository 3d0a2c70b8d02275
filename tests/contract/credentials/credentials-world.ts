import type { Bus } from "../../../controlplane/ports/bus.ts";
import type { BrokerCredentials, Credentials } from "../../../controlplane/ports/credentials.ts";
import type { BrokerLines } from "../bus/broker-lines.ts";
import type { ContractWorld } from "../contract.ts";

/** Credentials of one kind, and a broker that knows them. */
export interface CredentialsWorld extends ContractWorld {
  readonly credentials: Credentials;
  /** Of the cluster to which the broker belongs. */
  readonly secret: string;
  readonly connect: (
    name: string,
    shown?: { readonly credentials?: BrokerCredentials | undefined; readonly inboxPrefix?: string },
  ) => Promise<Bus>;
  /** The broker is there again, and belongs to another cluster. */
  readonly restartForAnotherCluster: (secret: string) => Promise<void>;
  /** What the broker prints. */
  readonly record: BrokerLines;
}
