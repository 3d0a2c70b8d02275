/** All that a scenario needs, and the only thing it imports. */
export { defineScenario, type Scenario } from "./scenario/define.ts";
