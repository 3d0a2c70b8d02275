import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { consult } from "../../harness/doctor/doctor.ts";
import { FAULTS } from "../../harness/doctor/engine/known-faults.ts";
import { ID_WIDTH } from "../../harness/doctor/told.ts";
import { findEngine } from "../../harness/engines/docker/discovery.ts";
import { aHost } from "../../harness/test-kit/a-host.ts";
import { answering, aSoundEngine, listen } from "../../harness/test-kit/an-engine.ts";

const page = readFileSync(fileURLToPath(new URL("../../docs/doctor.md", import.meta.url)), "utf8");

it("docs/doctor.md has every check, in the order in which they are told", async () => {
  await using listening = await listen(answering(aSoundEngine()));
  const look = () => findEngine({ env: { DOCKER_HOST: listening.address } });
  const ports = { host: aHost(), findEngine: look, images: [] };
  const findings = await consult(ports, { engine: "auto", limitMs: 10_000 });
  const ids = findings.map(({ id }) => id);
  expect(rowsUnder("check").filter((id) => id !== "engine-info")).toEqual(ids);
});

it("no check has a name that is too long for the column it is told in", () => {
  expect(rowsUnder("check").filter((id) => id.length >= ID_WIDTH)).toEqual([]);
});

it("docs/doctor.md has every fault that engines are known for", () => {
  expect(rowsUnder("fault")).toEqual(FAULTS.map(({ id }) => id));
});

/** The word in backticks at the beginning of each row of the table with this head. */
function rowsUnder(head: string): readonly string[] {
  const table = new RegExp(`^\\| ${head} .*\\n\\|[ -|]*\\n(?<rows>(?:\\|.*\\n)*)`, "m").exec(page);
  return [...(table?.groups?.["rows"] ?? "").matchAll(/^\| `(?<id>[^`]+)`/gm)].map(
    ({ groups }) => groups?.["id"] ?? "",
  );
}
