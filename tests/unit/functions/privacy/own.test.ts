import assert from 'node:assert/strict';
import { toDigest } from '#functions/core/digest.js';
import { removeUidFromId, isDeleted, isOwn } from '#functions/privacy/model/own.js';
import { computeRemovals } from '#functions/privacy/model/pseudonymize.js';
import type { Person } from '#functions/privacy/model/person.js';
import { findEntry, type PersonalDataEntry } from '#functions/privacy/model/registry.js';

const CARLA: Person = { uid: 'carla', namelessId: 'erased-1', digests: new Set([toDigest('cc@demo.test')]) };

function holdingOf(path: string): PersonalDataEntry {
  const holding = findEntry(path);
  assert.ok(holding);
  return holding;
}

describe("a person's own documents", () => {
  const cases: readonly (readonly [what: string, path: string, data: object, expected: boolean])[] = [
    ['a message of the person', 'orders/o/messages/carla-1', { uid: 'carla' }, true],
    ['a message of another to the person', 'orders/o/messages/omar-1', { uid: 'omar', customerId: 'carla' }, false],
    ['the membership of the person', 'restaurants/rosa/members/carla', {}, true],
    ['the membership of another', 'restaurants/rosa/members/omar', {}, false],
    ['an invitation for the uid', 'restaurants/rosa/invitations/i', { to: { type: 'user', uid: 'carla' } }, true],
    ['an invitation for the address', 'restaurants/rosa/invitations/i', { to: { email: 'CC@demo.test' } }, true],
    ['an invitation for another address', 'restaurants/rosa/invitations/i', { to: { email: 'omar@demo.test' } }, false],
    ['the address in a field for something else', 'shares/s', { orderId: 'cc@demo.test', customerId: 'omar' }, false],
  ];
  for (const [what, path, data, expected] of cases) {
    it(`${expected ? 'include' : 'do not include'} ${what}`, () =>
      assert.equal(isOwn(holdingOf(path), path, { ...data }, CARLA), expected));
  }
});

describe('the documents that an erasure deletes', () => {
  const path = 'merchantApplications/trattoria';
  const isGone = (data: object) => isDeleted(holdingOf(path), path, { ...data }, CARLA);

  it('include an application that was not approved, also one that an earlier run left under the pseudonym', () => {
    for (const status of ['draft', 'submitted', 'rejected']) assert.equal(isGone({ ownerId: 'carla', status }), true);
    assert.equal(isGone({ ownerId: 'erased-1', status: 'draft' }), true);
  });

  it('do not include an approved application, or one of another applicant', () => {
    assert.equal(isGone({ ownerId: 'carla', status: 'approved' }), false);
    assert.equal(isGone({ ownerId: 'omar', status: 'draft', review: { by: 'carla' } }), false);
  });
});

describe('the id of a document that an erasure changes', () => {
  const idOf = (path: string, data: object) =>
    removeUidFromId(holdingOf(path), path.split('/').at(-1) ?? '', { ...data }, CARLA);

  it('is replaced in a report about what the person wrote, and stays in one about another', () => {
    assert.equal(idOf('reports/message-o-carla-1', { authorId: 'carla' }), 'message-o-erased-1-1');
    assert.equal(idOf('reports/message-o-carla-1', { authorId: 'omar' }), 'message-o-carla-1');
  });

  it('stays for an order and a quote, with any content', () => {
    assert.equal(idOf('orders/carla', { customerId: 'carla' }), 'carla');
    assert.equal(idOf('quotes/carla', { customerId: 'carla' }), 'carla');
  });

  it('is replaced in a paid tip of the person, and stays in one that the provider still has to report', () => {
    assert.equal(idOf('orders/o/tips/carla', { customerId: 'carla', status: 'paid' }), 'erased-1');
    assert.equal(idOf('orders/o/tips/carla', { customerId: 'erased-1', status: 'paid' }), 'erased-1');
    assert.equal(idOf('orders/o/tips/carla', { customerId: 'carla', status: 'pending' }), 'carla');
    assert.equal(idOf('orders/o/tips/carla', { customerId: 'omar', status: 'paid' }), 'carla');
  });
});

describe('the words of a document that an erasure changes', () => {
  it('stay where they are an address or a device of the person, and change where they are the uid', () => {
    const entry = { by: 'olga', reason: 'cc@demo.test called, with phone-of-carla; carla' };
    assert.deepEqual(computeRemovals('audit/{id}', entry, CARLA), {
      reason: 'cc@demo.test called, with phone-of-carla; erased-1',
    });
  });

  it('go where the customer wrote them, not where they are the answer to an edit or the reason of another', () => {
    const events = [
      { n: 1, action: 'answerEdit', by: 'customer', reason: 'approved' },
      { n: 2, action: 'cancel', by: 'customer', reason: 'My sister called' },
      { n: 3, action: 'edit', by: 'merchant', reason: 'Sold out' },
    ];
    const { events: left } = computeRemovals('orders/{orderId}', { customerId: 'carla', events }, CARLA);
    assert.deepEqual(left, [events[0], { n: 2, action: 'cancel', by: 'customer' }, events[2]]);
  });
});
