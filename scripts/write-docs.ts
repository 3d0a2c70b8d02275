import { writeFileSync } from "node:fs";
import { bundledSystem } from "../harness/systems/bundled/bundled.ts";
import { scenarios } from "../scenarios/index.ts";
import { scenariosPage } from "./docs/scenarios-page.ts";

/** Writes the pages that are made from the sources: `npx --yes pnpm@12 write-docs`. */
const page = new URL("../docs/scenarios.md", import.meta.url);
writeFileSync(page, await scenariosPage(scenarios, bundledSystem.fixes));
