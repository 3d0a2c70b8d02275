/** Who follows the walkthrough: reads what is told, and answers when asked. */
export interface Person {
  /** Columns of what they read on. */
  readonly width: number;
  /** A line; broken where it is too long, and indented by `hang` where it goes on. */
  readonly tell: (line: string, hang?: number) => void;
  /** What goes on just now, replaced by what comes next; shown in a terminal only. */
  readonly showProgress: (text: string) => void;
  /**
   * `hint` is told before the question. Resolves with the answer in lower case; empty for Enter, and for somebody who is never asked. `undefined`: there
   * is nobody any more (end of input).
   * @throws the signal's reason when interrupted meanwhile.
   */
  readonly ask: (question: string, hint?: string) => Promise<string | undefined>;
}

/** The person has had enough, in the middle of a run. */
export class Left extends Error {
  override readonly name = "Left";
  constructor() {
    super("the walkthrough was left");
  }
}

/** The person wants to be before this step again. */
export class WentBack extends Error {
  override readonly name = "WentBack";
  readonly step: number;
  constructor(step: number) {
    super(`back to step ${step}`);
    this.step = step;
  }
}
