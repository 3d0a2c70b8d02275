import { describe, expect, it } from "vitest";
import { aCli, anId, aWireNode } from "./test-kit.ts";

const edge1 = aWireNode("11111111", "edge1-debug", {}, { env: "prod", zone: "a" });
const edge2 = aWireNode("22222222", "edge2-debug", { connection_state: "disconnected", data_plane: "none" });
const routes = {
  "GET /nodes": { items: [edge1, edge2] },
  [`GET /nodes/${edge1.id}`]: { node: edge1 },
  [`DELETE /nodes/${edge2.id}`]: { node: edge2 },
};

describe("node list", () => {
  it("shows name, short id, state and data plane", async () => {
    expect(await aCli({ routes }).run("node list")).toEqual({
      code: 0,
      err: "",
      out: `ID        NAME         STATE         DATA PLANE  LABELS
11111111  edge1-debug  connected     ready       env=prod,zone=a
22222222  edge2-debug  disconnected  none        -
`,
    });
  });

  it("is also called ls", async () => {
    expect((await aCli({ routes }).run("node ls")).out).toContain("edge1-debug");
  });

  it("shows whole ids and more columns when asked for a wide table", async () => {
    const { out } = await aCli({ routes }).run("node list --wide");
    expect(out).toMatch(
      /^ID +NAME +STATE +DATA PLANE +LABELS +HOST +PLATFORM +VERSION +LAST HEARTBEAT +MESSAGE\n/,
    );
    expect(out).toContain(`${edge1.id}  edge1-debug  connected`);
  });

  it("prints a bare array as JSON", async () => {
    expect(JSON.parse((await aCli({ routes }).run("node list --format json")).out)).toEqual([edge1, edge2]);
  });

  it("prints the same as YAML", async () => {
    const { out } = await aCli({ routes }).run("node list -f yaml -l 1");
    expect(out).toMatch(/^- id: 11111111-0000-4000-8000-000000000000\n {2}spec:\n {4}name: edge1-debug\n/);
  });

  it("says so, or prints an empty array, when there are none", async () => {
    const cli = aCli({ routes: { "GET /nodes": { items: [] } } });
    expect((await cli.run("node list")).out).toBe("No nodes found\n");
    expect((await cli.run("node list -f json")).out).toBe("[]\n");
    expect((await cli.run("node list -f yaml")).out).toBe("[]\n");
  });

  it("keeps only nodes with every label asked for", async () => {
    const named = async (flags: string): Promise<string[]> => {
      const { out } = await aCli({ routes }).run(`node list -f json ${flags}`);
      return (JSON.parse(out) as (typeof edge1)[]).map((node) => node.spec.name);
    };
    expect(await named("--label env=prod -L zone=a")).toEqual(["edge1-debug"]);
    expect(await named("--label env=prod -L zone=b")).toEqual([]);
  });

  it("shows a name that would rewrite the screen as what it is", async () => {
    const items = [aWireNode("33333333", "evil\u001b[2J\nedge1")];
    expect((await aCli({ routes: { "GET /nodes": { items } } }).run("node list")).out).toContain(
      "33333333  evil�[2J edge1  connected",
    );
  });
});

describe("node describe", () => {
  it.each(["edge1-debug", "11111111", "1111", edge1.id])("finds a node by %s", async (wanted) => {
    const { code, out } = await aCli({ routes }).run(`node describe ${wanted} --format json`);
    expect({ code, node: JSON.parse(out) as unknown }).toEqual({ code: 0, node: edge1 });
  });

  it("shows whether the node can be sent to", async () => {
    const { out } = await aCli({ routes }).run("node describe edge1-debug");
    expect(out).toContain("State          connected\nData plane     ready\n");
  });

  it("says when there is no such node", async () => {
    expect(await aCli({ routes }).run("node describe edge3")).toEqual({
      code: 1,
      out: "",
      err: 'expanso-cli: there is no node "edge3"; see expanso-cli node list\n',
    });
  });

  it("asks for an id when two nodes have the name", async () => {
    const ghost = aWireNode("44444444", "edge1-debug", { connection_state: "lost" });
    const cli = aCli({ routes: { "GET /nodes": { items: [ghost, edge1] } } });
    expect((await cli.run("node describe edge1-debug")).err).toBe(
      `expanso-cli: "edge1-debug" names 2 nodes; use an id: ${ghost.id} (lost), ${edge1.id} (connected)\n`,
    );
  });

  it("passes on what the orchestrator says of an id it does not know", async () => {
    const { code, err } = await aCli({ routes }).run(`node describe ${anId("99999999")}`);
    expect({ code, err }).toEqual({
      code: 1,
      err: `expanso-cli: there is no /api/v1/nodes/${anId("99999999")}\n`,
    });
  });
});

describe("node delete", () => {
  it("deletes with force and a reason", async () => {
    const cli = aCli({ routes });
    expect(await cli.run("node delete edge2-debug --yes --force --reason scrapped")).toEqual({
      code: 0,
      out: "Node edge2-debug deleted\n",
      err: "",
    });
    expect(cli.requests).toEqual([
      "GET /nodes",
      `DELETE /nodes/${edge2.id} {"force":true,"reason":"scrapped"}`,
    ]);
  });

  it("does nothing without --yes", async () => {
    const cli = aCli({ routes });
    expect(await cli.run("node delete edge2-debug")).toEqual({
      code: 64,
      out: "",
      err: "expanso-cli: deleting a node cannot be undone; add --yes if you mean it\n",
    });
    expect(cli.requests).toEqual([]);
  });
});
