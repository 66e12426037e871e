import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compileRules } from '#emulator/rules/index.js';
import type { RulesValue } from '#emulator/rules/index.js';
import { bool, float, int, list, map, path, RULES_NULL, str } from '#emulator/rules/values.js';
import { set } from '#emulator/rules/value-set.js';
import { contains } from '#emulator/rules/equality.js';
import { aRequest, compiled, firestoreRules } from './support.js';

const TOKENS = [
  ...'{}[]();:,.?!<>=+-*/%$\'"&|\\',
  'service',
  'match',
  'allow',
  'read',
  'if',
  'function',
  'return',
  'let',
  'in',
  'is',
  'rules_version',
  '==',
  '&&',
  '||',
  '**',
  'true',
  'null',
  '1',
  '2.5',
  "'a'",
  "b'x'",
  'x',
  'request',
  ' ',
  '\n',
  '//',
  '/*',
  '*/',
  '/a',
  '$(',
  'é',
];

/** Expressions that parse, though most of them fail when they run. */
const expression = fc.letrec<{ e: string }>((tie) => {
  const method = fc.constantFrom(
    'size',
    'keys',
    'hasAll',
    'get',
    'matches',
    'split',
    'diff',
    'bind',
    'toSet',
    'union',
    'seconds',
    'replace',
  );
  return {
    e: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(
        '1',
        '-2',
        '2.5',
        `'a'`,
        `''`,
        `b'x'`,
        'null',
        'true',
        'false',
        '[]',
        '{}',
        'request',
        'resource.data',
        'id',
        '/a/b',
        'request.time',
        'nobody',
      ),
      fc
        .tuple(tie('e'), fc.constantFrom('+', '-', '*', '/', '%', '==', '<', '&&', '||', 'in'), tie('e'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(fc.constantFrom('!', '-'), tie('e')).map(([op, a]) => `${op}(${a})`),
      fc
        .tuple(tie('e'), method, fc.array(tie('e'), { maxLength: 2 }))
        .map(([a, name, args]) => `(${a}).${name}(${args.join(', ')})`),
      fc
        .tuple(fc.constantFrom('int', 'string', 'path', 'get', 'math.abs', 'duration.value', 'f'), tie('e'))
        .map(([name, a]) => `${name}(${a})`),
      fc.tuple(tie('e'), tie('e')).map(([a, b]) => `(${a})[${b}]`),
      fc.tuple(tie('e'), tie('e'), tie('e')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      fc.array(tie('e'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      tie('e').map((a) => `{'k': ${a}}`),
      tie('e').map((a) => `/x/$(${a})`),
      tie('e').map((a) => `(${a}) is list`),
    ),
  };
}).e;

/** Values that often equal each other, or nearly. */
const anyValue: fc.Arbitrary<RulesValue> = fc.letrec<{ v: RulesValue }>((tie) => ({
  v: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(
      RULES_NULL,
      bool(true),
      int(1),
      float(1),
      int(0),
      float(-0),
      float(NaN),
      int(2n ** 53n),
      int(2n ** 53n + 1n),
    ),
    fc.constantFrom('', '1', 'float 1', 'a').map(str),
    fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }).map(path),
    fc.array(tie('v'), { maxLength: 2 }).map(list),
    fc.array(tie('v'), { maxLength: 2 }).map((values) => set(values)),
    fc.dictionary(fc.constantFrom('a', 'b'), tie('v')).map((fields) => map(fields)),
  ),
})).v;

describe('rules: properties', () => {
  it('a set contains of its values each that equals none before it', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 12 }), (values) => {
        const distinct: RulesValue[] = [];
        for (const one of values) if (!contains(distinct, one)) distinct.push(one);
        assert.deepEqual(set(values).values, distinct);
      }),
      { numRuns: 500 },
    );
  });

  it('any text compiles or has issues, all with valid positions', () => {
    const source = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...TOKENS), { maxLength: 60 }).map((tokens) => tokens.join('')),
    );
    fc.assert(
      fc.property(source, (text) => {
        const { ruleset, issues } = compileRules(text, 'x.rules');
        assert.equal(
          ruleset === undefined,
          issues.some(({ severity }) => severity === 'ERROR'),
        );
        for (const { position } of issues) {
          if (position)
            assert.ok(position.line >= 1 && position.column >= 1 && position.endOffset >= position.currentOffset);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('any expression decides a get and a query, without throwing', () => {
    fc.assert(
      fc.property(expression, (condition) => {
        const source = firestoreRules(
          `function f(a) { return a; } match /orders/{id} { allow read: if ${condition}; }`,
        );
        const { ruleset } = compileRules(source, 'x.rules');
        const resource = map({ data: map({ n: int(1), s: str('a') }) });
        ruleset?.decide(aRequest({ resource }));
        const query = {
          collectionId: 'orders',
          allDescendants: false,
          disjuncts: [[{ field: ['n'], op: '>' as const, value: int(0) }]],
          limit: null,
          offset: 0,
          orderBy: null,
        };
        ruleset?.decide(aRequest({ method: 'list', path: ['databases', '(default)', 'documents', 'orders'], query }));
      }),
      { numRuns: 500 },
    );
  });

  it('a query that is allowed allows a get of each document that it finds', () => {
    const compared = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
    const small = fc.integer({ min: 0, max: 4 });
    const finds = {
      '==': (a: number, b: number) => a === b,
      '!=': (a: number, b: number) => a !== b,
      '<': (a: number, b: number) => a < b,
      '<=': (a: number, b: number) => a <= b,
      '>': (a: number, b: number) => a > b,
      '>=': (a: number, b: number) => a >= b,
    };
    fc.assert(
      fc.property(compared, small, compared, small, small, fc.boolean(), (rule, bound, filter, value, n, negated) => {
        const condition = `${negated ? '!' : ''}(resource.data.n ${rule} ${bound})`;
        const ruleset = compiled(firestoreRules(`match /orders/{id} { allow read: if ${condition}; }`));
        const query = {
          collectionId: 'orders',
          allDescendants: false,
          disjuncts: [[{ field: ['n'], op: filter, value: int(value) }]],
          limit: null,
          offset: 0,
          orderBy: null,
        };
        const { resource: _, ...aList } = aRequest({
          method: 'list',
          path: ['databases', '(default)', 'documents', 'orders'],
          query,
        });
        const isListed = ruleset.decide(aList).allowed && finds[filter](n, value);
        const resource = map({ data: map({ n: int(n), other: bool(true) }) });
        assert.ok(
          !isListed || ruleset.decide(aRequest({ resource })).allowed,
          `${condition} for n = ${n}, where n ${filter} ${value}`,
        );
      }),
      { numRuns: 500 },
    );
  });
});
