import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isIban, normalizeIban } from '#functions/payouts/model/iban.js';

/** Source: SWIFT, "IBAN Registry", the examples of these countries. */
const EXAMPLES = [
  'AT61 1904 3002 3457 3201',
  'DE89 3704 0044 0532 0130 00',
  'FR14 2004 1010 0505 0001 3M02 606',
  'MT84 MALT 0110 0001 2345 MTLC AST0 01S',
  'NO93 8601 1117 947',
];

describe('isIban', () => {
  for (const example of EXAMPLES) it(`accepts ${example}`, () => assert.ok(isIban(normalizeIban(example))));

  it('accepts small letters and blanks, once normalized', () =>
    assert.ok(isIban(normalizeIban(' at61 1904 3002 3457 3201 '))));

  it('refuses an IBAN with any one digit replaced', () =>
    fc.assert(
      fc.property(fc.constantFrom(...EXAMPLES), fc.nat(), fc.integer({ min: 1, max: 9 }), (example, at, by) => {
        const iban = normalizeIban(example);
        const digits = [...iban].flatMap((one, index) => (/\d/.test(one) ? [index] : []));
        const index = digits[at % digits.length] ?? 2;
        const replaced = (Number(iban[index]) + by) % 10;
        assert.ok(!isIban(iban.slice(0, index) + replaced + iban.slice(index + 1)));
      }),
    ));

  for (const [what, text] of [
    ['a card number', '4242424242424242'],
    ['an IBAN without its end', 'AT61190430023457'],
    ['other characters', 'AT61-1904-3002-3457-3201'],
    ['nothing', ''],
  ] as const)
    it(`refuses ${what}`, () => assert.ok(!isIban(text)));
});
