import { testContract } from "../contract.ts";
import { diskContract } from "./disk.contract.ts";
import { openFileDiskWorld, openSimDiskWorld } from "./disk-worlds.ts";

testContract("disk", diskContract, [
  {
    name: "a folder",
    open: openFileDiskWorld,
    cannot: {
      "what was synced survives a power loss, and what was not is as it was before":
        "a test cannot cut the power",
    },
  },
  { name: "the simulated disk", open: openSimDiskWorld },
]);
