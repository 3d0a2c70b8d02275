import { z } from "zod";

/** Larger than any refusal that somebody would read. */
const LARGEST_REFUSAL = 64 * 1024;

/** What the contract promises of every answer that is not a success. */
const refusal = z.object({
  code: z.enum([
    "INVALID",
    "TOO_LARGE",
    "UNAUTHORIZED",
    "TOKEN_MISSING",
    "TOKEN_UNKNOWN",
    "TOKEN_EXPIRED",
    "TOKEN_OF_ANOTHER_CLUSTER",
    "NOT_FOUND",
    "NAME_TAKEN",
    "NO_CHANGES_DETECTED",
    "CONFLICT",
  ]),
  message: z.string().min(1),
  problems: z
    .array(z.object({ path: z.string(), message: z.string().min(1) }))
    .min(1)
    .optional(),
});

/** What is wrong with an answer of the API, in words; undefined if nothing is. */
export function objectionTo({
  status,
  body,
}: {
  readonly status: number;
  readonly body: string;
}): string | undefined {
  if (status >= 500 || status < 200 || (status >= 300 && status < 400)) return `status ${status}`;
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return `status ${status} without JSON`;
  }
  if (status < 300) return undefined;
  if (body.length > LARGEST_REFUSAL) return `a refusal of ${body.length} characters`;
  const read = refusal.safeParse(json);
  if (!read.success) return `not the contract's error: ${read.error.issues[0]?.path.join(".")}`;
  const { message, problems } = read.data;
  const first = problems?.[0];
  // A list of places, and a message that names none of them, would help nobody.
  return first !== undefined &&
    !message.startsWith(`${first.path || "body"}: `) &&
    !message.startsWith("spec: ")
    ? "the message does not begin with the first place"
    : undefined;
}

interface JobFileReading {
  readonly ok: boolean;
  readonly problems?: readonly { readonly line: number; readonly column: number; readonly message: string }[];
}

/** What is wrong with how a job file was read. */
export function objectionToReading(
  text: string,
  reading: JobFileReading,
  took: { readonly cpuMs: number; readonly limitMs: number },
): string | undefined {
  if (took.cpuMs > took.limitMs) return `read in ${Math.round(took.cpuMs)} ms`;
  if (reading.ok) return undefined;
  const problems = reading.problems ?? [];
  if (problems.length === 0) return "refused without a problem";
  const lines = text.split("\n");
  for (const { line, column, message } of problems) {
    if (message === "") return "a problem without words";
    // Behind the last character is where something that is missing should be.
    const length = Array.from(lines[line - 1] ?? "").length;
    const isInside = line >= 1 && line <= lines.length && column >= 1 && column <= length + 1;
    if (!isInside) return `the place ${line}:${column} is not in the file`;
  }
  return undefined;
}
