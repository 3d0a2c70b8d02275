import { z } from "zod";
import type { Disk } from "../ports/disk.ts";
import type { Log } from "../ports/log.ts";

/** What an edge remembers of one execution. */
export const executionRecord = z.object({
  execution_id: z.string().min(1),
  /** Unknown for a stop that came before its request. */
  job: z.object({ id: z.string(), name: z.string(), version: z.number() }).optional(),
  pipeline: z.unknown(),
  /** `accepted`: written down, not started yet. */
  state: z.enum(["accepted", "running", "completed", "failed", "stopped"]),
  message: z.string(),
});
export type ExecutionRecord = z.infer<typeof executionRecord>;

export interface ExecutionRecords {
  get(executionId: string): ExecutionRecord | undefined;
  all(): ExecutionRecord[];
  /** On disk when it returns. */
  put(record: ExecutionRecord): void;
}

const FOLDER = "executions";

/** One small file per execution, so that a restart of the edge finds what it had accepted. */
export function openExecutionRecords(disk: Disk, log: Log): ExecutionRecords {
  const records = new Map<string, ExecutionRecord>();
  for (const file of disk.list(FOLDER)) {
    const record = read(disk.read(`${FOLDER}/${file}`));
    if (record === undefined)
      log.error("EDGE: Damaged execution record ignored", { file: `${FOLDER}/${file}` });
    else records.set(record.execution_id, record);
  }
  return {
    get: (executionId) => records.get(executionId),
    all: () => [...records.values()],
    put: (record) => {
      disk.write(`${FOLDER}/${record.execution_id}.json`, JSON.stringify(record));
      disk.sync();
      // Not known before it is written down: nothing may run that a restart would forget.
      records.set(record.execution_id, record);
    },
  };
}

function read(text: string | undefined): ExecutionRecord | undefined {
  try {
    return executionRecord.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}
