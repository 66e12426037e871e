import { strict as assert } from 'node:assert';
import { noteSignal } from '#functions/abuse/links.js';
import { onMember } from '#functions/authority/staff-keys.js';
import { Promotion } from '#functions/contract/zones.js';
import { toDigest } from '#functions/core/digest.js';
import { toStaffKey } from '#functions/core/staff-key.js';
import { track } from '#functions/tracking/track.js';
import type { Backend } from '#fixtures/backend.js';
import { aPromotion, aZone, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

/** A field that no schema knows: the document cannot be read. */
const UNKNOWN = { addedLater: 1 };
const aUser = (displayName: string) => ({ displayName, locale: 'en', claimsVersion: 1, createdAtMs: START_MS });

describe('one unreadable document', () => {
  let backend: Backend;
  const city = async (facts: CityFacts = {}) => {
    backend = await aCity(facts);
  };
  const reported = async () =>
    (await backend.db.collection('operatorTasks').where('kind', '==', 'document_failed').get()).docs.map((one) =>
      String(one.get('path')),
    );
  const pays = async () => (await backend.db.collection('heldPays').get()).docs.map((one) => one.get('doubts'));
  afterEach(() => backend.close());

  describe('with the links of a customer', () => {
    const links = { signals: [], linked: [] };
    /** An order that is ready and finds no courier, until its deadline cancels it. */
    const cancelled = async (fields: object) => {
      await city({ couriers: 0 });
      const journey = await new Journey(backend).reach('accepted');
      await journey.move('mario', { action: 'markReady' });
      await backend.db.doc('links/carla').set({ ...links, ...fields });
      await backend.advance(60 * MINUTE);
      return (await backend.order(journey.orderId)).status;
    };

    it('is not needed for an order to be cancelled without a courier', async () => {
      assert.deepEqual([await cancelled({}), await reported(), await pays()], ['cancelled', [], [['unpaid']]]);
    });

    it("lets the order end, holds the kitchen's pay as for a conflict, and becomes an operator task", async () => {
      assert.deepEqual([await cancelled(UNKNOWN), await reported()], ['cancelled', ['links/carla']]);
      assert.deepEqual(await pays(), [['unpaid', 'conflict']]);
    });

    it('lets the customer cancel', async () => {
      await city({ couriers: 0 });
      const journey = await new Journey(backend).reach('accepted');
      await backend.db.doc('links/carla').set({ ...links, ...UNKNOWN });
      await journey.cancel('carla');
      assert.equal((await backend.order(journey.orderId)).status, 'cancelled');
    });

    it('lets an operator of another name act, not one whose links cannot be read', async () => {
      await city();
      const journey = await new Journey(backend).reach('accepted');
      const cancel = (idempotencyKey: string) =>
        backend.call('cancelOrder', 'olga', {
          orderId: journey.orderId,
          idempotencyKey,
          reason: 'closed',
          liable: 'platform',
        });
      await backend.db.doc('links/olga').set({ ...links, ...UNKNOWN });
      await assert.rejects(cancel('cancel-key-1'), { reason: 'OTHER_OPERATOR_REQUIRED' });
      await backend.db.doc('links/olga').set(links);
      await cancel('cancel-key-2');
    });
  });

  describe('with a quarter of an hour of a kitchen', () => {
    const slotOf = (atMs: number) => Math.floor(atMs / (15 * MINUTE)) * 15 * MINUTE;
    const quoted = async (fields: object) => {
      await city({ restaurant: { slotCapacity: 5 } });
      const slotMs = slotOf(backend.nowMs + 20 * MINUTE);
      await backend.db
        .doc(`restaurants/rosa/slots/${slotMs}`)
        .set({ holds: {}, expireAt: new Date(slotMs), ...fields });
      const { quoteId } = await backend.call('quote', 'carla', aCart());
      const slot = Number((await backend.db.doc(`quotes/${quoteId}`).get()).get('slotMs'));
      return { quarters: (slot - slotMs) / (15 * MINUTE), path: `restaurants/rosa/slots/${slotMs}` };
    };

    it('that can be read gives the quote its place', async () => {
      assert.equal((await quoted({})).quarters, 0);
      assert.deepEqual(await reported(), []);
    });

    it('that cannot be read moves the quote to the next one, with an operator task', async () => {
      const { quarters, path } = await quoted(UNKNOWN);
      assert.deepEqual([quarters, await reported()], [1, [path]]);
    });
  });

  describe('with an order of a restaurant', () => {
    /** The staff loses a member while one of two orders, or the restaurant, cannot be read. Does the key stay? */
    const keysAfterDismissal = async (path: (orderId: string) => string) => {
      await city();
      backend.identity.add('kim', { role: 'customer', merchant: { rosa: 'kitchen' } }, 'Kim');
      await backend.db
        .doc('restaurants/rosa/members/kim')
        .set({ role: 'kitchen', displayName: 'Kim', addedAtMs: START_MS });
      await onMember(backend.ctx, 'rosa', 'event-1');
      const { orderId } = await new Journey(backend).place();
      const paths = ['restaurants/rosa', `orders/${orderId}`];
      const has = async (one: string) => {
        const keys: unknown = (await backend.db.doc(one).get()).get('staffKeys');
        return Array.isArray(keys) && keys.includes(toStaffKey('kim'));
      };
      assert.deepEqual(await Promise.all(paths.map(has)), [true, true]);
      await backend.db.doc(path(orderId)).update(UNKNOWN);
      await backend.db.doc('restaurants/rosa/members/kim').delete();
      await onMember(backend.ctx, 'rosa', 'event-2');
      return Promise.all(paths.map(has));
    };

    it('that can be read loses the key of a dismissed member', async () =>
      assert.deepEqual(await keysAfterDismissal(() => 'users/carla/devices/phone'), [false, false]));

    it('that cannot be read loses it too', async () => {
      assert.deepEqual(await keysAfterDismissal((orderId) => `orders/${orderId}`), [false, false]);
      assert.equal((await reported()).length, 1);
    });

    it('loses it where the restaurant itself cannot be read', async () =>
      assert.deepEqual(await keysAfterDismissal(() => 'restaurants/rosa'), [false, false]));
  });

  describe('that many share', () => {
    const limited = Promotion.parse({
      ...aPromotion({ id: 'autumn', kind: 'order', benefit: { type: 'fixed', amountMinor: 100 } }),
      merchantFundedPpm: 1_000_000,
      totalLimit: 100,
    });
    const shard = 'zones/centre/promotions/autumn/shards/0';

    it('of a limited promotion disables the promotion, not the quote', async () => {
      await city({ promotions: [limited] });
      await backend.db.doc(shard).set({ left: 100 });
      const before = await backend.call('quote', 'carla', aCart());
      await backend.db.doc(shard).update(UNKNOWN);
      const after = await backend.call('quote', 'carla', aCart());
      assert.deepEqual([before.totals.discountMinor, after.totals.discountMinor], [100, 0]);
      assert.deepEqual(await reported(), [shard]);
    });

    it('of a limited promotion shows the customer the difference to an earlier quote', async () => {
      await city({ promotions: [limited] });
      await backend.db.doc(shard).set({ left: 100 });
      const { quoteId, totals } = await backend.call('quote', 'carla', aCart());
      await backend.db.doc(shard).update(UNKNOWN);
      const placed = await backend.call('placeOrder', 'carla', {
        quoteId,
        idempotencyKey: 'place-key-1',
        confirmedTotalMinor: totals.totalMinor,
        paymentMethodId: 'pm_card_visa',
      });
      assert.equal(placed.outcome, 'changed');
    });

    it('the order of another account on the phone, does not prevent ordering counted items', async () => {
      await city({ restaurant: { countsStock: true } });
      await backend.db.doc('restaurants/rosa/live/stock').set({ left: { margherita: 10 } });
      for (const uid of ['nina', 'carla']) await noteSignal(backend.ctx, uid, { kind: 'device', value: 'tablet' });
      const cart = aCart({ lines: [{ itemId: 'margherita', quantity: 1 }] });
      const { quoteId, totals } = await backend.call('quote', 'nina', cart);
      const confirmed = { confirmedTotalMinor: totals.totalMinor };
      await backend.call('placeOrder', 'nina', { quoteId, idempotencyKey: 'place-nina-1', ...confirmed });
      await backend.db.doc(`orders/${quoteId}`).update(UNKNOWN);
      const { orderId } = await new Journey(backend).place();
      assert.equal((await backend.order(orderId)).status, 'placed');
      assert.deepEqual(await reported(), [`orders/${quoteId}`]);
    });

    it('the table of rides, does not prevent the page of a shared link', async () => {
      await city();
      await new Journey(backend).reach('accepted');
      const { token } = await backend.ask('shareTracking', 'carla', { orderId: 'order-1', answer: 'share' });
      await backend.db.doc('zones/centre/stats/eta').set(UNKNOWN);
      assert.equal((await track(backend.ctx, token, '1.2.3.4')).status, 200);
    });

    it('another zone, does not prevent a customer with credit from deleting the account', async () => {
      await city();
      await backend.db.doc('users/carla').set(aUser('Carla'));
      const credit = { currency: 'EUR', amountMinor: 100, reason: 'sorry', idempotencyKey: 'credit-key-1' };
      await backend.ask('grantCredit', 'olga', { uid: 'carla', ...credit });
      await backend.db.doc('zones/north').set({ ...aZone(), ...UNKNOWN });
      backend.signIn('carla');
      await backend.call('deleteMyAccount', 'carla', {});
      assert.deepEqual(await reported(), ['zones/north']);
    });
  });

  it('with the authority of a courier does not prevent blocking the courier', async () => {
    await city();
    await backend.db.doc('users/omar').set(aUser('Omar'));
    const authority = {
      role: 'courier',
      merchant: {},
      blocked: false,
      version: 1,
      appliedVersion: 1,
      endSessions: false,
    };
    await backend.db.doc('authorities/omar').set({ ...authority, ...UNKNOWN });
    await backend.ask('blockUser', 'olga', { uid: 'omar', reason: 'stole food' });
    const { approved, online } = await backend.courier('omar');
    assert.deepEqual({ approved, online }, { approved: false, online: false });
    assert.deepEqual(await reported(), ['authorities/omar']);
  });

  describe('with a device that a family shares', () => {
    const sharing = async () => {
      const benefit = { type: 'fixed', amountMinor: 500 } as const;
      const welcome = { ...aPromotion({ id: 'welcome', kind: 'order', benefit }), firstOrderOnly: true };
      const cash = { maxOrderMinor: 5000, courierFloatMinor: 60_000, coinMinor: 1 };
      await city({ zone: { cash }, promotions: [welcome] });
      await noteSignal(backend.ctx, 'carla', { kind: 'device', value: 'tablet' });
      const [signal] = (await backend.db.collection('signals').get()).docs;
      await signal?.ref.update(UNKNOWN);
      return signal?.ref.path;
    };

    it('stops no order by card or in cash', async () => {
      const path = await sharing();
      await backend.call('quote', 'carla', aCart());
      const { quoteId, totals } = await backend.call('quote', 'carla', aCart({ paymentMethod: 'cash' }));
      const confirmed = { confirmedTotalMinor: totals.totalMinor };
      await backend.call('placeOrder', 'carla', { quoteId, idempotencyKey: 'place-key-1', ...confirmed });
      assert.equal((await backend.order(quoteId)).status, 'placed');
      assert.deepEqual(await reported(), [path]);
    });

    it('does not prevent the erasure of an account', async () => {
      await sharing();
      await backend.db.doc('users/carla').set(aUser('Carla'));
      backend.signIn('carla');
      await backend.call('deleteMyAccount', 'carla', {});
    });
  });

  describe('with a limit, which counts as unused,', () => {
    const spoil = async (kind: string, uid: string) => {
      const path = `limits/${kind}-${toDigest(uid)}`;
      await backend.db.doc(path).set({ tokens: 2, atMs: backend.nowMs, ...UNKNOWN });
      return path;
    };

    it('of hand-backs, does not keep an order with a courier who does not come', async () => {
      await city({ couriers: 2 });
      const journey = await new Journey(backend).reach('accepted');
      const uid = await journey.offered();
      await journey.answer(uid, 'accept');
      await journey.move('mario', { action: 'markReady' });
      const path = await spoil('handBack', uid);
      await backend.advance(30 * MINUTE);
      assert.notEqual((await backend.order(journey.orderId)).courierId, uid);
      assert.deepEqual(await reported(), [path]);
    });

    it('of unused offers, does not keep an offer open', async () => {
      await city({ couriers: 2 });
      const journey = await new Journey(backend).reach('accepted');
      const uid = await journey.offered();
      const path = await spoil('unusedOffer', uid);
      await journey.answer(uid, 'decline');
      assert.equal((await backend.courier(uid)).offer, null);
      assert.deepEqual(await reported(), [path]);
    });
  });
});
