import { strict as assert } from 'node:assert';
import { isUnknownUser } from '#functions/platform/identity.js';

const answer = (code: string) => Object.assign(new Error('refused'), { code });

describe('isUnknownUser', () => {
  it('is true where there is no such user, or can be none with such a number or address', () => {
    for (const code of ['auth/user-not-found', 'auth/invalid-phone-number', 'auth/invalid-email'])
      assert.equal(isUnknownUser(answer(code)), true, code);
  });

  it('is false for a fault', () => {
    for (const error of [answer('auth/internal-error'), new Error('auth/user-not-found'), 'auth/user-not-found'])
      assert.equal(isUnknownUser(error), false);
  });
});
