import type { Edges } from "../scenario/edges.ts";
import type { Condition } from "../scenario/condition.ts";
import type { Scenario, ScenarioContext } from "../scenario/define.ts";
import type { DeployedJob } from "../scenario/job.ts";
import type { Server } from "../scenario/server.ts";
import { recoveryWindowMs, type Timing } from "../timing/profile.ts";
import type { Deed } from "./deed.ts";

/** Who is told of every verb of a scenario before it is done. */
export interface Guide {
  /** Returns when it may be done. What it throws ends the run. */
  readonly before: (deed: Deed, timing: Timing) => Promise<void>;
  /** The scenario waits for this, without anything being done. */
  readonly waits: (condition: Condition) => void;
  /** The scenario has come to its end. */
  readonly end: () => Promise<void>;
}

/**
 * The same scenario, every deed of which is told to somebody first. What happens is in the scenario alone; what is
 * seen on the way (`until`, `premise`) belongs to the deed before.
 */
export function walked(scenario: Scenario, guide: Guide): Scenario {
  return {
    ...scenario,
    run: async (context) => {
      await scenario.run(accompanied(context, guide));
      await guide.end();
    },
  };
}

function accompanied(context: ScenarioContext, guide: Guide): ScenarioContext {
  const { timing } = context;
  let isFailing = false;
  const failing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      isFailing = true;
      throw error;
    }
  };
  const doing = <T>(deed: Deed, work: () => Promise<T>): Promise<T> =>
    failing(async () => {
      // A fault that heals on the way out of a run that has failed is nobody's step any more.
      if (!isFailing) await guide.before(deed, timing);
      return await work();
    });
  const windowMs = recoveryWindowMs(timing);
  return {
    ...context,
    edges: withEdges(context.edges),
    orchestrator: withServer(context.orchestrator, "the orchestrator"),
    broker: withServer(context.broker, "the broker"),
    deploy: (file, options) =>
      doing({ do: "deploy", file, force: options?.force ?? false }, async () =>
        withJob(await context.deploy(file, options)),
      ),
    join: (count) => doing({ do: "join", count }, async () => withEdges(await context.join(count))),
    until: (condition) =>
      failing(async () => {
        guide.waits(condition);
        await context.until(condition);
      }),
    premise: (condition) => failing(() => context.premise(condition)),
    claim: (condition) =>
      doing({ do: "claim", what: condition.what, forMs: windowMs }, () => context.claim(condition)),
    always: (condition) =>
      doing({ do: "always", what: condition.what, forMs: Math.max(windowMs, timing.disconnectTimeout) }, () =>
        context.always(condition),
      ),
  };

  function withEdges(edges: Edges): Edges {
    const machines = edges.names;
    return {
      ...edges,
      first: (count) => withEdges(edges.first(count)),
      rest: (count) => withEdges(edges.rest(count)),
      only: (n) => withEdges(edges.only(n)),
      apart: () => edges.apart().map(withEdges),
      and: (others) => withEdges(edges.and(others)),
      start: () => doing({ do: "start", machines }, () => edges.start()),
      kill: () => doing({ do: "kill", machines }, () => edges.kill()),
      recreate: (options) =>
        doing({ do: "recreate", machines, identity: options.identity }, () => edges.recreate(options)),
      pause: () => doing({ do: "pause", machines }, () => edges.pause()),
      resume: () => doing({ do: "resume", machines }, () => edges.resume()),
      cut: () =>
        doing({ do: "cut", machines }, async () => {
          const cut = await edges.cut();
          return {
            [Symbol.asyncDispose]: () =>
              doing({ do: "heal", machines }, async () => await cut[Symbol.asyncDispose]()),
          };
        }),
      cutFor: (forMs) => doing({ do: "cut-for", machines, forMs }, () => edges.cutFor(forMs)),
    };
  }

  function withServer(server: Server, name: string): Server {
    const machines = [name];
    return {
      kill: () => doing({ do: "kill", machines }, () => server.kill()),
      recreate: () => doing({ do: "recreate", machines, identity: "kept" }, () => server.recreate()),
    };
  }

  function withJob(job: DeployedJob): DeployedJob {
    return { ...job, stop: () => doing({ do: "stop-job", job: job.name }, () => job.stop()) };
  }
}
