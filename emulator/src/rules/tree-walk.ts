/** Walks over a ruleset's tree, for the checks and the coverage report. */
import { listChildren, type Expression, type FunctionDeclaration, type MatchBlock, type RulesetTree } from './ast.js';

/** Lists every match block, an outer one before those inside it. */
function* matchBlocks(matches: readonly MatchBlock[]): Generator<MatchBlock> {
  for (const match of matches) {
    yield match;
    yield* matchBlocks(match.matches);
  }
}

/** Lists every function of a ruleset, at any level. */
export function allFunctions(tree: RulesetTree): FunctionDeclaration[] {
  const inServices = tree.services.flatMap((service) => [
    ...service.functions,
    ...[...matchBlocks(service.matches)].flatMap(({ functions }) => functions),
  ]);
  return [...tree.functions, ...inServices];
}

/** Lists the lets of a function in order, and its body. */
export const expressionsIn = ({ lets, body }: FunctionDeclaration): Expression[] => [
  ...lets.map(({ value }) => value),
  body,
];

/** Lists whole expressions, without those inside them, in source order: conditions, lets and bodies. */
export function rootExpressions(tree: RulesetTree): Expression[] {
  const blocks = tree.services.flatMap(({ matches }) => [...matchBlocks(matches)]);
  const conditions = blocks.flatMap(({ allows }) => allows.flatMap(({ condition }) => condition ?? []));
  return [...conditions, ...allFunctions(tree).flatMap(expressionsIn)].sort((a, b) => a.start - b.start);
}

/** Lists an expression and all expressions inside it. */
export function* withNested(e: Expression): Generator<Expression> {
  yield e;
  for (const child of listChildren(e)) yield* withNested(child);
}
