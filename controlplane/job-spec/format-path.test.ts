import { expect, it } from "vitest";
import { formatPath } from "./format-path.ts";

it.each([
  [[], ""],
  [["config", "pipeline", "processors", 0, "mapping"], "config.pipeline.processors[0].mapping"],
  [["labels", "expanso.io/zone"], 'labels["expanso.io/zone"]'],
])("writes %j as %j", (path, text) => {
  expect(formatPath(path)).toBe(text);
});
