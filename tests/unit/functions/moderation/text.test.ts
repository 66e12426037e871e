import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { asLineUpTo, asShownLineUpTo, asTextUpTo } from '#functions/moderation/text.js';

const FREE: readonly (readonly [source: string, text: string])[] = [
  ['  two\r\nlines\r ', 'two\nlines'],
  ['a\u2028b\u2029c\u0085d', 'a\nb\nc\nd'],
  ['e\u0301', 'é'],
  ['\ufeffzero\u200bwidth\u200c\u200d\u2060', 'zerowidth'],
  ['over\u202eridden\u2066\u2069\u200f', 'overridden'],
  ['nu\u0000l\u0007', 'nul'],
  ['half \ud83d pair \udc00', 'half  pair'],
  ['soft\u00adhyphen', 'softhyphen'],
  ['tags\u{e0041}\u{e007f}', 'tags'],
  ['blank\u3164\u115f\u2800', 'blank'],
  ['a\tb', 'a b'],
  ['❤\ufe0f 🍕 Łódź 寿司 مطعم', '❤\ufe0f 🍕 Łódź 寿司 مطعم'],
];

describe('free text', () => {
  for (const [source, text] of FREE)
    it(`is ${JSON.stringify(text)} for ${JSON.stringify(source)}`, () => assert.equal(asTextUpTo(source, 100), text));

  it('of one line has its lines joined', () =>
    assert.equal(asLineUpTo(' Rosa\r\n\n  Trattoria ', 100), 'Rosa Trattoria'));
  it('that other users read has no contacts and insults', () =>
    assert.equal(asShownLineUpTo('Ana 0660\u200b1234567', 100), 'Ana ••••••••'));
  it('that other users read is cut to its limit, without a blank or half a character at its end', () => {
    assert.equal(asShownLineUpTo('Ana Maria', 9), 'Ana Maria');
    assert.equal(asShownLineUpTo('Ana Maria', 4), 'Ana');
    assert.equal(asShownLineUpTo('Ana 🍕🍕', 5), 'Ana');
  });
  it('does not change when it is normalised again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (source) => {
        for (const normalise of [asTextUpTo, asLineUpTo, asShownLineUpTo])
          assert.equal(normalise(normalise(source, 500), 500), normalise(source, 500));
      }),
      { numRuns: 500 },
    );
  });
});
