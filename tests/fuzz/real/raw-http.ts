import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/** Longer than the slowest machine takes; whoever has not answered by then does not. */
const LIMIT_MS = 60_000;

/** Says these bytes on a connection of their own, and hears all answers until the other side hangs up. */
export async function speakHttp(
  at: { readonly host: string; readonly port: number },
  bytes: Buffer,
): Promise<readonly RawAnswer[]> {
  const heard: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    const socket = connect(at.port, at.host, () => socket.end(bytes));
    socket.setTimeout(LIMIT_MS, () => {
      socket.destroy(new Error(`${at.host}:${at.port} said nothing for ${LIMIT_MS} ms`));
    });
    socket.on("data", (part) => heard.push(part));
    socket.on("close", () => resolve());
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // It may hang up before it has heard everything, with an answer or without.
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
    });
  });
  return answersIn(Buffer.concat(heard), bytes.subarray(0, 5).toString() === "HEAD ");
}

/** An answer to HEAD tells the length of a body that does not come; one to what was not even read as HEAD has its body. */
function answersIn(heard: Buffer, isForHead: boolean): readonly RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = heard;
  while (rest.length > 0) {
    const end = rest.indexOf("\r\n\r\n");
    const head = rest.subarray(0, end).toString("latin1");
    const status = /^HTTP\/1\.1 (?<status>\d{3}) /.exec(head)?.groups?.["status"];
    if (end < 0 || status === undefined)
      throw new Error(`no answer in HTTP: ${rest.toString("latin1", 0, 200)}`);
    const follows = rest.subarray(end + 4);
    const isEmpty = isForHead && (follows.length === 0 || follows.subarray(0, 5).toString() === "HTTP/");
    const length = isEmpty
      ? 0
      : Number(/^content-length: (?<length>\d+)$/im.exec(head)?.groups?.["length"] ?? 0);
    const body = follows.subarray(0, length).toString();
    // `100 Continue` is no answer yet.
    if (status !== "100") answers.push({ status: Number(status), body });
    rest = follows.subarray(length);
  }
  return answers;
}
