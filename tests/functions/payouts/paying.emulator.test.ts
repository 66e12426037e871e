import { strict as assert } from 'node:assert';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import { rollUpDays } from '#functions/ledger/roll-up-days.js';
import { payCouriers } from '#functions/payouts/pay-couriers.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import {
  aPaidCity,
  CASH,
  connect,
  DAY,
  EARNED_MINOR,
  INSTANT,
  listPayouts,
  owedTo,
  payTomorrow,
} from '#fixtures/payouts.js';

const OMAR = toAccountId('omar');
const tasks = async ({ db }: Backend) =>
  (await db.collection('operatorTasks').get()).docs.map((one) => [one.id, one.get('open'), one.get('detail')]);

/** Credits a courier without an order. */
async function earn({ db, nowMs }: Backend, uid: string, currency: string, amountMinor: number): Promise<void> {
  const entries = [
    { account: ACCOUNTS.courier(uid), amountMinor: -amountMinor },
    { account: ACCOUNTS.provider, amountMinor },
  ];
  const journal = { orderId: null, kind: 'correction' as const, currency, atMs: nowMs, entries };
  await paths.journal(db, `earned-${uid}-${currency}`).set(journal);
}

describe('payCouriers', () => {
  let backend: Backend;
  afterEach(() => backend.close());

  it('pays what a courier is owed, once for the day', async () => {
    backend = await aPaidCity();
    assert.equal(await owedTo(backend), EARNED_MINOR);
    await payTomorrow(backend);
    await payCouriers(backend.ctx);
    const [payout, ...more] = await listPayouts(backend);
    assert.deepEqual(more, []);
    assert.deepEqual(payout, {
      id: `${OMAR}-EUR-2026-03-03`,
      courierId: 'omar',
      zoneId: 'centre',
      type: 'scheduled',
      currency: 'EUR',
      owedMinor: EARNED_MINOR,
      setOffMinor: 0,
      feeMinor: 0,
      amountMinor: EARNED_MINOR,
      stripeAccountId: 'acct_omar',
      bankPayoutId: `po_${OMAR}-EUR-2026-03-03`,
      status: 'sent',
      failureCode: null,
      createdAtMs: backend.nowMs,
      failedAtMs: null,
      open: false,
    });
    assert.equal(await owedTo(backend), 0);
    assert.deepEqual(backend.fake.moved.slice(-2), [
      `courier-transfer ${payout.id} ${EARNED_MINOR} to acct_omar`,
      `payout ${payout.id} ${EARNED_MINOR}`,
    ]);
    await assertSound(backend);
  });

  it('pays from the closing balance of the latest day and the journals since', async () => {
    backend = await aPaidCity();
    await backend.advance(DAY);
    await rollUpDays(backend.ctx);
    await new Journey(backend).reach('completed');
    await payCouriers(backend.ctx);
    assert.equal((await listPayouts(backend))[0]?.amountMinor, 2 * EARNED_MINOR);
  });

  it('uses no summary after a day that was not summed up for all owners', async () => {
    backend = await aPaidCity();
    await backend.advance(DAY);
    await rollUpDays(backend.ctx);
    await backend.db.doc(`ledgerAccounts/${OMAR}/days/2026-03-02`).delete();
    await paths.days(backend.db, 'books/platform').doc('2026-03-02').update({ incomplete: true });
    await backend.db
      .doc(`ledgerAccounts/${OMAR}/days/2026-03-03`)
      .set({ day: '2026-03-03', journals: 1, currencies: {} });
    await payCouriers(backend.ctx);
    assert.equal((await listPayouts(backend))[0]?.amountMinor, EARNED_MINOR);
  });

  for (const [what, courierPayouts, isPaid] of [
    ['on the weekday of the zone', { interval: 'weekly', weekday: 2 }, true],
    ['not on another weekday', { interval: 'weekly', weekday: 1 }, false],
    ['not where the zone has no runs', { interval: 'none' }, false],
    ['not below the minimum', { interval: 'daily', minimumMinor: EARNED_MINOR + 1 }, false],
    ['from the minimum on', { interval: 'daily', minimumMinor: EARNED_MINOR }, true],
  ] as const)
    it(`pays ${what}`, async () => {
      backend = await aPaidCity({ zone: { courierPayouts } });
      await payTomorrow(backend);
      assert.equal((await listPayouts(backend)).length, isPaid ? 1 : 0);
      assert.equal(await owedTo(backend), isPaid ? 0 : EARNED_MINOR);
    });

  it('sets cash off against the pay, which settles the cash', async () => {
    backend = await aPaidCity();
    await backend.db.doc('couriers/omar').update({ cashMinor: 200 });
    await paths.journal(backend.db, 'collected').set({
      orderId: null,
      kind: 'correction',
      currency: 'EUR',
      atMs: backend.nowMs,
      entries: [
        { account: ACCOUNTS.cash('omar'), amountMinor: 200 },
        { account: ACCOUNTS.bank, amountMinor: -200 },
      ],
    });
    await payTomorrow(backend);
    const [payout] = await listPayouts(backend);
    assert.deepEqual([payout?.setOffMinor, payout?.amountMinor], [200, EARNED_MINOR - 200]);
    assert.equal((await backend.courier('omar')).cashMinor, undefined);
    const entries = (await paths.journal(backend.db, `setOff-${payout?.id}`).get()).data()?.entries;
    assert.deepEqual(entries, [
      { account: ACCOUNTS.courier('omar'), amountMinor: 200 },
      { account: ACCOUNTS.cash('omar'), amountMinor: -200 },
    ]);
    assert.equal(await owedTo(backend), 0);
  });

  it('only sets off where the courier carries more cash than pay', async () => {
    backend = await aPaidCity();
    await new Journey(backend)
      .place({ card: null, cart: { paymentMethod: 'cash' } })
      .then((journey) => journey.reach('completed'));
    await payTomorrow(backend);
    const [payout] = await listPayouts(backend);
    assert.deepEqual([payout?.status, payout?.setOffMinor, payout?.amountMinor], ['settled', 2 * EARNED_MINOR, 0]);
    assert.equal(backend.fake.bankPayouts.size, 0);
    await assertSound(backend);
  });

  it('does not pay a courier who was suspended, and pays once the courier is approved again', async () => {
    backend = await aPaidCity();
    await backend.call('reviewCourier', 'olga', { uid: 'omar', decision: 'suspend', reason: 'papers' });
    await payTomorrow(backend);
    assert.deepEqual(await listPayouts(backend), []);
    await backend.db.doc('couriers/omar').update({ approved: true });
    await payCouriers(backend.ctx);
    assert.equal((await listPayouts(backend))[0]?.amountMinor, EARNED_MINOR);
  });

  it('creates one operator task, and pays nothing, where a courier has no account', async () => {
    backend = await aCity({ zone: { courierPayouts: { interval: 'daily' } } });
    await new Journey(backend).reach('completed');
    await payTomorrow(backend);
    await backend.db.doc(`operatorTasks/courier-payment-${OMAR}-EUR-none`).update({ open: false });
    await payTomorrow(backend);
    assert.deepEqual(await listPayouts(backend), []);
    assert.deepEqual(await tasks(backend), [[`courier-payment-${OMAR}-EUR-none`, false, 'no account to be paid to']]);
    assert.equal(await owedTo(backend), EARNED_MINOR);
    await connect(backend);
    await payTomorrow(backend);
    assert.equal(await owedTo(backend), 0);
  });

  for (const [what, path] of [
    ['the account of one', 'courierAccounts/omar'],
    ['a journal of one', 'ledger/earned-omar-EUR'],
  ] as const)
    it(`pays the other couriers where ${what} cannot be read`, async () => {
      backend = await aPaidCity({ couriers: 2 });
      await earn(backend, 'omar', 'EUR', 100);
      await earn(backend, 'omar-2', 'EUR', 700);
      await backend.db.doc(path).update({ addedLater: 1 });
      await connect(backend, 'omar-2');
      await payTomorrow(backend);
      assert.deepEqual(
        (await listPayouts(backend)).map((one) => [one.courierId, one.status]),
        [['omar-2', 'sent']],
      );
      const reported = await backend.db.collection('operatorTasks').where('path', '==', path).get();
      assert.deepEqual(
        reported.docs.map((one) => one.get('kind')),
        ['document_failed'],
      );
    });

  it('pays in every currency in which something is owed', async () => {
    backend = await aPaidCity();
    await earn(backend, 'omar', 'CHF', 700);
    await payTomorrow(backend);
    assert.deepEqual((await listPayouts(backend)).map((one) => [one.currency, one.amountMinor]).toSorted(), [
      ['CHF', 700],
      ['EUR', EARNED_MINOR],
    ]);
  });

  it('continues with a task where the time of a run is over', async () => {
    backend = await aPaidCity({ couriers: 60 });
    await backend.advance(DAY);
    const { ctx } = backend;
    let calls = 0;
    // Each read of the clock takes twenty seconds.
    const slow = { ...ctx, now: () => ctx.now() + (calls += 1) * 20_000 };
    await payCouriers(slow);
    const names = backend.tasks.waiting.map(({ name }) => name);
    assert.ok(
      names.some((name) => name.startsWith('pay-couriers-centre-')),
      names.join(),
    );
    await backend.advance(MINUTE);
    assert.equal((await listPayouts(backend)).length, 1);
    assert.equal(await owedTo(backend), 0);
  });
});

describe('the zone of a courier without Connect', () => {
  it('has an operator task for each run, which a payment by hand closes', async () => {
    const backend = await aCity({ zone: { cash: CASH, courierPayouts: { interval: 'daily', instant: INSTANT } } });
    await new Journey(backend).reach('completed');
    await backend.call('saveBankDetails', 'omar', { holder: 'Omar', iban: 'AT61 1904 3002 3457 3201' });
    await payTomorrow(backend);
    const id = `courier-payment-${OMAR}-EUR-bank`;
    assert.deepEqual(await tasks(backend), [[id, true, `${EARNED_MINOR} EUR to pay by hand`]]);
    await backend.call('recordCourierPayment', 'olga', {
      courierId: 'omar',
      currency: 'EUR',
      amountMinor: EARNED_MINOR,
      reference: 'SEPA 17',
      idempotencyKey: 'payment-key-1',
    });
    assert.deepEqual(await tasks(backend), [[id, false, `${EARNED_MINOR} EUR to pay by hand`]]);
    await payTomorrow(backend);
    assert.deepEqual(await tasks(backend), [[id, false, `${EARNED_MINOR} EUR to pay by hand`]]);
    await assertSound(backend);
    await backend.close();
  });
});
