import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { toAccountId, toPseudonym } from '#functions/ledger/model/account-id.js';
import { toStaffKey } from '#functions/core/staff-key.js';

describe('the id of a person in the ledger', () => {
  it('is 20 digits of the digest of the uid, as the rules compute it', () => {
    assert.equal(toAccountId('omar'), 'ed92da0f47a727600e9d');
    assert.notEqual(toAccountId('omar'), toAccountId('olga'));
  });

  it('is that digest for any uid, the first time and again', () =>
    fc.assert(
      fc.property(fc.uuid(), (uid) => {
        const digest = createHash('sha256').update(`ledger:${uid}`).digest('hex');
        assert.deepEqual([toAccountId(uid), toAccountId(uid)], [digest.slice(0, 20), digest.slice(0, 20)]);
      }),
    ));

  it('differs from the keys of staff, which are public', () =>
    assert.notEqual(toAccountId('omar'), toStaffKey('omar')));

  it('is the same under the pseudonym after an erasure, so that later journals post to the same account', () => {
    assert.equal(toPseudonym('omar'), 'erased-ed92da0f47a727600e9d');
    assert.equal(toAccountId(toPseudonym('omar')), toAccountId('omar'));
    assert.equal(toPseudonym(toPseudonym('omar')), toPseudonym('omar'));
  });
});
