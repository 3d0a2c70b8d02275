import type { PipelinePorts } from "../pipeline-ports.ts";
import { formatRfc3339 } from "../rfc3339.ts";
import type { Expression } from "./ast.ts";
import { readPath, setOwn, type Json } from "./json.ts";
import { MappingError } from "./mapping-error.ts";
import { NoSource, type Source } from "./source.ts";

/** What all mappings of one running pipeline share. */
export interface Stream {
  readonly ports: PipelinePorts;
  /** By the name given to `count`. */
  readonly counters: Map<string, { value: number }>;
}

export type Evaluate = (source: Source) => Json;

/** Turns an expression into a closure. Evaluating it throws `MappingError` where Benthos has an error. */
export function compileExpression(expression: Expression, stream: Stream): Evaluate {
  const { ports } = stream;
  switch (expression.kind) {
    case "literal":
      return constant(expression.value);
    case "object":
      return compileObject(expression.entries.map(({ key, value }) => ({ key, evaluate: inner(value) })));
    case "list": {
      const items = expression.items.map(inner);
      return (source) => items.map((evaluate) => evaluate(source));
    }
    case "this":
      return readThis;
    case "field": {
      const { path } = expression;
      const of = inner(expression.of);
      return (source) => readPath(of(source), path);
    }
    case "now":
      return () => formatRfc3339(ports.clock.nowMs());
    case "uuid":
      return () => ports.random.uuid();
    case "hostname":
      return constant(ports.host.hostname);
    case "env":
      // Read once, as Benthos does.
      return constant(ports.host.env(expression.name) ?? null);
    case "count":
      return compileCount(stream, expression.name);
    case "or":
      return compileOr(inner(expression.of), inner(expression.otherwise));
    case "string": {
      const of = inner(expression.of);
      return (source) => {
        const value = of(source);
        return typeof value === "string" ? value : JSON.stringify(value);
      };
    }
  }

  function inner(child: Expression): Evaluate {
    return compileExpression(child, stream);
  }
}

function constant(value: Json): Evaluate {
  return () => value;
}

function readThis(source: Source): Json {
  if (source instanceof NoSource) throw new MappingError(source.reason);
  return source;
}

function compileObject(entries: readonly { key: string; evaluate: Evaluate }[]): Evaluate {
  return (source) => {
    const object: Record<string, Json> = {};
    for (const { key, evaluate } of entries) setOwn(object, key, evaluate(source));
    return object;
  };
}

/** Counts from 1, all uses of one name together. */
function compileCount({ counters }: Stream, name: string): Evaluate {
  const counter = counters.get(name) ?? { value: 0 };
  counters.set(name, counter);
  return () => {
    counter.value += 1;
    return counter.value;
  };
}

/** The second value where the first is null or an error. */
function compileOr(of: Evaluate, otherwise: Evaluate): Evaluate {
  return (source) => {
    try {
      const value = of(source);
      if (value !== null) return value;
    } catch (error) {
      if (!(error instanceof MappingError)) throw error;
    }
    return otherwise(source);
  };
}
