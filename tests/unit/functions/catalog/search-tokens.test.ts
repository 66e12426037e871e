import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  isOneEdit,
  matchesWord,
  listTypos,
  computeSearchTokens,
  splitWords,
} from '#functions/catalog/model/search-tokens.js';
import { aMenu, aRestaurant } from '#fixtures/catalogue.js';

const tokens = computeSearchTokens(aRestaurant({ name: 'Café Zoë', cuisines: ['Crème brûlée'] }), aMenu());
const finds = (word: string) => matchesWord(tokens, word);

describe('splitWords', () => {
  it('drops case, accents and signs', () =>
    assert.deepEqual(splitWords('Crème brûlée & STRAẞE, Smørrebrød-łosoś №5'), [
      'creme',
      'brulee',
      'strasse',
      'smorrebrod',
      'losos',
      'no5',
    ]));
  it('keeps other scripts, and cuts a word that is too long', () =>
    assert.deepEqual(splitWords('Пицца ラーメン Donaudampfschiff'), ['пицца', 'ラーメン', 'donaudampfsc']));
  it('returns an empty list for an empty text', () => assert.deepEqual(splitWords(' – !'), []));
});

describe('computeSearchTokens', () => {
  it('contains the beginnings of a word from two letters, and the word with each letter left out', () => {
    const { items: _, ...nothing } = aMenu();
    const few = computeSearchTokens({ name: 'Rosa', cuisines: [] }, { ...nothing, items: [] });
    assert.deepEqual(few, ['ro', 'ros', 'rosa', '~rosa', '~osa', '~rsa', '~roa', '~ros']);
  });
  it('stops at two thousand, with the name first', () => {
    const [dish] = aMenu().items;
    assert.ok(dish);
    const items = Array.from({ length: 500 }, (_, index) => ({ ...dish, name: `dish${index}` }));
    const many = computeSearchTokens({ name: 'Zanzibar', cuisines: [] }, { ...aMenu(), items });
    assert.ok(many.length <= 2000 && many.length > 1980 && many.includes('zanzibar'));
  });
});

describe('matchesWord', () => {
  it('finds a name, a cuisine, a category and a dish, by their beginnings too', () =>
    assert.deepEqual(['zoe', 'creme', 'piz', 'margh', 'calzone'].map(finds), [true, true, true, true, true]));
  it('accepts one letter more, less, another, or two that changed places', () =>
    assert.deepEqual(['margheritta', 'margerita', 'margharita', 'magrherita'].map(finds), [true, true, true, true]));
  it('does not accept two errors', () =>
    assert.deepEqual(['margerrita', 'calzzonne', 'pasta'].map(finds), [false, false, false]));
  it('accepts no error in a short word', () => assert.deepEqual(['zo', 'zie', 'zoe'].map(finds), [true, false, true]));
});

describe('listTypos', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'), minLength: 4, maxLength: 11 });
  const edits: fc.Arbitrary<(text: string) => string> = fc.oneof(
    fc.nat(10).map((at) => (text: string) => text.slice(0, at % text.length) + text.slice((at % text.length) + 1)),
    fc.nat(10).map((at) => (text: string) => `${text.slice(0, at)}x${text.slice(at)}`),
    fc
      .nat(10)
      .map((at) => (text: string) => `${text.slice(0, at % text.length)}y${text.slice((at % text.length) + 1)}`),
    fc.nat(10).map((at) => (text: string) => {
      const [i, letters] = [at % (text.length - 1), Array.from(text)];
      return [...letters.slice(0, i), letters[i + 1], letters[i], ...letters.slice(i + 2)].join('');
    }),
  );
  it('shares one entry between a word and any one edit of it, which isOneEdit confirms', () =>
    fc.assert(
      fc.property(word, edits, (text, edit) => {
        const slipped = edit(text);
        assert.ok(isOneEdit(text, slipped) && isOneEdit(slipped, text));
        if (slipped.length >= 4) assert.ok(listTypos(slipped).some((slip) => listTypos(text).includes(slip)));
      }),
    ));
  it('has few enough entries for one query: Firestore accepts thirty', () =>
    assert.equal(listTypos('abcdefghijkl').length, 13));
});

describe('isOneEdit', () => {
  it('is false two edits apart, also where both are equal with a letter left out', () =>
    assert.deepEqual(
      [isOneEdit('abcd', 'bcda'), isOneEdit('abcd', 'abdx'), isOneEdit('abcd', 'abcdef')],
      [false, false, false],
    ));
});
