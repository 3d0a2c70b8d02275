/** What a job file may say (spec 2-contract, "Job file"): for the CLI as YAML, for the API as JSON. */
export { checkJobSpec } from "./check-job-spec.ts";
export { formatPath } from "./format-path.ts";
export { parseJobFile } from "./parse-job-file.ts";
