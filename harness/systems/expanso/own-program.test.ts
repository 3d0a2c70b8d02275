import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { makeSecrets, runOwnProgram } from "./own-program.ts";

it("makes the secrets of a new cluster", async () => {
  expect(await makeSecrets()).toHaveProperty("bootstrap_token");
});

it("tells how it ended, and what it said", async () => {
  const { code, stderr } = await runOwnProgram("cli", ["job", "validate", "-", "--offline"], "name: [");
  expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringContaining("1:") });
});

it("is not ended by a Ctrl-C, which a terminal sends to a whole group", async () => {
  const source = `
    import { makeSecrets } from ${JSON.stringify(fileURLToPath(new URL("own-program.ts", import.meta.url)))};
    process.on("SIGINT", () => {});
    const made = makeSecrets();
    process.kill(0, "SIGINT");
    console.log(Object.keys(await made).includes("bootstrap_token"));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    // A group of its own, as in a terminal.
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  const exitCode = await new Promise((resolve) => void child.on("close", resolve));
  expect({ exitCode, said }).toEqual({ exitCode: 0, said: "true\n" });
});
