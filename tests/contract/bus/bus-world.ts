import type { Bus } from "../../../controlplane/ports/bus.ts";
import type { ContractWorld } from "../contract.ts";
import type { Inbox } from "./inbox.ts";

/** A broker and its clients, real or simulated. Names are unique within a world. */
export interface BusWorld extends ContractWorld {
  readonly broker: Broker;
  /** Resolves once the client is connected. */
  readonly connect: (name: string) => Promise<Bus>;
  /** A client whose way to the broker can be cut. */
  readonly connectByLink: (name: string) => Promise<{ readonly bus: Bus; readonly link: Link }>;
  /** A client in a process of its own, which listens on one subject and answers requests with `answer`. */
  readonly spawn: (name: string, subject: string) => Promise<Listener>;
}

export interface Broker {
  /** As SIGKILL. */
  readonly kill: () => Promise<void>;
  /** A new process at the same address. */
  readonly start: () => Promise<void>;
  /** As SIGSTOP and SIGCONT. */
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  /** Resolves when its record says that this client is gone. */
  readonly dropped: (client: string) => Promise<void>;
}

export interface Link {
  /** Nothing gets through, and neither end knows. */
  readonly cut: () => Promise<void>;
  /**
   * The connection is gone, and the client tries to make a new one, which does not get through. Resolves when
   * that try has begun.
   */
  readonly lose: () => Promise<void>;
  /** Everything gets through again. */
  readonly heal: () => Promise<void>;
}

export interface Listener {
  readonly inbox: Inbox;
  /** As SIGSTOP and SIGCONT. */
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  /** As SIGKILL; resolves when the broker has noticed. */
  readonly kill: () => Promise<void>;
}

/** What every spawned listener answers to a request. */
export const LISTENER_ANSWER = "heard";
