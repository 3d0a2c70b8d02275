import type { EngineAbout } from "../../engines/docker/about.ts";
import type { Check } from "../examination.ts";
import { note, ok, type Judgement } from "../finding.ts";
import { compareVersions } from "./version.ts";

/** Something that engines get wrong, and that a run lives with. */
export interface KnownFault {
  readonly id: string;
  /** What one sees of it. */
  readonly sees: string;
  readonly weDo: string;
  /** The newest version that is known for it; missing where it is not the version that decides. */
  readonly upTo?: string;
  /** The version of cgroups that brings it about. */
  readonly cgroupVersion?: string;
}

/** What has been met, on 20.10.24, and what is done about it. */
export const FAULTS: readonly KnownFault[] = [
  {
    id: "stale-endpoint",
    upTo: "20.10",
    sees: "the address or name of a container that is gone stays taken on its network",
    weDo: "freed by force, else the machine gets another address, with a warning",
  },
  {
    id: "stuck-network",
    upTo: "20.10",
    sees: "a network whose containers were removed all at once may not be removable any more",
    weDo: "those of a run go one after the other; where it happens all the same it is told, and only a restart of the engine removes it",
  },
  {
    id: "late-exit-code",
    upTo: "20.10",
    sees: "the output of a command ends before its exit code is known",
    weDo: "the exit code is read from the engine's events",
  },
  {
    id: "lock-out",
    upTo: "20.10.26",
    sees: "the engine locks itself out when containers of a network end at once, and answers nothing about them any more",
    weDo: "those of a run go one after the other; an engine that has locked itself out is given up after a minute (exit 3): restart it",
  },
  {
    id: "freeze",
    cgroupVersion: "1",
    sees: "a pause fails on a busy machine (unable to freeze)",
    weDo: "asked for again, three times in all",
  },
];

/** The newest engine that the table was made with. */
const TRIED = "20.10";

export const KNOWN_FAULTS: Check<{ readonly about: EngineAbout }> = {
  id: "known-faults",
  asks: "Which faults is an engine like this known for?",
  why: "A run works around them; but one of them may explain a warning, or something that is left behind.",
  judge: judgeKnownFaults,
};

export function faultsOf({ version, cgroupVersion }: EngineAbout): readonly KnownFault[] {
  return FAULTS.filter(
    (fault) =>
      (fault.upTo === undefined || compareVersions(version, fault.upTo) <= 0) &&
      (fault.cgroupVersion === undefined || fault.cgroupVersion === cgroupVersion),
  );
}

function judgeKnownFaults({ about }: { readonly about: EngineAbout }): Judgement {
  const faults = faultsOf(about);
  if (faults.length === 0) {
    const isNewer = compareVersions(about.version, TRIED) > 0;
    return ok(isNewer ? `none; it is newer than what was looked into, ${TRIED}` : "none");
  }
  return {
    ...note(`${faults.map(({ id }) => id).join(", ")}: all allowed for (--verbose, or docs/doctor.md)`),
    details: faults.map(({ id, sees, weDo }) => `${id}: ${sees}; ${weDo}`),
  };
}
