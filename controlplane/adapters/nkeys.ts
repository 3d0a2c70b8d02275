import { createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";

/** What a key is for; the first letter of its public text, as NATS has it. */
export type KeyKind = "O" | "A" | "U";

/** An Ed25519 key in the texts that NATS uses for keys. */
export interface NKey {
  readonly publicKey: string;
  /** The secret half: `SU…`. */
  readonly seed: string;
  /** In base64url. */
  sign(text: string): string;
}

const PREFIX: Readonly<Record<KeyKind, number>> = { O: 14 << 3, A: 0, U: 20 << 3 };
const SEED_PREFIX = 18 << 3;
/** What stands before the 32 bytes in the form that Node takes (RFC 8410). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_HEAD_BYTES = 12;

/** The key of that kind that 32 bytes of chance make. */
export function createNKey(kind: KeyKind, bytes: Uint8Array): NKey {
  const prefix = PREFIX[kind];
  const secret = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, bytes]),
    format: "der",
    type: "pkcs8",
  });
  return {
    publicKey: encode([prefix], publicBytes(secret)),
    // The kind is spread over both bytes of the head.
    seed: encode([SEED_PREFIX | (prefix >> 5), (prefix & 31) << 3], bytes),
    sign: (text) => sign(null, Buffer.from(text), secret).toString("base64url"),
  };
}

/** The user key whose seed somebody kept. @throws if it is no such seed. */
export function readUserSeed(seed: string): NKey {
  const bytes = decodeBase32(seed);
  const key = bytes.length === 36 ? createNKey("U", bytes.subarray(2, 34)) : undefined;
  if (key?.seed !== seed) throw new Error("this is not the seed of a user key");
  return key;
}

function publicBytes(secret: KeyObject): Buffer {
  return createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(SPKI_HEAD_BYTES);
}

function encode(head: readonly number[], bytes: Uint8Array): string {
  const body = Buffer.concat([Buffer.from(head), bytes]);
  const check = crc16(body);
  return encodeBase32(Buffer.concat([body, Buffer.from([check & 0xff, check >> 8])]));
}

/** CRC-16/XMODEM. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
    }
  }
  return crc;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648, without padding. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(value << (5 - bits)) & 31];
}

function decodeBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text) {
    value = (value << 5) | Math.max(0, ALPHABET.indexOf(letter));
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >>> bits) & 0xff);
    value &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
