import assert from 'node:assert/strict';
import { noteSignal, updateCourierParties, toAddressSignal } from '#functions/abuse/links.js';
import { MAX_LINKED } from '#functions/contract/abuse.js';
import { toStaffKey } from '#functions/core/staff-key.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { aPromotion, MINUTE, START_MS, theDropOff } from '#fixtures/catalogue.js';
import { aCity, type CityFacts } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

const DAY = 24 * 60 * MINUTE;
const FIVE = { kind: 'order', code: 'FIVE', benefit: { type: 'fixed', amountMinor: 500 } } as const;
const byPlatform = aPromotion({ ...FIVE, id: 'five', merchantFundedPpm: 0 });
const byMerchant = aPromotion({ ...FIVE, id: 'five', merchantFundedPpm: 1_000_000 });
const OPINION = { orderId: 'order-1', restaurant: { stars: 5, text: '' } };
const COMPLAINT = {
  orderId: 'order-1',
  idempotencyKey: 'claim-key-1',
  kind: 'missing' as const,
  lines: [{ line: 0, quantity: 1 }],
  text: 'none',
};

let backend: Backend;
const city = async (facts: CityFacts = {}) => (backend = await aCity(facts));
const makeStaff = (uid: string, restaurantId = 'rosa', role = 'kitchen') =>
  backend.db.doc(`restaurants/${restaurantId}/members/${uid}`).set({ role, displayName: uid, addedAtMs: START_MS });
const share = (...uids: string[]) =>
  uids.reduce(
    (before, uid) => before.then(() => noteSignal(backend.ctx, uid, { kind: 'device', value: 'one-phone' })),
    Promise.resolve(),
  );
const taskKinds = async () =>
  (await backend.db.collection('operatorTasks').get()).docs.map((task) => String(task.get('kind')));

/** The provider keeps the card for the customer. */
async function saveCard(uid: string, paymentMethodId: string): Promise<void> {
  await paths.billing(backend.db, uid).set({ stripeCustomerId: `cus_${uid}` });
  backend.fake.cards.set(`cus_${uid}`, [{ paymentMethodId, brand: 'visa', last4: '4242', expMonth: 1, expYear: 2030 }]);
}

describe('the parties of one order', () => {
  afterEach(() => backend.close());

  describe('the courier', () => {
    const asked = async () => {
      const journey = await new Journey(backend).reach('accepted');
      return journey.offered();
    };

    it('is the nearest who is not the customer', async () => {
      await city({ couriers: 2 });
      assert.equal(await asked(), 'omar');
      await backend.close();
      await city({ couriers: 2 });
      const order = new Journey(backend);
      await order.place();
      await backend.db.doc('orders/order-1').update({ customerId: 'omar' });
      await order.move('mario', { action: 'accept' });
      assert.equal(await order.offered(), 'omar-2');
    });

    it('does not work for the restaurant, but may for another one', async () => {
      await city({ couriers: 2 });
      await updateCourierParties(backend.ctx, 'omar', ['elsewhere']);
      assert.equal(await asked(), 'omar');
      await backend.close();
      await city({ couriers: 2 });
      await updateCourierParties(backend.ctx, 'omar', ['elsewhere', 'rosa']);
      assert.equal(await asked(), 'omar-2');
    });

    it('shares no device with the customer, but may with another user', async () => {
      await city({ couriers: 2 });
      await share('omar', 'nina');
      assert.equal(await asked(), 'omar');
      await backend.close();
      await city({ couriers: 2 });
      await share('carla', 'omar');
      assert.equal(await asked(), 'omar-2');
    });

    it("shares no device with the restaurant's staff, but may with another user", async () => {
      await city({ couriers: 2 });
      await backend.db.doc('restaurants/rosa').update({ staffKeys: [toStaffKey('mario')] });
      await share('nina', 'omar');
      assert.equal(await asked(), 'omar');
      await backend.close();
      await city({ couriers: 2 });
      await backend.db.doc('restaurants/rosa').update({ staffKeys: [toStaffKey('mario')] });
      await share('mario', 'omar');
      assert.equal(await asked(), 'omar-2');
    });

    it('is refused an offer when the courier has become staff since it was made', async () => {
      await city();
      const journey = await new Journey(backend).reach('accepted');
      await journey.offered();
      await updateCourierParties(backend.ctx, 'omar', ['rosa']);
      await assert.rejects(journey.answer('omar', 'accept'), { reason: 'PARTY_CONFLICT' });
      assert.equal((await backend.courier('omar')).offer, null);
      assert.equal((await backend.order('order-1')).courierId, null);
    });

    it('is recognised as staff from the moment the membership is given, changed or taken away', async () => {
      await city();
      await backend.db
        .doc('users/omar')
        .set({ displayName: 'Omar', locale: 'en', claimsVersion: 1, createdAtMs: START_MS });
      await backend.ask('grantRole', 'olga', {
        uid: 'omar',
        role: { type: 'merchant', restaurantId: 'rosa', as: 'kitchen' },
      });
      assert.deepEqual((await backend.courier('omar')).staffOf, ['rosa']);
      await backend.ask('setMemberRole', 'mario', { restaurantId: 'rosa', uid: 'omar', role: null });
      assert.deepEqual((await backend.courier('omar')).staffOf, []);
    });
  });

  describe('the kitchen', () => {
    it('may not act on an order of its own staff; a colleague may', async () => {
      await city();
      backend.identity.add('carla', { role: 'customer', merchant: { rosa: 'owner' } }, 'Carla');
      const journey = await new Journey(backend).place();
      await assert.rejects(journey.move('carla', { action: 'accept' }), { reason: 'PARTY_CONFLICT' });
      assert.equal((await journey.move('mario', { action: 'accept' })).status, 'accepted');
    });

    it('may not refund an order of its own staff; a colleague may', async () => {
      await city();
      backend.identity.add('carla', { role: 'customer', merchant: { rosa: 'owner' } }, 'Carla');
      await new Journey(backend).reach('delivered');
      await makeStaff('carla', 'rosa', 'owner');
      const refund = (uid: string) =>
        backend.ask('refundOrder', uid, {
          orderId: 'order-1',
          idempotencyKey: 'refund-key-1',
          what: { type: 'lines', lines: [{ line: 0, quantity: 1 }] },
          liable: 'merchant',
          reason: 'cold',
          to: 'card',
        });
      await assert.rejects(refund('carla'), { reason: 'PARTY_CONFLICT' });
      assert.equal((await refund('mario')).amountMinor, 1100);
    });
  });

  describe('reviews and claims', () => {
    for (const [who, tie] of [
      ['works for the restaurant', () => makeStaff('carla')],
      ['shares a device with its staff', () => share('mario', 'carla')],
      ['shares a device with the courier', () => share('omar', 'carla')],
    ] as const) {
      it(`are refused where the customer ${who}`, async () => {
        await city();
        await new Journey(backend).reach('delivered');
        await tie();
        await assert.rejects(backend.ask('reviewOrder', 'carla', OPINION), { reason: 'PARTY_CONFLICT' });
        await assert.rejects(backend.ask('openClaim', 'carla', COMPLAINT), { reason: 'PARTY_CONFLICT' });
      });
    }

    it("are accepted where staff only ordered to the customer's address, and the operators see it", async () => {
      await city();
      await new Journey(backend).reach('delivered');
      for (const uid of ['mario', 'carla']) await noteSignal(backend.ctx, uid, toAddressSignal(theDropOff));
      assert.equal((await backend.ask('reviewOrder', 'carla', OPINION)).state, 'shown');
      assert.deepEqual(await taskKinds(), ['linked_parties']);
      assert.equal((await backend.ask('openClaim', 'carla', COMPLAINT)).status, 'escalated');
      assert.deepEqual((await taskKinds()).toSorted(), ['claim', 'linked_parties']);
    });

    it('are accepted where the customer works for another restaurant', async () => {
      await city();
      await new Journey(backend).reach('delivered');
      await makeStaff('carla', 'elsewhere');
      await share('nina', 'carla');
      assert.equal((await backend.ask('reviewOrder', 'carla', OPINION)).state, 'shown');
      assert.equal((await backend.ask('openClaim', 'carla', COMPLAINT)).status, 'escalated');
    });
  });

  describe('a promotion that the platform pays', () => {
    const quoteFive = () => new Journey(backend).quote({ promotionCodes: ['FIVE'] });

    it('is refused to former staff for thirty days', async () => {
      await city({ promotions: [{ ...byPlatform, endsAtMs: START_MS + 60 * DAY }] });
      await makeStaff('carla');
      await backend.ask('setMemberRole', 'mario', { restaurantId: 'rosa', uid: 'carla', role: null });
      const carla = backend.identity.accounts.get('carla');
      if (carla) carla.validAfterMs = 0;
      await assert.rejects(quoteFive(), { reason: 'PARTY_CONFLICT' });
      backend.nowMs += 30 * DAY;
      assert.equal((await quoteFive()).totals.discountMinor, 500);
    });

    it('is refused to the staff of the restaurant by its code, while one that the merchant pays is accepted', async () => {
      await city({ promotions: [byPlatform] });
      assert.equal((await quoteFive()).totals.discountMinor, 500);
      await makeStaff('carla');
      await assert.rejects(quoteFive(), { reason: 'PARTY_CONFLICT' });
      await backend.close();
      await city({ promotions: [byMerchant] });
      await makeStaff('carla');
      assert.equal((await quoteFive()).totals.discountMinor, 500);
    });

    it('is left out where it is automatic and the accounts are linked; an operator task is created', async () => {
      const { code: _, ...automatic } = byPlatform;
      await city({ promotions: [automatic] });
      await share('mario', 'carla');
      const journey = await new Journey(backend).place();
      assert.equal((await backend.order(journey.orderId)).totals.discountMinor, 0);
      assert.deepEqual(await taskKinds(), ['linked_parties']);
    });

    it('leaves the price when the drop-off links the customer with the staff: the difference is shown first', async () => {
      await city({ promotions: [byPlatform] });
      await noteSignal(backend.ctx, 'mario', toAddressSignal({ ...theDropOff, addressLine: ' 7, DOOR street' }));
      const { quoteId, totals } = await quoteFive();
      const placing = { quoteId, idempotencyKey: 'place-key-1', confirmedTotalMinor: totals.totalMinor };
      const answer = await backend.ask('placeOrder', 'carla', { ...placing, paymentMethodId: 'pm_card_visa' });
      assert.equal(answer.outcome, 'changed');
    });

    it('leaves the price when the saved card is one of the staff, and stays with another card', async () => {
      await city({ promotions: [byPlatform] });
      backend.fake.fingerprints.set('pm_card_mario', 'fp-1').set('pm_card_visa', 'fp-2');
      await saveCard('carla', 'pm_card_visa');
      await noteSignal(backend.ctx, 'mario', { kind: 'card', value: 'fp-1' });
      const { quoteId, totals } = await quoteFive();
      const placing = { quoteId, idempotencyKey: 'place-key-1', confirmedTotalMinor: totals.totalMinor };
      const place = (paymentMethodId: string) => backend.ask('placeOrder', 'carla', { ...placing, paymentMethodId });
      assert.equal((await place('pm_card_visa')).outcome, 'placed');
      await backend.close();
      await city({ promotions: [byPlatform] });
      backend.fake.fingerprints.set('pm_card_mario', 'fp-1');
      await saveCard('carla', 'pm_card_mario');
      await noteSignal(backend.ctx, 'mario', { kind: 'card', value: 'fp-1' });
      await quoteFive();
      assert.equal((await place('pm_card_mario')).outcome, 'changed');
    });

    it('creates an operator task when the card of the payment sheet is one of the staff', async () => {
      await city({ promotions: [byPlatform] });
      await noteSignal(backend.ctx, 'mario', { kind: 'card', value: 'fp-1' });
      await new Journey(backend).place({ card: null, cart: { promotionCodes: ['FIVE'] } });
      backend.fake.customerPays('order-1', 'order', 'fp-1');
      await backend.deliverWebhooks();
      assert.equal((await backend.order('order-1')).status, 'placed');
      assert.deepEqual(await taskKinds(), ['linked_parties']);
    });
  });

  describe('a promotion for the first order', () => {
    const forNewcomers = { ...byMerchant, firstOrderOnly: true };
    const ordersAs = async (uid: string) => {
      const cart = aCart({ promotionCodes: ['FIVE'] });
      const { quoteId, totals } = await backend.call('quote', uid, cart);
      return {
        quoteId,
        idempotencyKey: `place-key-${uid}`,
        confirmedTotalMinor: totals.totalMinor,
        paymentMethodId: 'pm_card_visa',
      };
    };
    const cityOfTwo = async () => {
      await city({ promotions: [forNewcomers] });
      backend.fake.fingerprints.set('pm_card_visa', 'fp-1').set('pm_card_other', 'fp-2');
      for (const uid of ['carla', 'nina']) await saveCard(uid, 'pm_card_visa');
    };

    it('is refused to a second account on the same phone, and accepted on another phone', async () => {
      await cityOfTwo();
      await share('carla', 'nina');
      await backend.call('placeOrder', 'nina', await ordersAs('nina'));
      await assert.rejects(ordersAs('carla'), { reason: 'FIRST_ORDER_ONLY' });
      await backend.close();
      await cityOfTwo();
      await backend.call('placeOrder', 'nina', await ordersAs('nina'));
      await ordersAs('carla');
    });

    it('leaves the price when the card has paid for another account\u2019s first order', async () => {
      await cityOfTwo();
      await backend.call('placeOrder', 'nina', await ordersAs('nina'));
      const placing = await ordersAs('carla');
      assert.equal((await backend.call('placeOrder', 'carla', placing)).outcome, 'changed');
      const other = { ...placing, paymentMethodId: 'pm_card_other' };
      await backend.close();
      await cityOfTwo();
      await backend.call('placeOrder', 'nina', await ordersAs('nina'));
      const { paymentMethodId: _, ...rest } = await ordersAs('carla');
      assert.equal((await backend.call('placeOrder', 'carla', { ...other, ...rest })).outcome, 'placed');
    });

    it('is given to one of two accounts that order at the same time', async () => {
      await cityOfTwo();
      await share('carla', 'nina');
      const placings = [
        ['nina', await ordersAs('nina')],
        ['carla', await ordersAs('carla')],
      ] as const;
      const answers = await Promise.all(placings.map(([uid, placing]) => backend.call('placeOrder', uid, placing)));
      assert.deepEqual(answers.map(({ outcome }) => outcome).toSorted(), ['changed', 'placed']);
    });

    it('finds the real phone and card behind any number of made-up phones', async () => {
      await cityOfTwo();
      await share('carla', 'nina');
      for (let number = 0; number < 12; number += 1)
        await noteSignal(backend.ctx, 'carla', { kind: 'device', value: `made-up-${number}` });
      await backend.call('placeOrder', 'nina', await ordersAs('nina'));
      await assert.rejects(ordersAs('carla'), { reason: 'FIRST_ORDER_ONLY' });
    });
  });

  describe('linked accounts', () => {
    it('are those that were made on one device', async () => {
      await city();
      for (const uid of ['carla', 'nina'])
        await backend.ask('createProfile', uid, { displayName: uid, locale: 'en', deviceId: 'phone-1234567890' });
      const links = (uid: string) => paths.links(backend.db, uid).get();
      assert.deepEqual((await links('carla')).data()?.linked, ['nina']);
      assert.deepEqual((await links('nina')).data()?.linked, ['carla']);
    });

    it('are the first ten of a signal, the ten that came before and the ten that came after', async () => {
      await city();
      const guests = Array.from({ length: 25 }, (_, index) => `guest-${index + 1}`);
      await share(...guests.slice(0, 12), 'omar', ...guests.slice(12));
      const near = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22];
      assert.deepEqual(
        (await backend.courier('omar')).linked,
        near.map((n) => toStaffKey(`guest-${n}`)),
      );
      const [signal] = (await backend.db.collection('signals').get()).docs;
      assert.ok(signal?.get('accounts').length <= 30);
    });

    it('do not include an erased account, in any document', async () => {
      await city();
      await share('carla', 'omar', 'nina');
      await backend.call('deleteMyAccount', 'carla', {});
      await backend.advance(MINUTE);
      const { links, signals, couriers } = await stored();
      assert.ok(![...links, ...signals].some((text) => text.includes('carla')));
      assert.ok(!couriers.some((text) => text.includes(toStaffKey('carla'))));
      assert.ok(couriers.some((text) => text.includes(toStaffKey('nina'))));
    });

    it('do not create a courier document for other accounts', async () => {
      await city();
      await share('carla', 'nina');
      assert.deepEqual(
        (await backend.db.collection('couriers').get()).docs.map(({ id }) => id),
        ['omar'],
      );
    });

    it('are the first and the latest 200 of an account, whose courier document stays readable', async () => {
      await city();
      const linked = Array.from({ length: MAX_LINKED }, (_, index) => `helper-${index}`);
      await paths.links(backend.db, 'omar').set({ signals: [], linked });
      await share('nina', 'omar');
      const links = (await paths.links(backend.db, 'omar').get()).data();
      const [first, latest] = [links?.linked[0], links?.linked.at(-1)];
      assert.deepEqual([links?.linked.length, first, latest], [MAX_LINKED, 'helper-0', 'nina']);
      const courier = (await paths.courier(backend.db, 'omar').get()).data();
      assert.deepEqual([courier?.linked?.length, courier?.linked?.at(-1)], [MAX_LINKED, toStaffKey('nina')]);
    });

    it('are found when they come at the same time', async () => {
      await city();
      await Promise.all(['carla', 'omar', 'nina'].map((uid) => share(uid)));
      assert.deepEqual((await paths.links(backend.db, 'carla').get()).data()?.linked.toSorted(), ['nina', 'omar']);
      assert.deepEqual(
        (await backend.courier('omar')).linked?.toSorted(),
        ['carla', 'nina'].map(toStaffKey).toSorted(),
      );
    });
  });

  async function stored() {
    const dump = Object.entries(await backend.dump());
    const below = (name: string) =>
      dump.filter(([path]) => path.startsWith(`${name}/`)).map(([path, data]) => path + JSON.stringify(data));
    return { links: below('links'), signals: below('signals'), couriers: below('couriers') };
  }

  it('cost a plain order no additional read: the courier document contains them', async () => {
    await city();
    const journey = await new Journey(backend).reach('accepted');
    await journey.offered();
    await backend.billed();
    await journey.answer('omar', 'accept');
    const { reads } = await backend.billed();
    // The order and the courier.
    assert.equal(reads, 2);
    await backend.advance(MINUTE);
  });
});
