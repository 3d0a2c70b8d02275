import { describe, expect, it } from "vitest";
import type { MachineSpec } from "../engine.ts";
import { createSimMachine } from "./machine.ts";
import { createNetwork } from "./network/network.ts";
import type { Command, Program } from "./programs/program.ts";
import { someTime } from "./test-kit/some-time.ts";

const PORT = 7000;
const SPEC: MachineSpec = {
  name: "m1",
  image: "fixture",
  args: ["run"],
  env: { GREETING: "hello" },
  data: { path: "/data", identity: ["identity.json"] },
};

describe("a simulated machine", () => {
  it("is created, then running once started, with its own name, arguments and environment", async () => {
    const { time, machine, printed } = aMachine();
    expect(await machine.state()).toBe("created");
    await time.pass(60_000);
    expect(printed()).toEqual([]);
    await machine.start();
    expect(await machine.state()).toBe("running");
    await time.pass(200);
    expect(printed()).toEqual(["up m1 run hello, disk empty, 0 rows"]);
    await expect(machine.start()).rejects.toThrow("m1 is running already");
  });

  it("takes its time, as a container does", async () => {
    const { time, machine, lines } = aMachine();
    await machine.start();
    expect(time.sinceMs()).toBeGreaterThan(250);
    await time.pass(200);
    expect(lines[0]!.atMs - time.nowMs()).toBeLessThan(0);
    const takenMs: number[] = [];
    for (const verb of [
      () => machine.exec(["greet"]),
      () => machine.kill(),
      () => machine.recreate({ identity: "kept" }),
    ]) {
      const beforeMs = time.nowMs();
      await verb();
      takenMs.push(time.nowMs() - beforeMs);
    }
    // Spec 4-harness, "Engines": exec 100–200 ms, kill ≈ 110 ms, recreate ≈ 400 ms.
    for (const [index, [from, to]] of [
      [90, 200],
      [65, 140],
      [330, 480],
    ].entries()) {
      expect(takenMs[index]).toBeGreaterThanOrEqual(from!);
      expect(takenMs[index]).toBeLessThanOrEqual(to!);
    }
  });

  it("that ends by itself has exited, and no fault claims that", async () => {
    const { time, machine, printed } = await aStarted();
    await machine.exec(["crash"]);
    await time.pass(10);
    expect(await machine.state()).toBe("exited");
    expect(printed().at(-1)).toBe("crashing");
    for (const fault of [machine.pause(), machine.cut(), machine.stop({ graceMs: 100 })]) {
      expect(await fault).toMatchObject({ bit: false });
    }
    expect(await machine.kill()).toEqual({
      bit: false,
      seen: "it had ended by itself before it was killed",
    });
    expect(await machine.state()).toBe("absent");
  });
});

describe("a kill", () => {
  it("ends everything at once, keeps the disk and the database, and is proven", async () => {
    const { time, machine, printed } = await aStarted();
    await machine.exec(["remember", "identity.json", "n-1"]);
    await machine.exec(["remember", "note", "kept"]);
    expect(await machine.kill()).toEqual({ bit: true, seen: "process gone, machine removed" });
    expect(await machine.state()).toBe("absent");
    const before = printed().length;
    await time.pass(60_000);
    expect(printed()).toHaveLength(before);
    expect(await machine.recreate({ identity: "kept" })).toEqual({
      bit: true,
      seen: "a new machine with the disk it had",
    });
    await time.pass(200);
    expect(printed().at(-1)).toBe("up m1 run hello, disk identity.json note, 2 rows");
  });

  it.each([
    ["new", "an empty disk", "disk empty"],
    ["wiped", "an empty disk but its identity", "disk identity.json"],
  ] as const)(
    "followed by a return with a %s identity loses the rest and the database",
    async (identity, seen, disk) => {
      const { time, machine, printed } = await aStarted();
      await machine.exec(["remember", "identity.json", "n-1"]);
      await machine.exec(["remember", "note", "lost"]);
      await machine.kill();
      expect(await machine.recreate({ identity })).toEqual({ bit: true, seen: `a new machine with ${seen}` });
      await time.pass(200);
      expect(printed().at(-1)).toBe(`up m1 run hello, ${disk}, 0 rows`);
    },
  );

  it.each([
    ["new", "given"],
    ["wiped", "given identity.json"],
  ] as const)("leaves what the machine was given on a %s disk, too", async (identity, files) => {
    const data = { ...SPEC.data!, given: { given: "token" } };
    const { time, machine, printed } = await aStarted({ data });
    expect(printed().at(-1)).toBe("up m1 run hello, disk given, 0 rows");
    await machine.exec(["remember", "identity.json", "n-1"]);
    await machine.kill();
    expect(await machine.recreate({ identity })).toMatchObject({ bit: true });
    await time.pass(200);
    expect(printed().at(-1)).toBe(`up m1 run hello, disk ${files}, 0 rows`);
  });

  it("does not claim to have kept an identity that was not there", async () => {
    const { machine } = await aStarted();
    await machine.kill();
    expect(await machine.recreate({ identity: "wiped" })).toEqual({
      bit: false,
      seen: "a wiped disk, without identity.json: not found on the old one",
    });
  });

  it("of one that was never started, or is frozen, works as well", async () => {
    const { machine } = aMachine();
    expect(await machine.kill()).toMatchObject({ bit: true });
    const frozen = await aStarted();
    await frozen.machine.pause();
    expect(await frozen.machine.kill()).toMatchObject({ bit: true });
    expect(await frozen.machine.recreate({ identity: "kept" })).toMatchObject({ bit: true });
    await frozen.time.pass(200);
    expect(frozen.printed().filter((line) => line.startsWith("up"))).toHaveLength(2);
  });

  it("leaves nothing that could be hurt or reached", async () => {
    const { machine } = await aStarted();
    await machine.kill();
    for (const fault of [
      machine.kill(),
      machine.stop({ graceMs: 0 }),
      machine.restart({ graceMs: 0 }),
      machine.pause(),
      machine.resume(),
      machine.cut(),
      machine.heal(),
    ]) {
      expect(await fault).toMatchObject({ bit: false });
    }
    expect(await machine.exec(["greet"])).toMatchObject({ exitCode: 126, stderr: "m1 is absent" });
    await expect(machine.start()).rejects.toThrow("m1 was killed: recreate it, there is nothing to start");
  });

  it("is needed before a machine can be recreated", async () => {
    const { machine } = await aStarted();
    await expect(machine.recreate({ identity: "kept" })).rejects.toThrow(
      "m1 is still there: kill it before it is recreated",
    );
  });

  it("breaks its connections for the others, and ends what they wait for", async () => {
    const { time, machine, peer } = await aStarted();
    const heard: string[] = [];
    const socket = await peer.connect("m1", PORT);
    socket.onClose(() => heard.push("closed"));
    await machine.kill();
    await time.pass(5);
    expect(heard).toEqual(["closed"]);
  });
});

describe("a loss of power", () => {
  it("loses what was not synced", async () => {
    const { time, machine, printed } = await aStarted();
    await machine.exec(["remember", "identity.json", "n-1"]);
    await machine.exec(["sync"]);
    await machine.exec(["remember", "note", "not synced"]);
    expect(await machine.losePower()).toMatchObject({ bit: true });
    expect(await machine.losePower()).toMatchObject({ bit: false });
    await machine.recreate({ identity: "kept" });
    await time.pass(200);
    expect(printed().at(-1)).toContain("disk identity.json,");
  });
});

describe("a stop", () => {
  it("lets the program end in its own way, and keeps the machine", async () => {
    const { machine, printed } = await aStarted();
    expect(await machine.stop({ graceMs: 5_000 })).toEqual({ bit: true, seen: "process ended" });
    expect(await machine.state()).toBe("exited");
    expect(printed().at(-1)).toBe("ending on SIGTERM");
  });

  it("closes its connections for the others", async () => {
    const { time, machine, peer } = await aStarted();
    const heard: string[] = [];
    const socket = await peer.connect("m1", PORT);
    socket.onClose((why) => heard.push(why));
    await machine.stop({ graceMs: 100 });
    await time.pass(5);
    expect(heard).toEqual(["left"]);
  });

  it("waits for one that takes its time, and kills one that takes too much of it", async () => {
    for (const [graceMs, last] of [
      [5_000, "ended"],
      [500, "ending slowly"],
    ] as const) {
      const { time, machine, printed } = await aStarted({ args: ["slow"] });
      const beforeMs = time.nowMs();
      expect(await machine.stop({ graceMs })).toMatchObject({ bit: true });
      expect(time.nowMs() - beforeMs).toBeLessThan(Math.min(graceMs, 1_000) + 60);
      await time.pass(5_000);
      expect(printed().at(-1)).toBe(last);
    }
  });

  it("without grace is a kill", async () => {
    const { machine, printed } = await aStarted();
    await machine.stop({ graceMs: 0 });
    expect(await machine.state()).toBe("exited");
    expect(printed().at(-1)).toMatch(/^(up|beat)/);
  });

  it("of a frozen machine takes all of its grace", async () => {
    const { time, machine, printed } = await aStarted();
    await machine.pause();
    const beforeMs = time.nowMs();
    expect(await machine.stop({ graceMs: 2_000 })).toMatchObject({ bit: true });
    expect(time.nowMs() - beforeMs).toBeGreaterThan(2_000);
    expect(printed()).not.toContain("ending on SIGTERM");
    await machine.start();
    await time.pass(1_200);
    expect(printed().at(-1)).toBe("beat");
  });

  it("of a frozen machine thaws it for the next start: others notice then if it falls silent", async () => {
    const { time, machine, peer } = await aStarted();
    await machine.pause();
    await machine.stop({ graceMs: 0 });
    await machine.start();
    await time.pass(200);
    const heard: string[] = [];
    const socket = await peer.connect("m1", PORT);
    socket.onClose((why) => heard.push(why));
    await machine.cut();
    await time.pass(31_000);
    expect(heard).toEqual(["silent"]);
  });

  it("can be followed by a start on the same disk", async () => {
    const { time, machine, printed } = await aStarted();
    await machine.exec(["remember", "note", "kept"]);
    await machine.stop({ graceMs: 100 });
    await machine.start();
    await time.pass(200);
    expect(printed().at(-1)).toBe("up m1 run hello, disk note, 1 rows");
  });
});

describe("a restart", () => {
  it.each([0, 5_000])("given %i ms to end runs a new process on the same disk", async (graceMs) => {
    const { time, machine, printed } = await aStarted();
    await machine.exec(["remember", "note", "kept"]);
    expect(await machine.restart({ graceMs })).toMatchObject({ bit: true });
    expect(await machine.state()).toBe("running");
    await time.pass(200);
    expect(printed().at(-1)).toBe("up m1 run hello, disk note, 1 rows");
    expect(printed().includes("ending on SIGTERM")).toBe(graceMs > 0);
  });

  it("in the middle of the boot does not bring up two of them", async () => {
    const { time, machine, printed } = aMachine();
    await machine.start();
    await machine.restart({ graceMs: 0 });
    await time.pass(1_200);
    expect(printed().filter((line) => line.startsWith("up"))).toHaveLength(1);
  });

  it("will not heal a cut by the way", async () => {
    const { machine } = await aStarted();
    await machine.cut();
    await expect(machine.restart({ graceMs: 0 })).rejects.toThrow(
      "m1 is cut off: heal it before it is restarted",
    );
    expect(await machine.state()).toBe("running");
    await machine.kill();
    await machine.recreate({ identity: "kept" });
    expect(await machine.heal()).toEqual({ bit: false, seen: "it was not cut off" });
  });
});

describe("a pause", () => {
  it("stops everything, loses nothing, and goes on where it was", async () => {
    const { time, machine, printed, peer } = await aStarted();
    const heard: unknown[] = [];
    const socket = await peer.connect("m1", PORT);
    socket.onMessage((message) => heard.push(message));
    expect(await machine.pause()).toEqual({ bit: true, seen: "frozen" });
    expect(await machine.pause()).toEqual({ bit: false, seen: "m1 is paused" });
    expect(await machine.state()).toBe("paused");
    const before = printed().length;
    socket.send("ping");
    await time.pass(10_000);
    expect(printed()).toHaveLength(before);
    expect(heard).toEqual([]);
    expect(await machine.exec(["greet"])).toMatchObject({ exitCode: 126, stderr: "m1 is paused" });
    expect(await machine.resume()).toEqual({ bit: true, seen: "thawed" });
    expect(await machine.resume()).toEqual({ bit: false, seen: "m1 is running" });
    await time.pass(1_500);
    expect(heard).toEqual(["pong"]);
    // The beat that was due, and one a second later.
    expect(printed().slice(before)).toEqual(["beat", "beat"]);
  });

  it("stops what was started inside, too", async () => {
    const { time, machine } = await aStarted();
    let ended = false;
    void machine.exec(["wait", "1000"]).then(() => (ended = true));
    await time.pass(500);
    await machine.pause();
    await time.pass(10_000);
    expect(ended).toBe(false);
    await machine.resume();
    await time.pass(100);
    expect(ended).toBe(true);
  });
});

describe("a cut", () => {
  it("lets nothing through, is proven once, and keeps connections", async () => {
    const { time, machine, peer } = await aStarted();
    const heard: unknown[] = [];
    const socket = await peer.connect("m1", PORT);
    socket.onMessage((message) => heard.push(message));
    expect(await machine.cut()).toEqual({ bit: true, seen: "off the network" });
    expect(await machine.cut()).toEqual({ bit: false, seen: "it was cut off already" });
    socket.send("ping");
    await time.pass(2_000);
    expect(heard).toEqual([]);
    expect(await machine.heal()).toMatchObject({ bit: true });
    expect(await machine.heal()).toMatchObject({ bit: false });
    await time.pass(2_000);
    expect(heard).toEqual(["pong"]);
  });

  it("can be one way only", async () => {
    const { time, machine, peer } = await aStarted();
    const heard: unknown[] = [];
    const socket = await peer.connect("m1", PORT);
    socket.onMessage((message) => heard.push(message));
    expect(await machine.cutOneWay("out")).toEqual({ bit: true, seen: "nothing gets out" });
    socket.send("ping");
    await time.pass(5);
    expect((await machine.exec(["heard"])).stdout).toBe("ping");
    expect(heard).toEqual([]);
  });

  it("does not stop what is run inside", async () => {
    const { machine } = await aStarted();
    await machine.cut();
    expect(await machine.exec(["greet"])).toMatchObject({ exitCode: 0 });
  });
});

describe("a command run inside", () => {
  it("tells what it printed and how it ended, given its arguments and input", async () => {
    const { machine } = await aStarted();
    expect(await machine.exec(["greet", "you"], { stdin: "there" })).toEqual({
      exitCode: 4,
      stdout: "hello you there",
      stderr: "oops",
    });
  });

  it.each([
    ["of an unknown name", ["no-such-program"], 127, "no-such-program: not found"],
    ["of no name", [], 127, ": not found"],
  ])("%s is not found", async (_what, argv, exitCode, stderr) => {
    const { machine } = await aStarted();
    expect(await machine.exec(argv)).toEqual({ exitCode, stdout: "", stderr });
  });

  it("cannot be run where nothing runs", async () => {
    const { machine } = aMachine();
    expect(await machine.exec(["greet"])).toEqual({ exitCode: 126, stdout: "", stderr: "m1 is created" });
  });

  it("ends together with the machine", async () => {
    const { machine } = await aStarted();
    const hanging = machine.exec(["wait", "1000000"]);
    await machine.exec(["greet"]);
    await machine.kill();
    expect(await hanging).toEqual({ exitCode: 137, stdout: "", stderr: "" });
  });

  it("finds the files that were put there", async () => {
    const { machine } = await aStarted();
    await machine.putFile("/data/note", "in the data folder");
    await machine.putFile("/tmp/job.yaml", "elsewhere");
    expect((await machine.exec(["read", "note"])).stdout).toBe("in the data folder");
    expect((await machine.exec(["read", "/tmp/job.yaml"])).stdout).toBe("elsewhere");
  });
});

/** Says what it finds, beats every second, answers pings, and ends on SIGTERM (with `slow`, a second later). */
const program: Program = (world) => {
  const { clock } = world.process;
  const heard: unknown[] = [];
  const database = world.database();
  database.run("CREATE TABLE IF NOT EXISTS notes (name TEXT)");
  const rows = database.get("SELECT count(*) AS n FROM notes")?.["n"];
  const files = world.disk.list("").join(" ");
  world.print(
    "stdout",
    `up ${world.machine} ${world.args.join(" ")} ${world.env["GREETING"]}, disk ${files || "empty"}, ${rows} rows`,
  );
  const beat = (): void => {
    world.print("stdout", "beat");
    clock.after(1_000, beat);
  };
  clock.after(1_000, beat);
  world.network.listen(PORT, (socket) =>
    socket.onMessage((message) =>
      world.process.run(() => {
        heard.push(message);
        if (message === "crash") {
          world.print("stdout", "crashing");
          world.exit(3);
        } else socket.send(message === "heard?" ? heard[0] : "pong");
      }),
    ),
  );
  return () => {
    database.close();
    if (!world.args.includes("slow")) {
      world.print("stdout", "ending on SIGTERM");
      world.exit(0);
      return;
    }
    world.print("stdout", "ending slowly");
    clock.after(1_000, () => {
      world.print("stdout", "ended");
      world.exit(0);
    });
  };
};

const said = (stdout: string) => ({ exitCode: 0, stdout, stderr: "" });

const commands: Readonly<Record<string, Command>> = {
  greet: (world, [, who = ""], stdin) =>
    Promise.resolve(
      stdin === ""
        ? said("")
        : { exitCode: 4, stdout: `${world.env["GREETING"]} ${who} ${stdin}`, stderr: "oops" },
    ),
  remember: (world, [, name = "", text = ""]) => {
    world.disk.write(name, text);
    world.database().run("INSERT INTO notes VALUES (?)", name);
    return Promise.resolve(said(""));
  },
  sync: (world) => {
    world.disk.sync();
    return Promise.resolve(said(""));
  },
  read: (world, [, name = ""]) => Promise.resolve(said(world.disk.read(name) ?? "")),
  wait: (world, [, durationMs]) =>
    new Promise((resolve) => {
      world.process.clock.after(Number(durationMs), () => resolve(said("")));
    }),
  crash: async (world) => {
    const socket = await world.network.connect("m1", PORT);
    socket.send("crash");
    return said("");
  },
  heard: async (world) => {
    const socket = await world.network.connect("m1", PORT);
    return new Promise((resolve) => {
      socket.onMessage((message) => resolve(said(String(message))));
      socket.send("heard?");
    });
  },
};

function aMachine(at: Partial<MachineSpec> = {}) {
  const time = someTime();
  const network = createNetwork(time, time.streamOf);
  const lines: { readonly text: string; readonly atMs: number }[] = [];
  const machine = createSimMachine(
    {
      time,
      network,
      streamOf: time.streamOf,
      program,
      commands,
      print: (_machine, _stream, text) => lines.push({ text, atMs: time.nowMs() }),
      secrets: { token: "a token" },
    },
    { ...SPEC, ...at },
  );
  return { time, machine, peer: network.join("peer"), lines, printed: () => lines.map(({ text }) => text) };
}

async function aStarted(at: Partial<MachineSpec> = {}) {
  const started = aMachine(at);
  await started.machine.start();
  await started.time.pass(200);
  return started;
}
