import assert from 'node:assert/strict';
import { areSameClaims, deriveClaims, withMembership } from '#functions/accounts/model/claims.js';
import { Claims, type Authority } from '#functions/contract/accounts.js';

type Roles = Authority['merchant'];
/** `restaurant-01` to `restaurant-<count>`, with ids as long as they may be where `length` says so. */
const restaurants = (count: number, length = 13): Roles =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `restaurant-${String(index + 1).padStart(2, '0')}`.padEnd(length, 'x'),
      'manager' as const,
    ]),
  );

describe('deriveClaims', () => {
  it('contains the role and the memberships', () => {
    assert.deepEqual(deriveClaims({ role: 'courier', merchant: { rosa: 'kitchen' }, blocked: false }), {
      role: 'courier',
      merchant: { rosa: 'kitchen' },
    });
    assert.deepEqual(deriveClaims({ role: null, merchant: {}, blocked: false }), {});
    assert.deepEqual(deriveClaims({ role: 'customer', merchant: {}, blocked: false }), { role: 'customer' });
  });

  it('contains no role of a blocked user, only the memberships', () => {
    const user = { role: 'operator' as const, merchant: { rosa: 'kitchen' as const } };
    assert.deepEqual(deriveClaims({ ...user, blocked: false }), user);
    assert.deepEqual(deriveClaims({ ...user, blocked: true }), { merchant: { rosa: 'kitchen' } });
  });

  it('names twelve restaurants, and of a thirteenth only that it exists', () => {
    assert.equal(
      deriveClaims({ role: 'customer', merchant: restaurants(12), blocked: false }).manyRestaurants,
      undefined,
    );
    const { merchant, manyRestaurants } = deriveClaims({ role: 'customer', merchant: restaurants(13), blocked: false });
    assert.equal(manyRestaurants, true);
    assert.deepEqual(merchant, restaurants(12));
  });

  for (const count of [12, 13, 60])
    it(`stays under the 1,000 bytes of Firebase with ${count} restaurants of the longest ids`, () => {
      const claims = deriveClaims({ role: 'customer', merchant: restaurants(count, 64), blocked: false });
      const bytes = Buffer.byteLength(JSON.stringify(claims));
      assert.ok(bytes > 900 && bytes < 1_000, String(bytes));
    });

  it('does not depend on the order in which the memberships were made', () => {
    const turned = Object.fromEntries(Object.entries(restaurants(20)).toReversed());
    assert.deepEqual(
      JSON.stringify(deriveClaims({ role: null, merchant: turned, blocked: false })),
      JSON.stringify(deriveClaims({ role: null, merchant: restaurants(20), blocked: false })),
    );
  });
});

describe('withMembership', () => {
  const before = { merchant: { rosa: 'kitchen' as const } };
  it('adds, changes and ends one, and keeps the others', () => {
    assert.deepEqual(withMembership(before, 'luigi', 'owner'), { rosa: 'kitchen', luigi: 'owner' });
    assert.deepEqual(withMembership(before, 'rosa', 'manager'), { rosa: 'manager' });
    assert.deepEqual(withMembership(before, 'rosa', null), {});
    assert.deepEqual(withMembership(before, 'luigi', null), { rosa: 'kitchen' });
  });
});

describe('areSameClaims', () => {
  const claims = { role: 'customer', merchant: { rosa: 'owner', luigi: 'kitchen' } } as const;
  it('compares the content, not the form', () => {
    assert.equal(areSameClaims(claims, { merchant: { luigi: 'kitchen', rosa: 'owner' }, role: 'customer' }), true);
    assert.equal(areSameClaims({ role: 'customer', merchant: {} }, { role: 'customer' }), true);
  });
  it('is false for another role, membership or flag', () => {
    assert.equal(areSameClaims(claims, { ...claims, role: 'operator' }), false);
    assert.equal(areSameClaims(claims, { ...claims, merchant: { rosa: 'owner' } }), false);
    assert.equal(areSameClaims(claims, { ...claims, merchant: { rosa: 'owner', luigi: 'manager' } }), false);
    assert.equal(areSameClaims(claims, { ...claims, manyRestaurants: true }), false);
  });
});

describe('Claims', () => {
  it('are those of the token, without its other fields', () => {
    const claims = { role: 'courier', merchant: { rosa: 'kitchen' }, manyRestaurants: true };
    assert.deepEqual(Claims.parse({ ...claims, auth_time: 1 }), claims);
    assert.deepEqual(Claims.parse({}), {});
  });

  it('are without a role that this version does not know, and keep the others', () => {
    const read = (claims: object) => toPair(Claims.parse(claims));
    assert.deepEqual(read({ role: 'auditor', merchant: { rosa: 'owner' } }), [undefined, { rosa: 'owner' }]);
    assert.deepEqual(read({ role: 'courier', merchant: { rosa: 'owner', verde: 'waiter' } }), [
      'courier',
      { rosa: 'owner' },
    ]);
    assert.deepEqual(read({ role: 'courier', merchant: 'all' }), ['courier', undefined]);
  });
});

const toPair = ({ role, merchant }: Claims) => [role, merchant];
