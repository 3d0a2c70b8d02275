/**
 * Which address range a stack gets. Docker's own pools hold about 30 networks; from one /16 of our own come 512 that
 * hold 125 machines each. Fixed addresses are what lets a machine come back, from a cut or a recreation, as who it was.
 */
export interface Subnet {
  readonly cidr: string;
  readonly gateway: string;
  /** Address of the nth machine, from 0; undefined when the subnet is full. */
  address(index: number): string | undefined;
}

/** Ours by choice: private, and away from Docker's defaults (172.16/12, 192.168/16) and the usual VPNs' low numbers. */
const RANGE = { first: toNumber("10.201.0.0"), bits: 16 };
const SUBNET_BITS = 25;
const SUBNET_SIZE = 2 ** (32 - SUBNET_BITS);
const SUBNETS = 2 ** (SUBNET_BITS - RANGE.bits);

/**
 * A subnet that overlaps none of those taken; undefined when there is none left. Begins looking at a place that `seed`
 * decides, so that two runs starting at once rarely ask for the same one.
 */
export function chooseSubnet(taken: readonly string[], seed: string): Subnet | undefined {
  const ranges = taken.map(parseRange).filter((range) => range !== undefined);
  const start = hash(seed) % SUBNETS;
  for (let step = 0; step < SUBNETS; step++) {
    const first = RANGE.first + ((start + step) % SUBNETS) * SUBNET_SIZE;
    const last = first + SUBNET_SIZE - 1;
    if (!ranges.some((range) => range.first <= last && first <= range.last)) return subnetAt(first);
  }
  return undefined;
}

/** The one that a network of ours has; undefined if that is not of our making. */
export function subnetFrom(cidr: string | undefined): Subnet | undefined {
  const range = parseRange(cidr ?? "");
  return range !== undefined && range.last - range.first + 1 === SUBNET_SIZE
    ? subnetAt(range.first)
    : undefined;
}

function subnetAt(first: number): Subnet {
  return {
    cidr: `${toText(first)}/${SUBNET_BITS}`,
    gateway: toText(first + 1),
    // 0 is the network, 1 the gateway, the last one everybody.
    address: (index) => (index + 2 < SUBNET_SIZE - 1 ? toText(first + 2 + index) : undefined),
  };
}

function parseRange(cidr: string): { first: number; last: number } | undefined {
  const parts = /^(?<ip>\d+\.\d+\.\d+\.\d+)\/(?<bits>\d+)$/.exec(cidr)?.groups;
  if (parts === undefined) return undefined;
  const size = 2 ** (32 - Number(parts["bits"]));
  const first = Math.floor(toNumber(parts["ip"]!) / size) * size;
  return { first, last: first + size - 1 };
}

function toNumber(ip: string): number {
  return ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** FNV-1a: any spread will do. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}
