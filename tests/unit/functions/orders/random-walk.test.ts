import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { ACCOUNTS } from '#functions/ledger/model/chart.js';
import type { Order } from '#functions/contract/orders.js';
import { isFinal } from '#functions/orders/model/order-state.js';
import { splitCapture } from '#functions/payments/model/split-amounts.js';
import { computeBalances, breaches, type Books } from '#simulator/invariants.js';
import { aCourier, anActiveDelivery } from '#fixtures/catalogue.js';
import { runs } from '#fixtures/proofs.js';
import { COURIER, sumAccount } from './walk-payouts.js';
import { begin, beginning, step, walk, type World } from './walk.js';

/** The courier's document as the shell would keep it beside the order. */
function couriersOf({ courierId, status }: Order) {
  const carries =
    courierId !== null && ['accepted', 'preparing', 'ready', 'picked_up', 'undeliverable'].includes(status);
  return carries ? [[courierId, aCourier({ load: 1, active: { 'order-1': anActiveDelivery } })] as const] : [];
}

const booksOf = ({ order, ledger, payouts, nowMs }: World): Books => ({
  orders: [['order-1', order]],
  couriers: couriersOf(order),
  ledger,
  extras: { tips: [], disputes: [], heldPays: [], courierPayouts: payouts },
  nowMs,
  graceMs: Infinity,
});

const sum = (amounts: readonly number[]) => amounts.reduce((total, one) => total + one, 0);

/** The holds give exactly what is captured, none more than it holds, and get back no more than they gave. */
function checkParts({ order: { payment }, refunds }: World): void {
  const taken = splitCapture(payment, payment.capturedMinor);
  if (payment.intentId !== null) assert.equal(sum(taken.map((part) => part.amountMinor)), payment.capturedMinor);
  const topUps = payment.topUps ?? [];
  const held = [
    payment.authorizedMinor - sum(topUps.map((one) => one.authorizedMinor)),
    ...topUps.map((one) => one.authorizedMinor),
  ];
  for (const [index, { intentId, amountMinor }] of taken.entries()) {
    assert.ok(amountMinor >= 0 && amountMinor <= (held[index] ?? 0), `${amountMinor} taken of ${held[index]}`);
    const parts = refunds.flatMap((one) => one.parts).filter((part) => part.intentId === intentId);
    assert.ok(sum(parts.map((part) => part.amountMinor)) <= amountMinor, `${intentId} gave back more than it took`);
  }
}

/** Reservations of limited resources are released once, and completely where the order cost nothing. */
function checkReservation({ order, taken, released, ledger }: World): void {
  assert.ok(released.length <= 1, 'released twice');
  const isOver = isFinal(order.status) && order.due?.kind !== 'settle';
  assert.equal(order.reserved === undefined, released.length === 1, 'the order still holds what it gave back');
  if (!isOver) return;
  const [back] = released;
  assert.ok(back, `${order.status}, and nothing was released`);
  const settled = ledger.find(([, journal]) => journal.kind === 'settlement')?.[1];
  const spentMinor = settled?.entries.find(({ account }) => account === ACCOUNTS.credit('carla'))?.amountMinor ?? 0;
  assert.equal(back.creditMinor, taken.creditMinor - spentMinor, 'credit is neither spent nor back');
  const isFree = order.payment.capturedMinor === 0 && spentMinor === 0;
  assert.equal(back.promotions.length, isFree ? 1 : 0, 'the coupon');
  assert.equal(back.slotMs, isFree ? taken.slotMs : null, 'the slot');
}

/** What the customer paid in all is what the parties have. */
function checkBalances(world: World): void {
  const balances = computeBalances(booksOf(world));
  assert.equal(sum([...balances.values()]), 0);
  const { capturedMinor, refundedMinor } = world.order.payment;
  assert.ok(refundedMinor <= capturedMinor);
  const all = sum(world.refunds.map(({ refund }) => refund.moneyMinor));
  assert.equal(refundedMinor, all);
}

/** A courier is owed what was earned and not paid, and carries what was collected and not set off. */
function checkCourier({ ledger, payouts }: World): void {
  const isPayout = ([, { kind, corrects }]: World['ledger'][number]) =>
    kind === 'payout' || kind === 'setOff' || (kind === 'correction' && corrects?.startsWith('payout-') === true);
  const earned = ledger.filter((one) => !isPayout(one));
  const paid = payouts.map(([, { status, setOffMinor, feeMinor, amountMinor }]) =>
    status === 'failed' ? setOffMinor : setOffMinor + feeMinor + amountMinor,
  );
  const setOff = payouts.map(([, { setOffMinor }]) => setOffMinor);
  for (const [account, sign, parts] of [
    [ACCOUNTS.courier(COURIER), 1, paid],
    [ACCOUNTS.cash(COURIER), -1, setOff],
  ] as const)
    assert.equal(sumAccount(ledger, account), sumAccount(earned, account) + sign * sum(parts), account);
}

describe('any sequence of steps', () => {
  it('keeps every invariant of an order and its money, for any actions, actors and times', () => {
    const [ended, ways, actions] = [new Set<string>(), new Set<string>(), new Set<string>()];
    let [refunds, toppedUp] = [0, 0];
    const payouts = new Set<string>();
    const tries = runs(600, 5000);
    fc.assert(
      fc.property(beginning, fc.array(step, { minLength: 100, maxLength: 200 }), (facts, steps) => {
        let world = begin(facts);
        steps.forEach((one, index) => {
          const before = world;
          world = walk(world, one, index);
          if (world.applied === before.applied && world.ledger.length === before.ledger.length) return;
          // At each step: a payout that fails was paid before.
          for (const [, { type, status }] of world.payouts) [type, status].forEach((kind) => payouts.add(kind));
          const told = `after ${world.order.events.map((event) => event.action).join(', ')}`;
          assert.deepEqual(breaches(booksOf(world)), [], told);
          checkReservation(world);
          checkParts(world);
          checkBalances(world);
          checkCourier(world);
        });
        ended.add(world.order.status);
        ways.add(`${world.way} ${world.order.payment.capturedMinor > 0 ? 'paid' : 'free'}`);
        for (const event of world.order.events) actions.add(event.action);
        refunds += world.refunds.length;
        toppedUp += world.order.payment.topUps?.length ?? 0;
      }),
      tries,
    );
    // Or it would have proven little.
    assert.ok(ended.size >= 4 && actions.size >= 20, `${[...ended].join(', ')}; ${[...actions].join(', ')}`);
    assert.ok(ways.size === 8, [...ways].join(', '));
    const isEnough = refunds > tries.numRuns / 20 && toppedUp > tries.numRuns / 200;
    // Few walks end with a courier who is owed something: each way of paying and each end, not all pairs of them.
    const kinds = ['scheduled', 'instant', 'manual', 'paid', 'failed'];
    assert.deepEqual(
      kinds.filter((kind) => !payouts.has(kind)),
      [],
    );
    assert.ok(isEnough, `${refunds} refunds, ${toppedUp} second holds`);
  }).timeout(600_000);
});
