import { EXIT, errorLines } from "./exit-code.ts";

/**
 * An error that nobody waited for is a defect of the harness: it must not end the process with Node's own exit
 * code 1, which here says that a verdict was not as expected. What was started is removed by the next run.
 */
export function onDefect(tell: (line: string) => void): void {
  const end = (error: unknown): never => {
    for (const line of errorLines(error)) tell(line);
    process.exit(EXIT.defect);
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
}
