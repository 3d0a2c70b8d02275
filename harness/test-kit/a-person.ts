import type { Person } from "../walkthrough/person.ts";
import { wrap } from "../walkthrough/wrap.ts";

/** Somebody who answers what they are told to, Enter after that, and remembers what they have read. */
export function aPerson(answers: readonly (string | undefined)[] = [], width = 80) {
  const read: string[] = [];
  const asked: string[] = [];
  let next = 0;
  const person: Person = {
    width,
    tell: (line, hang) => void read.push(...wrap(line, width, hang)),
    showProgress: () => {},
    ask: (question) => {
      asked.push(question);
      next += 1;
      return Promise.resolve(next <= answers.length ? answers[next - 1] : "");
    },
  };
  return { ...person, read, asked };
}
