import { describe, expect, it } from "vitest";
import { createRouter, ok, type Route } from "./router.ts";

const ROUTES = [
  ["GET", "/jobs"],
  ["PUT", "/jobs/diff"],
  ["PUT", "/jobs/:id"],
  ["GET", "/jobs/:id"],
  ["GET", "/jobs/:id/versions"],
] as const;

const find = createRouter(
  ROUTES.map(([method, path]): Route => ({ method, path, answer: () => ok(undefined) })),
);

describe("a request", () => {
  it.each([
    ["GET", "/jobs", "/jobs", ""],
    ["PUT", "/jobs/diff", "/jobs/diff", ""],
    ["PUT", "/jobs/j1", "/jobs/:id", "j1"],
    ["GET", "/jobs/diff", "/jobs/:id", "diff"],
    ["GET", "/jobs/j1/versions", "/jobs/:id/versions", "j1"],
    ["GET", "/jobs/a%20b%2Fc", "/jobs/:id", "a b/c"],
    ["GET", "/jobs/100%", "/jobs/:id", "100%"],
  ])("%s %s goes to %s with %j", (method, path, route, id) => {
    const found = find(method, path);
    expect({ route: found?.route.path, method: found?.route.method, id: found?.id }).toEqual({
      route,
      method,
      id,
    });
  });

  it.each([
    ["POST", "/jobs"],
    ["GET", ""],
    ["GET", "/"],
    ["GET", "/job"],
    ["GET", "/jobs/"],
    ["GET", "/jobs//versions"],
    ["GET", "/jobs/j1/"],
    ["GET", "/jobs/j1/versions/1"],
    ["GET", "jobs"],
  ])("%s %j goes nowhere", (method, path) => {
    expect(find(method, path)).toBeUndefined();
  });
});
