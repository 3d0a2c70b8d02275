import { stringify } from "yaml";
import { parseJobFile } from "../job-spec/index.ts";

/** Everything that needs the YAML library; see `CliPorts.loadYaml`. */
export interface YamlTools {
  readonly parseJobFile: typeof parseJobFile;
  readonly toYaml: (value: unknown) => string;
}

export const yamlTools: YamlTools = {
  parseJobFile,
  // Aliases would be shorter, and a riddle to most readers.
  toYaml: (value) => stringify(value, { aliasDuplicateObjects: false }),
};
