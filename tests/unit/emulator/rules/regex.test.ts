import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BudgetExceeded } from '#emulator/rules/evaluation-budget.js';
import { compileRegex } from '#emulator/rules/regex/index.js';

const matches = (pattern: string, text: string): boolean | undefined => compileRegex(pattern)?.matches(text);

describe('regex: syntax', () => {
  const matching: [pattern: string, text: string][] = [
    ['a{2,3}', 'aaa'],
    ['a{2,}', 'aaaa'],
    ['a{,2}', 'a{,2}'],
    ['(?:ab)+', 'abab'],
    ['(?P<n>a)(?<m>b)', 'ab'],
    ['(?i)straße', 'STRAßE'],
    ['(?i:a)b', 'Ab'],
    ['(?s).', '\n'],
    ['(?m)a$\\n^b', 'a\nb'],
    ['(?i)[a-c]+', 'AbC'],
    ['[]a]+', ']a'],
    ['[^]a]', 'b'],
    ['[a-]+', 'a-'],
    ['[[:^digit:]]+', 'ab'],
    ['[\\d_]+', '1_2'],
    ['\\pL\\p{Greek}\\PN', 'aαb'],
    ['\\Qa.b*\\E+', 'a.b**'],
    ['\\x{1F600}.', '😀😀'],
    ['\\101\\x42', 'AB'],
    ['\\Aab\\z', 'ab'],
    ['a\\b-\\Bb?', 'a-'],
    ['(|a)*', 'aa'],
    ['(?U)a+', 'aa'],
    ['x*', ''],
    ['[\\]]', ']'],
    ['a|', ''],
  ];
  for (const [pattern, text] of matching) {
    it(`matches ${JSON.stringify(text)} with ${pattern}`, () => assert.equal(matches(pattern, text), true));
  }

  const other: [pattern: string, text: string][] = [
    ['a.c', 'a\nc'],
    ['\\d', '٣'],
    ['\\s', '\v'],
    ['a\\Bb?', 'a'],
    ['(?i)a(?-i)b', 'AB'],
    ['[^a]', 'a'],
    ['^b', 'ab'],
    ['a$', 'ab'],
  ];
  for (const [pattern, text] of other) {
    it(`does not match ${JSON.stringify(text)} with ${pattern}`, () => assert.equal(matches(pattern, text), false));
  }

  for (const pattern of [
    '(?=a)',
    '(?!a)',
    '(?<=a)',
    '(a)\\1',
    'a**',
    'a+{2}',
    '*a',
    '(*)',
    '(a',
    'a)',
    '[a',
    '[b-a]',
    '[[:nope:]]',
    '[[:constructor:]]',
    '\\p{Nope}',
    '\\q',
    '\\8',
    'a{1001}',
    'a{2,1}',
    '(?P<n>a)(?P<n>b)',
    '(?z)',
    'a\\',
    '((a{500}){500})',
    '('.repeat(10_000),
  ]) {
    it(`refuses ${pattern.slice(0, 20)}`, () => assert.equal(compileRegex(pattern), undefined));
  }
});

describe('regex: time', () => {
  for (const [pattern, text] of [
    ['(a*)*b', 'a'],
    ['(a|a)*b', 'a'],
    ['(.*,){11}x', '1,'],
    ['(a?){100}a{100}', 'a'],
  ] as const) {
    it(`stays linear for ${pattern}`, function () {
      this.timeout(2000);
      assert.equal(matches(pattern, text.repeat(5000)), false);
    });
  }
});

describe('regex: replacing and splitting', () => {
  it('prefers the leftmost match, then the earlier alternative', () => {
    assert.equal(compileRegex('a|ab')?.replace('xab', '<$0>'), 'x<a>b');
    assert.equal(compileRegex('a+?')?.replace('aa', '-'), '--');
  });

  it('reads as many digits for a group as there are groups', () => {
    assert.equal(compileRegex('(a)')?.replace('a', '$12'), 'a2');
    assert.equal(compileRegex('a')?.replace('a', '$1'), undefined);
  });

  it('leaves a group without a match empty', () => assert.equal(compileRegex('(a)|b')?.replace('b', '[$1]'), '[]'));

  it('ends a match that counts to thousands over a long text, instead of blocking others', () => {
    assert.throws(() => matches('(?:(?:a?){900}){5}x', 'a'.repeat(20_000)), BudgetExceeded);
  });

  it('replaces empty matches between characters', () => assert.equal(compileRegex('')?.replace('a😀', '-'), '-a-😀-'));

  it('keeps empty parts but those at the end', () =>
    assert.deepEqual(compileRegex(',')?.split(',a,,b,,'), ['', 'a', '', 'b']));
});

/** Patterns that mean the same to RE2 and JavaScript. */
const pattern = fc.letrec<{ p: string }>((tie) => ({
  p: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\d', '\\w', '^', '$', '\\b'),
    fc.tuple(tie('p'), tie('p')).map((parts) => parts.join('')),
    fc.tuple(tie('p'), tie('p')).map((parts) => `(?:${parts.join('|')})`),
    fc
      .tuple(tie('p'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '*?', '+?'))
      .map(([item, times]) => `(${item})${times}`),
  ),
})).p;

describe('regex: against JavaScript', () => {
  it('finds the same whole matches', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' '), maxLength: 8 }),
        (source, text) => {
          assert.equal(matches(source, text), new RegExp(`^(?:${source})$`, 'u').test(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never throws, for any pattern', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string(),
        (source, text) => void compileRegex(source)?.replace(text, source),
      ),
    );
  });
});
