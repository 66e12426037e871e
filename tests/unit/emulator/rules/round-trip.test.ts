import assert from 'node:assert/strict';
import fc from 'fast-check';
import type {
  Allow,
  BinaryOperator,
  Expression,
  ExpressionNode,
  FunctionDeclaration,
  MatchBlock,
  Named,
  PatternPart,
  RulesetTree,
} from '#emulator/rules/ast.js';
import type { RulesMethod } from '#emulator/rules/index.js';
import { Parser } from '#emulator/rules/parser.js';
import { Source } from '#emulator/rules/source.js';
import { bool, bytes, float, int, RULES_NULL, str } from '#emulator/rules/values.js';
import { print, printRuleset } from './print.js';

const OPERATORS: readonly BinaryOperator[] = [
  '||',
  '&&',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  '+',
  '-',
  '*',
  '/',
  '%',
];
const METHODS: readonly RulesMethod[] = ['get', 'list', 'create', 'update', 'delete'];

const noSpan = { start: 0, end: 0 };
const placed = (node: ExpressionNode): Expression => ({ ...node, ...noSpan, depth: 1 });
const named = (name: string): Named => ({ name, ...noSpan });

const name = fc.constantFrom('a', 'b1', '_c', 'request', 'resource', 'default', 'of');
/** A keyword may be a field. */
const field = fc.oneof(name, fc.constantFrom('match', 'in', 'allow', 'if'));
const word = fc.constantFrom('a', 'b-c', 'd.e', '_1', '%41', '(default)');

const literal: fc.Arbitrary<ExpressionNode> = fc
  .oneof(
    fc.constantFrom(RULES_NULL, bool(true), bool(false)),
    fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(int),
    fc.double({ min: 0, max: 1e6, noNaN: true }).map(float),
    fc.string({ unit: 'grapheme', maxLength: 6 }).map(str),
    fc.uint8Array({ maxLength: 4 }).map((content) => bytes(Buffer.from(content))),
  )
  .map((value) => ({ kind: 'literal', value }));

const expression = fc.letrec<{ e: Expression }>((tie) => {
  const e = tie('e');
  const some = fc.array(e, { maxLength: 3 });
  const callee = name.map(named);
  return {
    e: fc
      .oneof(
        { maxDepth: 4, withCrossShrink: true },
        literal,
        fc.record({ kind: fc.constant('name' as const), name }),
        fc.record({ kind: fc.constant('list' as const), items: some }),
        fc.record({
          kind: fc.constant('map' as const),
          entries: fc.array(fc.record({ key: e, value: e }), { maxLength: 2 }),
        }),
        fc.record({
          kind: fc.constant('path' as const),
          segments: fc.array(fc.oneof(word, e), { minLength: 1, maxLength: 3 }),
        }),
        fc.record({ kind: fc.constant('member' as const), object: e, name: field }),
        fc.record({ kind: fc.constant('index' as const), object: e, index: e }),
        fc.record({ kind: fc.constant('slice' as const), object: e, from: e, to: e }),
        fc.record({ kind: fc.constant('call' as const), callee, args: some }),
        fc.record({ kind: fc.constant('method' as const), object: e, callee: field.map(named), args: some }),
        fc.record({ kind: fc.constant('unary' as const), op: fc.constantFrom('!' as const, '-' as const), operand: e }),
        fc.record({ kind: fc.constant('binary' as const), op: fc.constantFrom(...OPERATORS), left: e, right: e }),
        fc.record({ kind: fc.constant('is' as const), operand: e, type: fc.constantFrom('int', 'list', 'set') }),
        fc.record({ kind: fc.constant('ternary' as const), condition: e, whenTrue: e, whenFalse: e }),
      )
      .map(placed),
  };
}).e;

const declaration: fc.Arbitrary<FunctionDeclaration> = fc.record({
  kind: fc.constant('function'),
  name: name.map(named),
  parameters: fc.array(name.map(named), { maxLength: 2 }),
  lets: fc.array(fc.record({ name: name.map(named), value: expression }), { maxLength: 2 }),
  body: expression,
});
const functions = fc.array(declaration, { maxLength: 2 });

const allow: fc.Arbitrary<Allow> = fc
  .record({ methods: fc.subarray([...METHODS], { minLength: 1 }), condition: fc.option(expression) })
  .map(({ methods, condition }) => ({
    kind: 'allow',
    methods: new Set(methods),
    ...(condition ? { condition } : {}),
    ...noSpan,
  }));

const part: fc.Arbitrary<PatternPart> = fc.oneof(
  fc.record({ kind: fc.constant('literal' as const), text: word }),
  fc
    .record({ kind: fc.constantFrom('one' as const, 'many' as const), name: name })
    .map((one) => ({ ...one, ...noSpan })),
);

const match = fc.letrec<{ m: MatchBlock }>((tie) => ({
  m: fc.record({
    kind: fc.constant('match' as const),
    pattern: fc.array(part, { minLength: 1, maxLength: 3 }),
    functions,
    allows: fc.array(allow, { maxLength: 2 }),
    matches: fc.oneof({ maxDepth: 2 }, fc.constant([]), fc.array(tie('m'), { maxLength: 2 })),
    start: fc.constant(0),
    end: fc.constant(0),
  }),
})).m;

const ruleset: fc.Arbitrary<RulesetTree> = fc.record({
  version: fc.constant(2 as const),
  functions,
  services: fc.array(
    fc.record({
      kind: fc.constant('service' as const),
      name: fc.constantFrom('cloud.firestore', 'firebase.storage', 'a'),
      functions,
      matches: fc.array(match, { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
});

/** A tree without its places in the source, which printing changes. */
function bare(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(bare);
  if (tree instanceof Set) return [...tree].sort();
  if (typeof tree !== 'object' || tree === null || ArrayBuffer.isView(tree)) return tree;
  const kept = Object.entries(tree).filter(([key]) => !['start', 'end', 'depth', 'constant'].includes(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, bare(value)]));
}

const parsed = (text: string): RulesetTree => new Parser(new Source(text, 'x.rules')).ruleset();

describe('rules: a tree that is printed and parsed', () => {
  it('is the same, for any expression', () => {
    fc.assert(
      fc.property(expression, (e) => {
        const [reread] = parsed(`function f() { return ${print(e)}; }`).functions;
        assert.deepEqual(bare(reread?.body), bare(e), print(e));
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same, for any ruleset', () => {
    fc.assert(
      fc.property(ruleset, (tree) => {
        assert.deepEqual(bare(parsed(printRuleset(tree))), bare(tree), printRuleset(tree));
      }),
      { numRuns: 200 },
    );
  });

  it('differs when a parenthesis is taken away that the grammar needs', () => {
    const body = (text: string): unknown => bare(parsed(`function f() { return ${text}; }`).functions[0]?.body);
    assert.deepEqual(body('(a + b) + c'), body('a + b + c'));
    assert.notDeepEqual(body('a + (b + c)'), body('a + b + c'));
  });
});
