import type { Proof } from "../programs/credentials.ts";

/**
 * What NATS clients and server say to each other, as far as the control plane uses it. One message here is
 * one line (with its payload) of the real protocol.
 */
export type ClientMessage =
  | { readonly op: "connect"; readonly name: string; readonly proof?: Proof | undefined }
  | {
      readonly op: "sub";
      readonly sid: number;
      readonly subject: string;
      readonly queue?: string | undefined;
    }
  | { readonly op: "unsub"; readonly sid: number }
  | {
      readonly op: "pub";
      readonly subject: string;
      readonly reply?: string | undefined;
      readonly payload: string;
    }
  | { readonly op: "ping" };

export type ServerMessage =
  | {
      readonly op: "msg";
      readonly sid: number;
      readonly subject: string;
      readonly reply?: string | undefined;
      readonly payload: string;
    }
  /** Status 503 on the reply subject of a request: nobody subscribes. */
  | { readonly op: "no-responders"; readonly sid: number; readonly subject: string }
  /** `-ERR`: this client is not let in. */
  | { readonly op: "refused" }
  /** `-ERR`: it is in, but may not use this subject. */
  | { readonly op: "forbidden"; readonly subject: string }
  | { readonly op: "pong" };

/** Whether a subject fits a subscription: `*` stands for one token, `>` for one or more at the end. */
export function matchesSubject(pattern: string, subject: string): boolean {
  if (pattern === subject) return true;
  if (!pattern.includes("*") && !pattern.includes(">")) return false;
  const wanted = pattern.split(".");
  const given = subject.split(".");
  for (let index = 0; index < wanted.length; index += 1) {
    const token = wanted[index];
    if (token === ">") return given.length > index;
    if (given[index] === undefined || (token !== "*" && token !== given[index])) return false;
  }
  return wanted.length === given.length;
}
