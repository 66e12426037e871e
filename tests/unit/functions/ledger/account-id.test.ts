import assert from 'node:assert/strict';
import { accountIdOf, pseudonymOf } from '#functions/ledger/model/account-id.js';
import { staffKeyOf } from '#functions/core/staff-key.js';

describe('the id of a person in the ledger', () => {
  it('is 20 digits of the digest of the uid, as the rules compute it', () => {
    assert.equal(accountIdOf('omar'), 'ed92da0f47a727600e9d');
    assert.notEqual(accountIdOf('omar'), accountIdOf('olga'));
  });

  it('is none of the keys of staff, which are public', () => assert.notEqual(accountIdOf('omar'), staffKeyOf('omar')));

  it('is the same under the pseudonym after an erasure, so that later journals post to the same account', () => {
    assert.equal(pseudonymOf('omar'), 'erased-ed92da0f47a727600e9d');
    assert.equal(accountIdOf(pseudonymOf('omar')), accountIdOf('omar'));
    assert.equal(pseudonymOf(pseudonymOf('omar')), pseudonymOf('omar'));
  });
});
