import { readFileSync } from "node:fs";
import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { UsageError } from "../errors.ts";
import { nearest } from "../text/nearest.ts";
import { parseDuration, writeDuration } from "./duration.ts";
import { KNOBS, PROFILES, recoveryWindowMs, type Knob, type Timing, type TimingProfile } from "./profile.ts";

/**
 * A profile by name, or from a YAML file of `knob: duration` lines; what a file leaves out is as in
 * `default`.
 * @throws UsageError naming the place and what is accepted.
 */
export function loadTimingProfile(nameOrFile: string, settings: readonly string[] = []): TimingProfile {
  const profile = findProfile(nameOrFile);
  const set = settings.map(parseKnobSetting);
  const timing: Timing = { ...profile.timing, ...Object.fromEntries(set) };
  const windowMs = recoveryWindowMs(timing);
  if (windowMs >= timing.lostTimeout) {
    throw new UsageError(
      `--timing ${nameOrFile}: lostTimeout is ${writeDuration(timing.lostTimeout)}, accepted is more than ` +
        `W = ${writeDuration(windowMs)}: nodes would be given up before a claim can be judged`,
    );
  }
  if (timing.disconnectTimeout <= timing.heartbeat) {
    throw new UsageError(
      `--timing ${nameOrFile}: disconnectTimeout is ${writeDuration(timing.disconnectTimeout)}, accepted is more ` +
        `than heartbeat = ${writeDuration(timing.heartbeat)}: nodes that are well would come and go`,
    );
  }
  const changed = set.map(([name, ms]) => `${name}=${writeDuration(ms)}`);
  return { name: [profile.name, ...changed].join(" "), timing };
}

function findProfile(nameOrFile: string): TimingProfile {
  const names = Object.keys(PROFILES);
  const known = names.includes(nameOrFile) ? PROFILES[nameOrFile] : undefined;
  if (known !== undefined) return known;
  // Anything that could be a path is one; the rest is a misspelt name.
  if (!/[./\\]/.test(nameOrFile)) {
    throw new UsageError(
      `--timing: there is no profile "${nameOrFile}"${nearest(nameOrFile, names)}; accepted are ${names.join(", ")} or a file`,
    );
  }
  return { name: nameOrFile, timing: readTimingFile(nameOrFile, read(nameOrFile)) };
}

/** Reads the text of a timing file; `file` is for messages. @throws UsageError */
export function readTimingFile(file: string, text: string): Timing {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const broken = document.errors[0];
  if (broken !== undefined) throw new UsageError(`${place(broken.pos[0])}: ${broken.message}`);
  if (!isMap(document.contents))
    throw new UsageError(`${file}:1:1: lines like \`heartbeat: 1s\` are expected`);
  const timing: Record<Knob, number> = { ...defaultTiming() };
  for (const { key, value } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const at = place(isScalar(key) && key.range ? key.range[0] : 0);
    const given = isScalar(value) ? String(value.value) : "";
    timing[knob(name, at)] = knobValue(given, at);
  }
  return timing;
}

/** A `KNOB=VALUE` from the command line. @throws UsageError */
function parseKnobSetting(text: string): readonly [Knob, number] {
  const split = text.indexOf("=");
  if (split === -1)
    throw new UsageError(
      `--set: got "${text}", accepted is KNOB=VALUE, for example reevaluationBatch=1s; what is none stands before --set`,
    );
  return [
    knob(text.slice(0, split), "--set"),
    knobValue(text.slice(split + 1), `--set ${text.slice(0, split)}`),
  ];
}

function knob(name: string, at: string): Knob {
  const found = KNOBS.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `${at}: there is no knob "${name}"${nearest(name, KNOBS)}; accepted are ${KNOBS.join(", ")}`,
  );
}

function knobValue(text: string, at: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new UsageError(`${at}: got "${text}", accepted is a duration like 250ms, 1s, 5m or 1h`);
}

function defaultTiming(): Timing {
  const profile = PROFILES["default"];
  if (profile === undefined) throw new Error("there is always a default profile");
  return profile.timing;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--timing: cannot read ${file}: ${why}`, { cause });
  }
}
