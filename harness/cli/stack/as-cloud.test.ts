import { describe, expect, it } from "vitest";
import { cloudLines } from "./as-cloud.ts";

const PACE = { timing: "fast", set: ["reevaluationBatch=2s", "lostTimeout=1h"] };
const pathOf = (name: string) => `${process.cwd()}/${name}`;

describe("what can be done with a cloud", () => {
  it.each([".env", "./.env", pathOf(".env")])(
    "at its pace, where what is called reads %s by itself",
    (path) => {
      expect(cloudLines(path, PACE).slice(1)).toEqual([
        "  pnpm repro --system cloud --timing fast --set reevaluationBatch=2s lostTimeout=1h",
        "  docker compose up -d",
      ]);
    },
  );

  it("with another file: it is read first, whatever it is called and wherever it is typed", () => {
    expect(cloudLines("my cloud.env", { timing: "default", set: [] }).slice(1)).toEqual([
      `  set -a; . '${pathOf("my cloud.env")}'; set +a; pnpm repro --system cloud --timing default`,
      `  set -a; . '${pathOf("my cloud.env")}'; set +a; docker compose up -d`,
    ]);
  });
});
