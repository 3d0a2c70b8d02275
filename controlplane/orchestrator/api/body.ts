import type { z } from "zod";
import { ApiFailure } from "./failures.ts";

/** A larger request is refused before it is read as JSON. */
const LARGEST_BODY = 1024 * 1024;

/** Reads a JSON body of the given shape. @throws ApiFailure (400) naming the place of what does not fit. */
export function readBody<T>(text: string, shape: z.ZodType<T>): T {
  if (text.length > LARGEST_BODY) {
    throw new ApiFailure(
      "INVALID",
      `the request has ${text.length} characters, at most ${LARGEST_BODY} are read`,
    );
  }
  let json: unknown;
  try {
    json = text.trim() === "" ? {} : JSON.parse(text);
  } catch (error) {
    throw new ApiFailure(
      "INVALID",
      `the request is not JSON: ${error instanceof Error ? error.message : ""}`,
    );
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => ({
    path: issue.path.join("."),
    message: issue.message,
  }));
  const first = problems[0];
  throw new ApiFailure("INVALID", `${first?.path || "body"}: ${first?.message ?? "does not fit"}`, problems);
}
