import type { Json } from "./json.ts";
import type { Mapping, Statement } from "./ast.ts";
import { assignPath, type Draft } from "./assign-path.ts";
import { compileExpression, type Stream } from "./compile-expression.ts";
import { MappingError } from "./mapping-error.ts";
import { positionAt } from "./position.ts";
import { sourceOf, type Source } from "./source.ts";

/**
 * Makes a mapping runnable: closures built once, nothing parsed or looked up by name again. It takes the
 * previous document (`undefined` for an input, which has none) and gives a new one.
 *
 * @param place which mapping of the config this is, for errors
 * @throws MappingError (when run) with place, line and reason
 */
export function compileMapping(
  mapping: Mapping,
  stream: Stream,
  place: string,
): (document: Json | undefined) => Json {
  const assignments = mapping.statements.map((statement) => compileStatement(statement, stream));

  return (document) => {
    const source = sourceOf(document);
    const draft: Draft = { root: null, isOwn: false };
    let index = 0;
    try {
      for (const assign of assignments) {
        assign(draft, source);
        index += 1;
      }
    } catch (error) {
      const { line } = positionAt(mapping.text, mapping.statements[index]?.at ?? 0);
      const reason = error instanceof Error ? error.message : String(error);
      throw new MappingError(`${place}, line ${line}: ${reason}`, { cause: error });
    }
    return draft.root;
  };
}

function compileStatement(statement: Statement, stream: Stream): (draft: Draft, source: Source) => void {
  const { path } = statement;
  const evaluate = compileExpression(statement.value, stream);
  if (path.length > 0) return (draft, source) => assignPath(draft, path, evaluate(source));
  return (draft, source) => {
    draft.root = evaluate(source);
    // It may be `this` itself.
    draft.isOwn = false;
  };
}
