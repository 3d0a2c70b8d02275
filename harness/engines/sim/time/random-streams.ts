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
      stream = createStream(`${seed}/${name}`);
      streams.set(name, stream);
    }
    return stream;
  };
}

/**
 * sfc32: fast, and with 128 bits of state. With 32 bits, as names have many and births coincide, two of
 * 10 000 edges would now and then draw the same numbers, and take the same id.
 */
function createStream(seed: string): RandomStream {
  let a = hash(seed, 1);
  let b = hash(seed, 2);
  let c = hash(seed, 3);
  let count = hash(seed, 4);
  const word = (): number => {
    const drawn = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + drawn) | 0;
    return drawn >>> 0;
  };
  // The seeds of two names may look alike; after a few rounds the states do not.
  for (let round = 0; round < 12; round += 1) word();
  const fraction = () => word() / 2 ** 32;
  return {
    fraction,
    between: (from, to) => from + (to - from) * fraction(),
    uuid: () => {
      const hex = (value: number) => value.toString(16).padStart(8, "0");
      const [first, second, third, last] = [hex(word()), hex(word()), hex(word()), hex(word())];
      const variant = ((Number.parseInt(third.slice(0, 1), 16) & 0x3) | 0x8).toString(16);
      return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-${variant}${third.slice(1, 4)}-${third.slice(4)}${last}`;
    },
  };
}

/** FNV-1a from one of several beginnings, then mixed, so that names that differ in one letter give unlike seeds. */
function hash(text: string, beginning: number): number {
  let value = 0x811c9dc5 ^ Math.imul(beginning, 0x9e3779b1);
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
