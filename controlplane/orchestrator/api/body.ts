import type { z } from "zod";
import { formatPath } from "../../job-spec/index.ts";
import { shorten } from "../../pipeline/config-reader.ts";
import { MOST_PROBLEMS } from "../../pipeline/problem.ts";
import { LARGEST_BODY, tooLargeBody } from "../../protocol/http.ts";
import { ApiFailure } from "./failures.ts";

/** Reads a JSON body of the given shape. @throws ApiFailure naming the place of what does not fit. */
export function readBody<T>(text: string, shape: z.ZodType<T>): T {
  if (text.length > LARGEST_BODY) {
    const { code, message } = tooLargeBody();
    throw new ApiFailure(code, message);
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
  const problems = parsed.error.issues.slice(0, MOST_PROBLEMS).map((issue) => ({
    path: formatPath(issue.path.map((step) => (typeof step === "number" ? step : String(step)))),
    message: shorten(issue.message, 500),
  }));
  const first = problems[0];
  throw new ApiFailure("INVALID", `${first?.path || "body"}: ${first?.message ?? "does not fit"}`, problems);
}
