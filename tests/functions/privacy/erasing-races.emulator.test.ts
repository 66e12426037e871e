import { strict as assert } from 'node:assert';
import { respondToOffer } from '#functions/couriers/respond-to-offer.js';
import { matchWindow } from '#functions/dispatch/match-window.js';
import { placeOrder } from '#functions/orders/flow/place-order.js';
import { resumeErasures } from '#functions/privacy/resume-erasures.js';
import { toPseudonym } from '#functions/ledger/model/account-id.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const SECOND = 1000;

describe('an erasure of a courier whose session another instance still knows', () => {
  let backend: Backend;
  let journey: Journey;
  beforeEach(async () => {
    backend = await aCity({ couriers: 2 });
    journey = await new Journey(backend).place();
    await backend.db.doc('users/omar/private/billing').set({ stripeCustomerId: 'cus_omar' });
  });
  afterEach(() => backend.close());

  const offer = async () => {
    await journey.move('mario', { action: 'accept', prepMinutes: 5 });
    await matchWindow(backend.ctx, 'centre', backend.nowMs + 15_000);
    assert.equal((await backend.courier('omar')).offer?.orderId, journey.orderId);
  };
  const accept = () =>
    respondToOffer(backend.ctx, backend.caller('omar'), {
      orderId: journey.orderId,
      idempotencyKey: 'assign-key-1',
      answer: 'accept',
    });
  /** Runs a step when the task of the erasure has disabled the account; the call disables it first. */
  const onceDisabled = (step: () => Promise<unknown>) => {
    const disable = backend.identity.setDisabled.bind(backend.identity);
    let calls = 0;
    backend.identity.setDisabled = async (uid, isDisabled) => {
      await disable(uid, isDisabled);
      if ((calls += 1) === 2) await step();
    };
  };
  const erase = async () => {
    backend.signIn('omar');
    const { reportId } = await backend.call('deleteMyAccount', 'omar', {});
    await backend.advance(SECOND);
    return reportId;
  };
  const isErased = async () => !(await paths.courier(backend.db, 'omar').get()).exists;

  it('releases an order that the courier accepts before the stop, and the next courier delivers it', async () => {
    onceDisabled(async () => {
      await offer();
      await accept();
    });
    const reportId = await erase();
    const { events } = await backend.order(journey.orderId);
    const since = events.slice(-2).map(({ action, by, reason }) => [action, by, reason]);
    assert.deepEqual(since, [
      ['assign', 'courier', undefined],
      ['unassign', 'system', 'courier_stopped'],
    ]);
    assert.equal(await journey.assign(), 'omar-2');
    await journey.move('mario', { action: 'markReady' });
    await journey.pickUp('omar-2');
    await journey.deliver('omar-2');
    await backend.advance(65 * MINUTE);
    assert.equal((await paths.privacyReport(backend.db, reportId).get()).exists, true);
  });

  it('waits for an offer that is open at the stop, and which the courier cannot accept any more', async () => {
    onceDisabled(offer);
    await erase();
    await assert.rejects(accept(), { reason: 'OFFER_GONE' });
    assert.equal(await isErased(), false);
    await backend.advance(MINUTE);
    assert.equal(await isErased(), true);
  });
});

describe('a cash order of a customer', () => {
  const cash = { coinMinor: 5, maxOrderMinor: 10_000, courierFloatMinor: 20_000 };
  let backend: Backend;
  let journey: Journey;
  let totalMinor: number;
  beforeEach(async () => {
    backend = await aCity({ zone: { cash } });
    await backend.db.doc('users/carla/private/billing').set({ stripeCustomerId: 'cus_carla' });
    journey = new Journey(backend);
    totalMinor = (await journey.quote({ paymentMethod: 'cash' })).totals.totalMinor;
  });
  afterEach(() => backend.close());

  const place = () =>
    placeOrder(backend.ctx, backend.caller('carla'), {
      quoteId: journey.orderId,
      idempotencyKey: 'place-key-1',
      confirmedTotalMinor: totalMinor,
      useSavedCards: false,
    });
  const erase = async () => {
    backend.signIn('carla');
    const { reportId } = await backend.call('deleteMyAccount', 'carla', {});
    await backend.advance(SECOND);
    return reportId;
  };
  const deliver = async () => {
    await journey.reach('picked_up');
    await journey.arrive();
    return journey.deliver('omar', backend.ctx.secretDigits(`pin:${journey.orderId}`, 4));
  };

  it('that is placed before the account is deleted refuses the deletion, and is delivered', async () => {
    await place();
    await assert.rejects(erase(), { reason: 'ORDERS_OPEN' });
    assert.equal((await deliver()).status, 'delivered');
  });

  it('that is placed while the account is erased delays the erasure, and is delivered', async () => {
    const remove = backend.fake.removeCustomer.bind(backend.fake);
    backend.fake.removeCustomer = async (id) => {
      backend.fake.removeCustomer = remove;
      await remove(id);
      await place();
    };
    const reportId = await erase();
    assert.equal((await deliver()).status, 'delivered');
    await backend.advance(4 * 60 * MINUTE);
    await resumeErasures(backend.ctx);
    assert.equal((await paths.privacyReport(backend.db, reportId).get()).exists, true);
  });
});

describe('an order of a courier', () => {
  for (const [words, isErased] of [
    ['can be cancelled, which releases it', false],
    ['who no longer exists can be cancelled, too', true],
  ] as const)
    it(words, async () => {
      const backend = await aCity();
      const journey = await new Journey(backend).place();
      await journey.reach('accepted');
      await journey.assign();
      if (isErased) {
        await backend.db.doc(`orders/${journey.orderId}`).update({ courierId: toPseudonym('omar') });
        await backend.db.doc('couriers/omar').delete();
      }
      assert.equal((await journey.cancel('olga', { liable: 'platform' })).status, 'cancelled');
      await backend.close();
    });
});
