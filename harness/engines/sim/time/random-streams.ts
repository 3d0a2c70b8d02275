/** A stream of chance: the same seed and name give the same numbers, whatever other streams are drawn from. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  fraction(): number;
  /** Uniform in [from, to). */
  between(from: number, to: number): number;
  /** A version-4 UUID in lower case. */
  uuid(): string;
}

/** Derives named streams from one seed, so that a new use of chance does not shift the others. */
export function createRandomStreams(seed: number): (name: string) => RandomStream {
  const streams = new Map<string, RandomStream>();
  return (name) => {
    let stream = streams.get(name);
    if (stream === undefined) {
      stream = createStream(hash(`${seed}/${name}`));
      streams.set(name, stream);
    }
    return stream;
  };
}

function createStream(seed: number): RandomStream {
  let state = seed;
  // mulberry32: 32 bits of state are enough for the few million draws of a run, and it is fast.
  const word = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const fraction = () => word() / 2 ** 32;
  return {
    fraction,
    between: (from, to) => from + (to - from) * fraction(),
    uuid: () => {
      const hex = (value: number) => value.toString(16).padStart(8, "0");
      const [a, b, c, d] = [hex(word()), hex(word()), hex(word()), hex(word())];
      const variant = ((Number.parseInt(c.slice(0, 1), 16) & 0x3) | 0x8).toString(16);
      return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`;
    },
  };
}

/** FNV-1a, then mixed, so that names that differ in one letter give unlike seeds. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
