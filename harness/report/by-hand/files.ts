import { issueText } from "./issue.ts";
import type { RunRecord } from "./record.ts";
import { reproScript } from "./script.ts";

/**
 * What a run leaves for people, by file name: `repro.sh`, where its system can be used by hand, and `issue.md`. All
 * that leaves the machine in somebody's issue comes through here.
 */
export function byHandFiles(record: RunRecord): Readonly<Record<string, string>> {
  const { byHand } = record.system;
  return {
    ...(byHand === undefined ? {} : { "repro.sh": reproScript(record, byHand) }),
    "issue.md": issueText(record),
  };
}
