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
export const STACK_RANGE = "10.201.0.0/16";
export const SUBNET_BITS = 25;
const SUBNET_SIZE = 2 ** (32 - SUBNET_BITS);

/**
 * A subnet that overlaps none of those taken; undefined when there is none left. Begins looking at a place that `seed`
 * decides, so that two runs starting at once rarely ask for the same one.
 */
export function chooseSubnet(taken: readonly string[], seed: string): Subnet | undefined {
  const ours = parseRange(STACK_RANGE)!;
  const ranges = taken.map(parseRange).filter((range) => range !== undefined);
  const subnets = sizeOf(ours) / SUBNET_SIZE;
  const start = hash(seed) % subnets;
  for (let step = 0; step < subnets; step++) {
    const first = ours.first + ((start + step) % subnets) * SUBNET_SIZE;
    const subnet = { first, last: first + SUBNET_SIZE - 1 };
    if (!ranges.some((range) => overlap(range, subnet))) return subnetAt(first);
  }
  return undefined;
}

/** How many networks of so many bits there is still room for in `range`. */
export function countFree(range: string, bits: number, taken: readonly string[]): number {
  const all = parseRange(range);
  const size = 2 ** (32 - bits);
  if (all === undefined || sizeOf(all) < size) return 0;
  const places = sizeOf(all) / size;
  const hit = taken
    .map(parseRange)
    .filter((other) => other !== undefined && overlap(other, all))
    // In places of networks, from the first to the last that it touches.
    .map((other) => ({
      first: Math.max(0, Math.floor((other!.first - all.first) / size)),
      last: Math.min(places - 1, Math.floor((other!.last - all.first) / size)),
    }))
    .toSorted((a, b) => a.first - b.first);
  let free = places;
  let next = 0;
  for (const { first, last } of hit) {
    free -= Math.max(0, last - Math.max(first, next) + 1);
    next = Math.max(next, last + 1);
  }
  return free;
}

/** Whether two ranges have an address in common; what is no IPv4 range has none. */
export function doOverlap(a: string, b: string): boolean {
  const [one, other] = [parseRange(a), parseRange(b)];
  return one !== undefined && other !== undefined && overlap(one, other);
}

interface Range {
  readonly first: number;
  readonly last: number;
}

function overlap(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

function sizeOf({ first, last }: Range): number {
  return last - first + 1;
}

/** The one that a network of ours has; undefined if that is not of our making. */
export function subnetFrom(cidr: string | undefined): Subnet | undefined {
  const range = parseRange(cidr ?? "");
  return range !== undefined && sizeOf(range) === SUBNET_SIZE ? subnetAt(range.first) : undefined;
}

function subnetAt(first: number): Subnet {
  return {
    cidr: `${toText(first)}/${SUBNET_BITS}`,
    gateway: toText(first + 1),
    // 0 is the network, 1 the gateway, the last one everybody.
    address: (index) => (index + 2 < SUBNET_SIZE - 1 ? toText(first + 2 + index) : undefined),
  };
}

function parseRange(cidr: string): Range | undefined {
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
