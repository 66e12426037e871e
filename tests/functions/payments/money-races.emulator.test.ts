import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Inputs } from '#functions/calls/callables.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { atMostMs, isProving, runs } from '#fixtures/proofs.js';
import { assertProvider, race, type Way } from '../orders/races/race.js';
import { stageCopier } from '../orders/races/stages.js';
import type { Wish } from '../orders/races/wishes.js';

const CLAIM = 'claim-key-1';

const refund =
  (uid: string, what: Inputs['refundOrder']['what'], to: 'card' | 'credit' = 'card'): Wish =>
  ({ backend, orderId }) =>
    backend.ask('refundOrder', uid, {
      orderId,
      idempotencyKey: `refund-${uid}-${what.type}`,
      what,
      liable: 'merchant',
      reason: 'cold',
      to,
    });

const decideClaim =
  (decision: Inputs['decideClaim']['decision']): Wish =>
  ({ backend, orderId }) =>
    backend.ask('decideClaim', 'olga', { orderId, claimId: CLAIM, decision, reason: 'seen the photo' });

/** The bank opens a dispute about the whole payment, with its fee, and perhaps decides at once. */
const dispute =
  (status: 'needsResponse' | 'won' | 'lost'): Wish =>
  async ({ backend, orderId }) => {
    backend.fake.dispute('dp_1', orderId, { status, providerMinor: status === 'won' ? 0 : -4440 });
    for (const event of backend.fake.events.slice(-1)) assert.equal((await backend.webhook(event)).status, 200);
  };

const oneLine = { type: 'lines' as const, lines: [{ line: 0, quantity: 1 }] };

/** All that moves money of an order after its delivery. */
const WISHES: Readonly<Record<string, Wish>> = {
  'a refund of a line by an operator': refund('olga', oneLine),
  'a refund of the rest by an operator': refund('olga', { type: 'whole' }),
  'a refund as credit by the restaurant': refund('mario', oneLine, 'credit'),
  'a refund for a claim': decideClaim({ type: 'refund', to: 'card' }),
  'the rejection of a claim': decideClaim({ type: 'reject' }),
  'another claim': ({ backend, orderId }) =>
    backend.ask('openClaim', 'carla', {
      orderId,
      idempotencyKey: 'claim-key-2',
      kind: 'missing',
      lines: oneLine.lines,
    }),
  'a dispute': dispute('needsResponse'),
  'a dispute that is lost': dispute('lost'),
  'a dispute that is won': dispute('won'),
  'a late tip': ({ backend, orderId }) =>
    backend.ask('addTip', 'carla', {
      orderId,
      idempotencyKey: 'tip-key-1',
      amountMinor: 300,
      paymentMethodId: 'pm_card_visa',
    }),
  'the payout': ({ backend }) => backend.advance(121 * MINUTE),
};

/** A delivered order with a claim that waits for an operator. */
async function prepare(): Promise<Journey> {
  const journey = await new Journey(await aCity()).reach('delivered');
  const { backend, orderId } = journey;
  const claim = { orderId, idempotencyKey: CLAIM, kind: 'missing' as const, lines: oneLine.lines };
  assert.equal((await backend.ask('openClaim', 'carla', claim)).status, 'escalated');
  return journey;
}

/** The payment, the refunds at the provider and the documents of the refunds agree; nothing is left to do. */
async function assertRefunds(backend: Backend, orderId: string): Promise<void> {
  const order = await backend.order(orderId);
  assertProvider(backend, orderId, order);
  const { docs } = await backend.db.collection(`orders/${orderId}/refunds`).get();
  const sent = [...backend.fake.refunds.values()].filter(({ status }) => status === 'sent');
  const sentMinor = sent.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const sum = (field: string) => docs.reduce((total, one) => total + Number(one.get(field)), 0);
  assert.equal(order.payment.refundedMinor, sum('amountMinor'));
  assert.equal(sentMinor, sum('amountMinor') - sum('creditMinor'));
  assert.deepEqual(
    docs.map((one) => one.get('status')).filter((status) => status === 'pending'),
    [],
  );
}

async function run(begin: () => Promise<Journey>, names: readonly [string, string], way: Way): Promise<void> {
  const copy = await begin();
  const { backend, orderId } = copy;
  try {
    const [first, second] = names.map((name) => WISHES[name]);
    assert.ok(first && second);
    await race(copy, [first, second], way);
    await backend.advance(121 * MINUTE);
    await backend.deliverWebhooks();
    await assertRefunds(backend, orderId);
    await assertSound(backend);
  } catch (error) {
    throw new Error(`${names.join(' and ')}, ${JSON.stringify(way)}: ${String(error)}`, { cause: error });
  } finally {
    await backend.close();
  }
}

/** Both orders, and in one of them the first process dies; `npm run prove` draws twenty. */
function listWays(index: number): (Way & { swaps: boolean })[] {
  const isOdd = index % 2 === 1;
  if (!isProving) return [false, true].map((swaps) => ({ swaps, dies: swaps === isOdd, delay: 0 }));
  const ways = fc.record({ swaps: fc.boolean(), dies: fc.boolean(), delay: fc.nat({ max: 40 }) });
  return fc.sample(ways, { seed: runs(0, 0).seed + index, numRuns: 20 });
}

describe('money of a delivered order that two requests move at once', function () {
  this.timeout(atMostMs(300_000));
  let begin: () => Promise<Journey>;
  before(async () => {
    begin = await stageCopier(await prepare());
  });

  const names = Object.keys(WISHES);
  for (const [index, first] of names.entries()) {
    for (const second of names.slice(index + 1)) {
      it(`agrees with the provider after ${first} and ${second}`, async () => {
        for (const { swaps, ...way } of listWays(index))
          await run(begin, swaps ? [second, first] : [first, second], way);
      });
    }
  }
});
