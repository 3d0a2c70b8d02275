import {
  ClusterSecretError,
  type BrokerCredentials,
  type Credentials,
  type Permissions,
} from "../../../../controlplane/ports/credentials.ts";
import type { RandomStream } from "../time/random-streams.ts";

/**
 * Keys without cryptography: told apart as surely as real ones (tests/contract/credentials compares them), and a
 * hundred times faster. Where a real broker knows a public key, the simulated one knows the account's own: nobody here
 * reads its configuration to forge anything.
 */
export function createSimCredentials(chance: RandomStream): Credentials {
  return {
    createSecret: () => `sim-${chance.uuid()}`,
    createKey: () => {
      const seed = `SU${letters(chance.uuid(), 56)}`;
      return { seed, publicKey: publicKeyOf(proofOf(seed)) };
    },
    openCluster: (secret) => {
      if (!secret.startsWith("sim-")) throw new ClusterSecretError("sim-… is expected");
      const account = letters(`${secret} account`, 55);
      return {
        clusterId: letters(account, 12).toLowerCase(),
        apiKey: `expanso_${letters(`${secret} api`, 40)}`,
        seal: (text) => letters(`${secret} seal ${text}`, 40),
        admit: ({ publicKey, permissions }) => {
          const claims = encode(JSON.stringify({ sub: publicKey, ...permissions } satisfies Claims));
          return `${claims}.${letters(`${account} ${claims}`, 40)}`;
        },
        brokerConfig: () => `account: ${account}\n`,
      };
    },
  };
}

/** What a client says when it introduces itself. */
export interface Proof {
  readonly jwt: string;
  readonly nkey: string;
  readonly sig: string;
}

export function proving({ jwt, seed }: BrokerCredentials): Proof {
  const sig = proofOf(seed);
  return { jwt, nkey: publicKeyOf(sig), sig };
}

/** Reads what `brokerConfig` wrote; a broker without it lets everybody do everything. */
export function readBrokerConfig(
  text: string | undefined,
): ((proof: Proof | undefined) => Permissions | undefined) | undefined {
  const account = /^account: (?<key>\w+)$/m.exec(text ?? "")?.groups?.["key"];
  if (account === undefined) return undefined;
  return (proof) => {
    const [claims = "", signature] = (proof?.jwt ?? "").split(".");
    if (signature !== letters(`${account} ${claims}`, 40)) return undefined;
    const { sub, ...permissions } = JSON.parse(Buffer.from(claims, "base64url").toString()) as Claims;
    return proof !== undefined && sub === publicKeyOf(proof.sig) ? permissions : undefined;
  };
}

interface Claims extends Permissions {
  readonly sub: string;
}

function proofOf(seed: string): string {
  return letters(`proof of ${seed}`, 40);
}

function publicKeyOf(proof: string): string {
  return `U${letters(`key of ${proof}`, 55)}`;
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** So many letters that follow from a text: two FNV-1a sums, stirred on for each six letters. */
function letters(text: string, count: number): string {
  let one = 0x811c9dc5;
  let other = 0x9e3779b1;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x85ebca6b);
  }
  let made = "";
  while (made.length < count) {
    one = Math.imul(one ^ (one >>> 15), 0x2c1b3c6d) + other;
    other = Math.imul(other ^ (other >>> 13), 0x297a2d39) ^ one;
    let bits = other >>> 2;
    for (let letter = 0; letter < 6; letter += 1) {
      made += ALPHABET[bits & 31];
      bits >>>= 5;
    }
  }
  return made.slice(0, count);
}
