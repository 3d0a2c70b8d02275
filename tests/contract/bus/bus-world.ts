import type { Bus } from "../../../controlplane/ports/bus.ts";
import type { ContractWorld } from "../contract.ts";
import type { Inbox } from "./inbox.ts";

/** A broker and its clients, real or simulated. Names are unique within a world. */
export interface BusWorld extends ContractWorld {
  readonly broker: Broker;
  /** Resolves once the client is connected. */
  connect(name: string): Promise<Bus>;
  /** A client whose way to the broker can be cut. */
  connectByLink(name: string): Promise<{ readonly bus: Bus; readonly link: Link }>;
  /** A client in a process of its own, which listens on one subject and answers requests with `answer`. */
  spawn(name: string, subject: string): Promise<Listener>;
}

export interface Broker {
  /** As SIGKILL. */
  kill(): Promise<void>;
  /** A new process at the same address. */
  start(): Promise<void>;
  /** As SIGSTOP and SIGCONT. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Resolves when its record says that this client is gone. */
  dropped(client: string): Promise<void>;
}

export interface Link {
  /** Nothing gets through, and neither end knows. */
  cut(): Promise<void>;
  /**
   * The connection is gone, and the client tries to make a new one, which does not get through. Resolves when
   * that try has begun.
   */
  lose(): Promise<void>;
  /** Everything gets through again. */
  heal(): Promise<void>;
}

export interface Listener {
  readonly inbox: Inbox;
  /** As SIGSTOP and SIGCONT. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** As SIGKILL; resolves when the broker has noticed. */
  kill(): Promise<void>;
}

/** What every spawned listener answers to a request. */
export const LISTENER_ANSWER = "heard";
