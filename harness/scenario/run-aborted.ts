/** The run cannot tell: a fault did not bite, a premise slipped, something never came. Its verdict is `unknown`. */
export class RunAborted extends Error {
  override readonly name = "RunAborted";
}
