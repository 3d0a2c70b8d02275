/**
 * Who may import whom (docs/architecture.md). Arrows point from what acts to what is decided, and from the
 * harness to the system it watches, never back.
 */
const TESTS = "\\.test\\.ts$";
const PARTS =
  "store|event-log|evaluation-broker|scheduler|planner|dispatcher|transport|node-manager|status-handler|re-evaluator|recovery|inventory|housekeeping|api";

/** Files under `from` may import only what matches one of `to`. */
function only(name, from, to, comment) {
  return {
    name,
    comment,
    severity: "error",
    from: { path: from, pathNot: TESTS },
    to: { pathNot: to },
  };
}

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    only("model", "^controlplane/model/", ["^controlplane/model/"], "The model knows nothing but itself."),
    only("ports", "^controlplane/ports/", ["^controlplane/(ports|model)/"]),
    only("protocol", "^controlplane/protocol/", ["^controlplane/(protocol|model)/", "/zod/"]),
    only("pipeline", "^controlplane/pipeline/", ["^controlplane/(pipeline|ports)/"]),
    only("job-spec", "^controlplane/job-spec/", ["^controlplane/(job-spec|model|pipeline)/", "/(zod|yaml)/"]),
    only("config", "^controlplane/config/", [
      "^controlplane/(config|pipeline|ports|model)/",
      "^controlplane/orchestrator/(settings|contracts)\\.ts$",
      "^controlplane/orchestrator/recovery/",
      "/(zod|yaml)/",
    ]),
    {
      name: "orchestrator-parts",
      comment: "A part never imports its sibling part: only orchestrator.ts wires them.",
      severity: "error",
      from: { path: `^controlplane/orchestrator/(${PARTS})/`, pathNot: TESTS },
      to: {
        pathNot: [
          "^controlplane/orchestrator/$1/",
          "^controlplane/orchestrator/(contracts|settings|log-fields)\\.ts$",
          "^controlplane/(model|ports|protocol|pipeline|job-spec)/",
        ],
        path: ["^controlplane/", "^harness/"],
      },
    },
    {
      name: "only-the-api-checks-jobs",
      severity: "error",
      from: { path: "^controlplane/orchestrator/(?!api/)", pathNot: TESTS },
      to: { path: "^controlplane/(pipeline|job-spec|edge|cli|adapters|bin|config)/" },
    },
    only("edge", "^controlplane/edge/", ["^controlplane/(edge|model|ports|protocol|pipeline)/", "/zod/"]),
    only("cli", "^controlplane/cli/", [
      "^controlplane/(cli|model|ports|protocol|pipeline|job-spec)/",
      "/(zod|yaml|commander)/",
    ]),
    {
      name: "no-outside-in-the-control-plane",
      comment: "Time, chance, files and sockets come in through ports; only adapters/ and bin/ touch them.",
      severity: "error",
      from: { path: "^controlplane/(?!adapters/|bin/)", pathNot: TESTS },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "control-plane-knows-no-harness",
      severity: "error",
      from: { path: "^controlplane/" },
      to: { path: "^(harness|scenarios|tests)/" },
    },
    {
      name: "harness-knows-no-control-plane",
      comment: "The harness treats the system as a black box; only the simulation runs its code.",
      severity: "error",
      from: { path: "^harness/(?!engines/sim/)" },
      to: { path: "^controlplane/" },
    },
    {
      name: "docker-stays-in-its-engine",
      severity: "error",
      from: { path: "^(?!harness/engines/docker/|tests/|bench/|scripts/)" },
      to: { path: "/(dockerode|execa)/" },
    },
    {
      name: "system-specific-knowledge-stays-in-its-folder",
      comment: "The core of the harness reaches a system through systems/system.ts.",
      severity: "error",
      from: { path: "^harness/(?!systems/|cli/|engines/sim/)", pathNot: TESTS },
      to: { path: "^harness/systems/(?!system\\.ts$)" },
    },
    {
      name: "checks-are-pure",
      severity: "error",
      from: { path: "^harness/(checks|timeline)/", pathNot: TESTS },
      to: { pathNot: ["^harness/(checks|timeline)/"], dependencyTypesNot: ["type-only"] },
    },
    only("scenarios", "^scenarios/", ["^harness/index\\.ts$", "^scenarios/"]),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(node_modules|\\.repro)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
    },
  },
};
