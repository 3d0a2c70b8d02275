/** Where a machine sends what is for a range of addresses. */
export interface Route {
  /** `10.0.0.0/8` */
  readonly range: string;
  readonly device: string;
}

/** Reads Linux's /proc/net/route; without the default route, which everything else goes before. */
export function readRoutes(table: string): readonly Route[] {
  return table
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([device = "", destination = "", , , , , , mask = ""]) => {
      const bits = countOnes(mask);
      return bits === 0 ? [] : [{ range: `${address(destination)}/${bits}`, device }];
    });
}

/** `0001A8C0` is 192.168.1.0: four bytes in hexadecimal, the last one first. */
function address(hex: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(".");
}

function countOnes(hex: string): number {
  return Number.parseInt(hex, 16).toString(2).replaceAll("0", "").length;
}
