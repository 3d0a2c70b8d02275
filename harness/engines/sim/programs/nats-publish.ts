import { connectSimBus } from "../network/nats-client.ts";
import { addressOf } from "./ports.ts";
import type { Command } from "./program.ts";

/** `nats-publish URL SUBJECT < PAYLOAD`, as `harness/tools/nats-publish.ts` does it in the images. */
export const natsPublishCommand: Command = async (world, argv, stdin) => {
  const [, url = "", subject = ""] = argv;
  const bus = await connectSimBus(world, { ...addressOf(url), name: "nats-publish" });
  bus.publish(subject, stdin);
  await bus.flush();
  await bus.close();
  return { exitCode: 0, stdout: "", stderr: "" };
};
