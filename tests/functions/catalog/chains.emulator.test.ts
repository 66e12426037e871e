import { strict as assert } from 'node:assert';
import type { CallableName } from '#functions/calls/callables.js';
import { refreshStaffKeys } from '#functions/authority/staff-keys.js';
import { toStaffKey } from '#functions/core/staff-key.js';
import type { Backend } from '#fixtures/backend.js';
import { aMenu, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const rosa = { restaurantId: 'rosa' };
const key = { orderId: 'order-1', idempotencyKey: 'chain-key-1' };
type Status = Parameters<Journey['reach']>[0];

/** Every call of a restaurant's staff, with the status of the order in which it is possible. */
const CALLS: readonly (readonly [name: CallableName, request: object, status: Status])[] = [
  ['switchStore', { ...rosa, to: { type: 'paused', minutes: 10 } }, 'placed'],
  ['updateStore', { ...rosa, changes: { prepMinutes: 20 } }, 'placed'],
  ['setSoldOut', { ...rosa, ids: ['cola'], untilMs: null }, 'placed'],
  ['setStock', { ...rosa, left: { cola: 3 } }, 'placed'],
  ['inviteMember', { ...rosa, to: { type: 'user', uid: 'nina' }, role: 'kitchen' }, 'placed'],
  ['setMemberRole', { ...rosa, uid: 'chiara', role: 'owner' }, 'placed'],
  ['payoutsReport', { ...rosa, fromDay: '2026-03-01', toDay: '2026-03-02' }, 'placed'],
  ['moveOrder', { ...key, move: { action: 'accept' } }, 'placed'],
  ['cancelOrder', { ...key, reason: 'no gas' }, 'preparing'],
  ['editOrder', { ...key, changes: [{ type: 'reduce', line: 0, quantity: 1 }], reason: 'sold out' }, 'preparing'],
  ['readPickUpCode', { orderId: 'order-1' }, 'preparing'],
  [
    'refundOrder',
    {
      ...key,
      what: { type: 'lines', lines: [{ line: 0, quantity: 1 }] },
      reason: 'cold',
      liable: 'merchant',
      to: 'card',
    },
    'delivered',
  ],
];

/** Chiara owns thirteen restaurants or more, and her claims do not name Rosa's. */
async function aChain(status: Status, many: { manyRestaurants?: true }): Promise<Backend> {
  const backend = await aCity();
  await backend.db
    .doc('restaurants/rosa/members/chiara')
    .set({ role: 'owner', displayName: 'Chiara', addedAtMs: START_MS });
  backend.identity.add('chiara', { role: 'customer', merchant: { trattoria: 'owner' }, ...many }, 'Chiara');
  await refreshStaffKeys(backend.ctx, 'rosa');
  await new Journey(backend).reach(status);
  return backend;
}

describe('the owner of more restaurants than the claims name', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  for (const [name, request, status] of CALLS)
    it(`may call ${name}`, async () => {
      backend = await aChain(status, { manyRestaurants: true });
      await backend.call(name, 'chiara', request);
    });

  it('publishes a menu, and replies to a review', async () => {
    backend = await aChain('delivered', { manyRestaurants: true });
    const { currency, items, groups } = aMenu();
    await backend.db.doc('restaurants/rosa/menus/draft').set({ currency, items, groups });
    assert.equal((await backend.ask('publishMenu', 'chiara', { ...rosa, basedOnVersion: 1 })).version, 2);
    await backend.ask('reviewOrder', 'carla', { orderId: 'order-1', restaurant: { stars: 2, text: 'Lukewarm' } });
    const reply = { ...rosa, orderId: 'order-1', text: 'Sorry' };
    assert.deepEqual(await backend.ask('replyToReview', 'chiara', reply), { state: 'shown' });
  });

  it('accepts an order by a command', async () => {
    backend = await aChain('placed', { manyRestaurants: true });
    const command = { uid: 'chiara', role: 'merchant', request: { type: 'move', move: { action: 'accept' } } } as const;
    const answer = await backend.command('order-1', 'chiara-command-1', command);
    assert.equal(answer?.state, 'applied');
  });

  it('takes no step without the flag in the claims: they name all restaurants then', async () => {
    backend = await aChain('placed', {});
    const move = backend.ask('moveOrder', 'chiara', { ...key, move: { action: 'accept' } });
    await assert.rejects(move, { reason: 'ORDER_NOT_FOUND' });
  });

  it('finds the restaurant by the own key, until the membership ends', async () => {
    backend = await aChain('placed', { manyRestaurants: true });
    const mine = async () => {
      const restaurants = backend.db.collection('restaurants');
      const found = await restaurants.where('staffKeys', 'array-contains', toStaffKey('chiara')).limit(50).get();
      return found.docs.map(({ id }) => id);
    };
    assert.deepEqual(await mine(), ['rosa']);
    await backend.db.doc('restaurants/rosa/members/chiara').delete();
    await refreshStaffKeys(backend.ctx, 'rosa');
    assert.deepEqual(await mine(), []);
  });
});
