import { CREDS_FILE } from "../../../../controlplane/orchestrator/local-access.ts";
import type { BrokerCredentials } from "../../../../controlplane/ports/credentials.ts";
import { connectSimBus } from "../network/nats-client.ts";
import { RUN_DIR } from "./orchestrator.ts";
import { addressOf } from "./ports.ts";
import type { Command } from "./program.ts";

/** `nats-publish URL SUBJECT < PAYLOAD`, as `harness/tools/nats-publish.ts` does it in the images. */
export const natsPublishCommand: Command = async (world, argv, stdin) => {
  const [, url = "", subject = ""] = argv;
  const credentials = readCreds(world.disk.read(`${RUN_DIR}/${CREDS_FILE}`));
  const bus = await connectSimBus(world, { ...addressOf(url), name: "nats-publish", credentials });
  bus.publish(subject, stdin);
  await bus.flush();
  await bus.close();
  return { exitCode: 0, stdout: "", stderr: "" };
};

/** What stands between the lines of dashes. */
function readCreds(text = ""): BrokerCredentials | undefined {
  const [jwt, seed] = text.split("\n").filter((line) => /^[^-\s]/.test(line));
  return jwt === undefined || seed === undefined ? undefined : { jwt, seed };
}
