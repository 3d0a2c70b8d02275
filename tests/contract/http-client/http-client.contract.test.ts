import { testContract } from "../contract.ts";
import { httpClientContract } from "./http-client.contract.ts";
import { openNodeHttpWorld, openSimHttpWorld } from "./http-worlds.ts";

testContract("HTTP client", httpClientContract, [
  {
    name: "the client and server by socket, on loopback",
    open: openNodeHttpWorld,
    cannot: {
      "the time counts from the request on, not from the connection":
        "a test cannot cut the loopback network",
    },
  },
  { name: "the simulated client and server", open: openSimHttpWorld },
]);
