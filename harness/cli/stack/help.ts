import type { LogPattern } from "../../logs/pattern.ts";
import type { FaultVerb } from "../../standing/faults.ts";
import { wrap } from "../../walkthrough/wrap.ts";

/** What `--help` adds for the stack by hand: what is to be expected, examples, exit codes. No line is wider. */
const WIDTH = 80;

export const UP_HELP = `
What is started stays until \`repro down\`, whatever becomes of this shell. Every
other shell and clone that reaches the same engine can go on with it, as all
there is to know is kept in the engine. A second \`up\` recreates what was killed,
starts what is stopped, thaws what is paused and heals what is cut off. A stack
of another shape is refused: remove it, or give the new one a --name. Ctrl-C
while it comes up removes it again.

The bug, by hand (the pace leaves five minutes from the kill to the deployment):
  pnpm repro up
  pnpm repro deploy test-job.yaml
  pnpm repro kill edges
  pnpm repro deploy new-job.yaml       dead edges are believed in: to nobody
  pnpm repro recreate edges
  pnpm repro cli execution list        pending, wanted running, for ever
  pnpm repro logs orchestrator --grep stuck-detected
  pnpm repro down

Exit codes: 0 it is up; 3 no engine, or it did not come up; 64 wrong usage, or
another shape; 130 Ctrl-C, removed again`;

/** What ends every command that goes on with a stack, whatever it does. */
const NO_STACK = "3 no engine, or no stack at all";
const WRONG = "64 wrong usage, or a name that none has";

function exitCodes(...codes: readonly string[]): string {
  return wrap(`Exit codes: ${codes.join("; ")}`, WIDTH).join("\n");
}

export const DEPLOY_HELP = `
The file is checked here first: what is wrong with it is told with its place,
and nothing is sent.

Examples:
  pnpm repro deploy test-job.yaml
  pnpm repro deploy test-job.yaml --force
  generate-a-job | pnpm repro deploy -

${exitCodes("0 deployed", "1 refused by the orchestrator", `${NO_STACK}, or nobody to ask`, `${WRONG}, or a bad file`)}`;

export const CLI_HELP = `
Options of expanso-cli come after its first word, or after --. Standard input is
handed on where a word is - (files are those inside the container).

Examples:
  pnpm repro cli node list
  pnpm repro cli execution list --format json
  pnpm repro cli --name mine -- --help
  pnpm repro cli job validate - < pipelines/test-job.yaml

${exitCodes("that of expanso-cli", `${NO_STACK}, or nobody to ask`, WRONG)}`;

export const PS_HELP = `
NODE and BELIEVED are what the orchestrator says, true or not. An edge that came
back under a new id has a row for each: the upper one is what it is now. In a
narrow terminal addresses and containers are left out. Runs that were kept
(--keep, or in the walkthrough) are shown as well, under the name of the run.

${exitCodes("0 shown, also where nothing stands", "3 no engine", WRONG)}`;

export const DOWN_HELP = `
Nothing else is touched; \`repro clean --all\` removes every stack. Without --name
it is the one called default. One that is called otherwise, though it is the
only one, or that was made on another host, may be somebody else's: in a
terminal you are asked, elsewhere --name or --yes has to say so.

Examples:
  pnpm repro down
  pnpm repro down --name mine

${exitCodes("0 removed", NO_STACK, WRONG)}`;

const FAULT_HELP: Readonly<Record<FaultVerb, string>> = {
  kill: "The log of a killed machine is gone with its container.",
  recreate:
    "An edge is waited for until the orchestrator has shaken hands with it, if that\n" +
    "is there. --identity new brings it back as another node, wiped under its id but\n" +
    "without what it knew.",
  cut: "NATS and the orchestrator do not notice before their time-outs.",
  heal: "",
  pause: "",
  resume: "",
  restart: "SIGTERM, and SIGKILL after 10 s.",
};

export function faultHelp(verb: FaultVerb): string {
  const about = FAULT_HELP[verb];
  return `
${about === "" ? "" : `${about}\n\n`}What was seen of it is printed: by the engine, and by the broker's record where
that can tell.

Examples:
  pnpm repro ${verb} edge1
  pnpm repro ${verb} edges${verb === "recreate" ? " --identity new" : ""}
  pnpm repro ${verb} orchestrator --name mine

${exitCodes("0 it bit", "2 it did not, or nobody saw it", NO_STACK, WRONG)}`;
}

export function logsHelp(patterns: readonly LogPattern[]): string {
  const width = Math.max(...patterns.map(({ name }) => name.length));
  const known = patterns.flatMap(({ name, means }) =>
    wrap(`  ${name.padEnd(width)}  ${means}`, WIDTH, width + 4),
  );
  return `
A line that is known is marked with * and highlighted; beneath the first of a
kind stands what it means.

Examples:
  pnpm repro logs --follow                          everything, as it comes
  pnpm repro logs orchestrator --since 1m
  pnpm repro logs --follow --grep stuck-detected    one known line
  pnpm repro logs --grep 'DISPATCH|PUBLISH'         a regular expression
  pnpm repro logs --grep '(?i:error)'               whatever its case

${exitCodes("0 shown, also where no line matches", NO_STACK, WRONG, "130 Ctrl-C")}

Known lines:
${known.join("\n")}`;
}
