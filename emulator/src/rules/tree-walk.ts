/** Walks over a ruleset's tree, shared by the checks and the coverage report. */
import { childrenOf, type Expression, type FunctionDeclaration, type MatchBlock, type RulesetTree } from './ast.js';

/** Every match block, an outer one before those inside it. */
function* matchBlocks(matches: readonly MatchBlock[]): Generator<MatchBlock> {
  for (const match of matches) {
    yield match;
    yield* matchBlocks(match.matches);
  }
}

/** Every function, wherever it is declared. */
export function allFunctions(tree: RulesetTree): FunctionDeclaration[] {
  const inServices = tree.services.flatMap((service) => [
    ...service.functions,
    ...[...matchBlocks(service.matches)].flatMap(({ functions }) => functions),
  ]);
  return [...tree.functions, ...inServices];
}

/** The lets of a function in order, and its body. */
export const expressionsIn = ({ lets, body }: FunctionDeclaration): Expression[] => [
  ...lets.map(({ value }) => value),
  body,
];

/** Whole expressions, not those inside them, in source order: conditions, lets and bodies. */
export function rootExpressions(tree: RulesetTree): Expression[] {
  const blocks = tree.services.flatMap(({ matches }) => [...matchBlocks(matches)]);
  const conditions = blocks.flatMap(({ allows }) => allows.flatMap(({ condition }) => condition ?? []));
  return [...conditions, ...allFunctions(tree).flatMap(expressionsIn)].sort((a, b) => a.start - b.start);
}

/** An expression and all inside it. */
export function* withNested(e: Expression): Generator<Expression> {
  yield e;
  for (const child of childrenOf(e)) yield* withNested(child);
}
