import { EXIT, errorLines } from "./exit-code.ts";

/**
 * An error that nobody waited for is a defect of the harness: it must not end the process with Node's own exit
 * code 1, which here says that a verdict was not as expected. What was started is removed by the next run.
 * `exitCode` says what the code of a defect is for whoever asked.
 */
export function onDefect(tell: (line: string) => void, exitCode: (code: number) => number): void {
  const end = (error: unknown): never => {
    for (const line of errorLines(error)) tell(line);
    tell("  what had been started is left, the next run removes it, as does: repro clean");
    process.exit(exitCode(EXIT.defect));
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
}
