import { expect, it } from "vitest";
import { readRoutes } from "./routes.ts";

it("reads Linux's table of routes, without the default one", () => {
  const table = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010200C0	0003	0	0	0	00000000	0	0	0
br-d1eba9fcb0e3	80CFC90A	00000000	0001	0	0	0	80FFFFFF	0	0	0
docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
tun0	0000000A	00000000	0001	0	0	0	000000FF	0	0	0
eth1	05020A0A	00000000	0005	0	0	0	FFFFFFFF	0	0	0
`;
  expect(readRoutes(table)).toEqual([
    { range: "10.201.207.128/25", device: "br-d1eba9fcb0e3" },
    { range: "172.17.0.0/16", device: "docker0" },
    { range: "10.0.0.0/8", device: "tun0" },
    { range: "10.10.2.5/32", device: "eth1" },
  ]);
});

it("reads an empty table", () => {
  expect(readRoutes("Iface\tDestination\n")).toEqual([]);
});
