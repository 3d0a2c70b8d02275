import { describe, expect, it } from "vitest";
import { createMemoryDisk } from "../test-kit/memory-disk.ts";
import { createRecordingLog } from "../test-kit/recording-log.ts";
import { openExecutionRecords, type ExecutionRecord } from "./execution-records.ts";

const RECORD: ExecutionRecord = {
  execution_id: "e-1",
  job: { id: "j1", name: "job-one", version: 2 },
  pipeline: { input: {} },
  state: "running",
  message: "the pipeline runs",
};

describe("a record", () => {
  it("is on disk when it was put, and found by whoever opens the folder next", () => {
    const disk = createMemoryDisk();
    const log = createRecordingLog();
    openExecutionRecords(disk, log).put(RECORD);
    expect([...disk.files.keys()]).toEqual(["executions/e-1.json"]);
    const reopened = openExecutionRecords(disk, log);
    expect(reopened.get("e-1")).toEqual(RECORD);
    expect(reopened.all()).toEqual([RECORD]);
    expect(reopened.get("e-2")).toBeUndefined();
  });

  it("is replaced by a newer one of the same execution", () => {
    const disk = createMemoryDisk();
    const records = openExecutionRecords(disk, createRecordingLog());
    records.put(RECORD);
    records.put({ ...RECORD, state: "completed" });
    expect(records.all().map(({ state }) => state)).toEqual(["completed"]);
    expect(disk.files.size).toBe(1);
  });

  it("is not known if the disk refused it: nothing may run that a restart would forget", () => {
    const disk = createMemoryDisk();
    const records = openExecutionRecords(
      {
        ...disk,
        write: () => {
          throw new Error("ENOSPC");
        },
      },
      createRecordingLog(),
    );
    expect(() => records.put(RECORD)).toThrow("ENOSPC");
    expect([records.get("e-1"), records.all()]).toEqual([undefined, []]);
  });

  it.each(["", "{", "{}", '{"execution_id":"e-2","state":"asleep","message":""}'])(
    "that is damaged (%s) is left out, and named",
    (text) => {
      const log = createRecordingLog();
      const disk = createMemoryDisk({
        "executions/e-1.json": JSON.stringify(RECORD),
        "executions/e-2.json": text,
      });
      expect(openExecutionRecords(disk, log).all()).toEqual([RECORD]);
      expect(log.lines).toEqual([
        {
          level: "error",
          message: "EDGE: Damaged execution record ignored",
          fields: { file: "executions/e-2.json" },
        },
      ]);
    },
  );
});
