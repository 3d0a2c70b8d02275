import { createPrivateKey, sign } from "node:crypto";

/** What a NATS server that wants to know who somebody is has to be shown in CONNECT. */
export interface NatsProof {
  readonly jwt: string;
  readonly sig: string;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** What stands before the 32 bytes of an Ed25519 key in the form that Node takes (RFC 8410). */
const PKCS8_HEAD = "302e020100300506032b657004220420";

/**
 * From a file as `nats --creds` takes it: a JWT, and the seed that signs the server's challenge.
 * @throws Error if it is no such file.
 */
export function proveBy(creds: string, nonce: string): NatsProof {
  const [jwt, seed] = creds.split("\n").filter((line) => /^[^-\s]/.test(line));
  if (jwt === undefined || seed === undefined) throw new Error("this is no file of NATS credentials");
  // Two bytes of kind before the key, two of checksum behind it.
  const secret = Buffer.concat([Buffer.from(PKCS8_HEAD, "hex"), decodeBase32(seed.trim()).subarray(2, 34)]);
  const key = createPrivateKey({ key: secret, format: "der", type: "pkcs8" });
  return { jwt: jwt.trim(), sig: sign(null, Buffer.from(nonce), key).toString("base64url") };
}

function decodeBase32(text: string): Buffer {
  const bits = text.replaceAll(/./g, (letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0"));
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
