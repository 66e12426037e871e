import assert from 'node:assert/strict';
import { identifies, pseudonymize, type Person } from '#functions/privacy/model/person.js';

const person = (uid: string): Person => ({ uid, namelessId: 'erased-1', digests: new Set() });
const DRAWN = 'kX3vZbQm8dPp1rTtUe0aWc9sYn2L';

describe('an identifier of a person', () => {
  const cases: readonly (readonly [what: string, value: unknown, who: Person, expected: unknown])[] = [
    ['a uid', DRAWN, person(DRAWN), 'erased-1'],
    ['a uid within a text', `x${DRAWN}y`, person(DRAWN), 'xerased-1y'],
    ['a uid that is a key', { [DRAWN]: 1 }, person(DRAWN), { 'erased-1': 1 }],
    ['a uid in a list in a map', { a: [{ b: [DRAWN] }] }, person(DRAWN), { a: [{ b: ['erased-1'] }] }],
    ['a chosen uid in a path', 'users/omar/inbox', person('omar'), 'users/erased-1/inbox'],
    [
      'a chosen uid with the number of a message',
      'orders/o/messages/omar-1',
      person('omar'),
      'orders/o/messages/erased-1-1',
    ],
    [
      'a chosen uid with the number of a command',
      'command:omar-command-2',
      person('omar'),
      'command:erased-1-command-2',
    ],
    ['a chosen uid in the id of a message', { messageId: 'omar-1' }, person('omar'), { messageId: 'erased-1-1' }],
  ];
  for (const [what, value, who, expected] of cases) {
    it(`is found and replaced as ${what}`, () => {
      assert.ok(identifies(value, who));
      assert.deepEqual(pseudonymize(value, who), expected);
      assert.ok(!identifies(expected, who));
    });
  }

  const others: readonly (readonly [what: string, value: unknown])[] = [
    ['the uid of another that begins alike', { courierId: 'omar-2' }],
    ['a path of that other', 'couriers/omar-2/live/o'],
    ['a longer word', 'omario'],
    ['a number', 7],
    ['nothing', null],
  ];
  for (const [what, value] of others) {
    it(`is not ${what}`, () => {
      assert.ok(!identifies(value, person('omar')));
      assert.deepEqual(pseudonymize(value, person('omar')), value);
    });
  }
});
