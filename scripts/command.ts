import { Command, InvalidArgumentError, Option } from "commander";
import { EXIT } from "../harness/cli/exit-code.ts";

/** A tool of this repository: `--help` says what it does; what it does not know ends it before it begins (64). */
export function toolCommand(name: string, what: string): Command {
  return new Command(name)
    .description(what)
    .helpOption("-h, --help", "show this")
    .showHelpAfterError("(see --help)")
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.asExpected : EXIT.usage));
}

/** `--seeds 100`; none at all is refused unless `atLeast` is 0: a measurement of nothing passes whatever is wrong. */
export function numberOption(flags: string, what: string, byDefault: number, atLeast = 1): Option {
  return new Option(flags, what).default(byDefault).argParser((text: string) => wholeNumber(text, atLeast));
}

export function wholeNumber(text: string, atLeast = 1): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= atLeast) return number;
  throw new InvalidArgumentError(`Accepted is a whole number from ${atLeast} on.`);
}
