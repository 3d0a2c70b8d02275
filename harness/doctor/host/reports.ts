import { join } from "node:path";
import { asBytes, MB } from "../bytes.ts";
import { question, type Examination } from "../examination.ts";
import { broken, note, ok, type Judgement } from "../finding.ts";
import type { Host } from "../host.ts";

export interface ReportFolder {
  readonly path: string;
  readonly isWritable: boolean;
  readonly freeBytes: number | undefined;
}

export function reports(host: Host): Examination<ReportFolder> {
  return question({
    id: "reports",
    asks: "Can reports be written, and is there room for them?",
    why: "A run whose report cannot be written ends with exit code 3, on every engine.",
    mend: "--out DIR puts a report elsewhere",
    ask: async () => {
      const path = join(host.repository, ".repro");
      return { path, isWritable: host.isWritable(path), freeBytes: await host.freeBytes(path) };
    },
    judge: judgeReports,
  });
}

/** A report of one run took 5 MB at the most; a matrix on Docker leaves some hundred. */
const ONE_RUN = 20 * MB;
const MANY_RUNS = 500 * MB;

export function judgeReports({ path, isWritable, freeBytes }: ReportFolder): Judgement {
  if (!isWritable) return broken(`${path} cannot be written`, `chown -R "$USER" ${path}, or: --out DIR`);
  if (freeBytes === undefined) return note(`${path} can be written; nobody says how much is free there`);
  const seen = `${asBytes(freeBytes)} free for ${path}`;
  const mend = `rm -r ${path} (every report), or: --out DIR`;
  if (freeBytes < ONE_RUN) return broken(`${seen}, less than one report may take`, mend);
  if (freeBytes < MANY_RUNS) return note(`${seen}, little for a matrix on Docker`, mend);
  return ok(seen);
}
