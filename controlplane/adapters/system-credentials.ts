import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import {
  ClusterSecretError,
  type ClusterKey,
  type Credentials,
  type Permissions,
} from "../ports/credentials.ts";
import { createNKey, encodeBase32, type NKey } from "./nkeys.ts";

const SECRET_BYTES = 32;
const SECRET = /^[0-9a-f]{64}$/;

/**
 * NATS's decentralised authentication (docs/decisions/0009): an operator, whom the broker trusts, vouches for the
 * account, and the account for each of its users. The broker knows public keys only.
 */
export const systemCredentials: Credentials = {
  createSecret: () => randomBytes(SECRET_BYTES).toString("hex"),
  createKey: () => {
    const { publicKey, seed } = createNKey("U", randomBytes(SECRET_BYTES));
    return { publicKey, seed };
  },
  openCluster: (secret) => {
    if (!SECRET.test(secret.trim())) throw new ClusterSecretError("64 hexadecimal digits are expected");
    return openCluster(Buffer.from(secret.trim(), "hex"));
  },
};

function openCluster(secret: Buffer): ClusterKey {
  /** One secret for each purpose, none of which tells anything about another. */
  const secretFor = (purpose: string) =>
    Buffer.from(hkdfSync("sha256", secret, "", `expanso ${purpose}`, SECRET_BYTES));
  const account = createNKey("A", secretFor("account"));
  const sealing = secretFor("seal");
  return {
    clusterId: account.publicKey.slice(1, 13).toLowerCase(),
    apiKey: `expanso_${secretFor("api").toString("base64url")}`,
    seal: (text) => createHmac("sha256", sealing).update(text).digest("base64url"),
    admit: ({ publicKey, name, permissions }) =>
      signJwt(account, { name, sub: publicKey, nats: userClaims(permissions) }),
    brokerConfig: () => {
      const operator = createNKey("O", secretFor("operator"));
      const claims = { name: "expanso", sub: account.publicKey, nats: ACCOUNT_CLAIMS };
      return [
        `trusted_keys: [${operator.publicKey}]`,
        "resolver: MEMORY",
        `resolver_preload: { ${account.publicKey}: ${signJwt(operator, claims)} }`,
        "",
      ].join("\n");
    },
  };
}

const UNLIMITED = { subs: -1, data: -1, payload: -1 };
const ACCOUNT_CLAIMS = {
  type: "account",
  version: 2,
  limits: { ...UNLIMITED, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 },
};

function userClaims({ publish, subscribe }: Permissions) {
  return { type: "user", version: 2, ...UNLIMITED, pub: { allow: publish }, sub: { allow: subscribe } };
}

const HEAD = encode({ typ: "JWT", alg: "ed25519-nkey" });

/** Without a time of issue that would say anything: the same claims are the same JWT. */
function signJwt(issuer: NKey, claims: object): string {
  const issued = { ...claims, iss: issuer.publicKey, iat: 0 };
  const jti = encodeBase32(createHash("sha512-256").update(JSON.stringify(issued)).digest());
  const body = `${HEAD}.${encode({ jti, ...issued })}`;
  return `${body}.${issuer.sign(body)}`;
}

function encode(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString("base64url");
}
