import { consult } from "../doctor/doctor.ts";
import { realHost } from "../doctor/host.ts";
import { toldFindings } from "../doctor/told.ts";
import { findEngine } from "../engines/docker/discovery.ts";
import { REPOSITORY } from "./choose-engine.ts";
import { EXIT } from "./exit-code.ts";
import { oneOf } from "./options.ts";
import type { CommandWorld } from "./run-command.ts";
import { terminalWidth } from "./terminal-width.ts";

/** What commander hands over for `doctor`; every value still as it was typed. */
export interface DoctorFlags {
  readonly engine: string;
  readonly format: string;
  readonly verbose?: boolean;
}

/** How long one question may take: a busy engine answers within seconds, one that hangs never does. */
const LIMIT_MS = 10_000;

/** `repro doctor`: what is missing, why it matters, and the command that mends it. Changes nothing. */
export async function doctorCommand(flags: DoctorFlags, { system, out }: CommandWorld): Promise<number> {
  const engine = oneOf("--engine", flags.engine, ["auto", "docker", "sim"]);
  const format = oneOf("--format", flags.format, ["text", "json"]);
  const ports = { host: realHost(REPOSITORY), findEngine: () => findEngine(), images: system.images };
  const findings = await consult(ports, { engine, limitMs: LIMIT_MS });
  const broken = findings.filter(({ verdict }) => verdict === "broken").length;
  if (format === "json") out(JSON.stringify({ findings, broken }, null, 2));
  else {
    const options = { width: terminalWidth(), isVerbose: flags.verbose === true };
    for (const line of toldFindings(findings, options)) out(line);
  }
  return broken === 0 ? EXIT.asExpected : EXIT.environment;
}
