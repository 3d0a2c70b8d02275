/** All that a scenario needs, and the only thing it imports. */
export { all } from "./scenario/condition.ts";
export { defineScenario, type Scenario } from "./scenario/define.ts";
