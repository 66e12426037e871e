import { strict as assert } from 'node:assert';
import type { Backend } from '../fixtures/backend.js';
import { assertSound } from '../fixtures/books.js';
import { MINUTE } from '../fixtures/catalogue.js';
import { aCity } from '../fixtures/city.js';
import { Journey } from '../fixtures/journey.js';

/** The steps of a delivered order, each as an app or the provider asks for it; all are safe to be asked again. */
const STEPS = [
  'place',
  'webhook',
  'accept',
  'startPreparing',
  'offer',
  'assign',
  'markReady',
  'pickUp',
  'deliver',
  'captured',
  'complete',
] as const;
type StepName = (typeof STEPS)[number];

async function take(journey: Journey, step: StepName): Promise<unknown> {
  const { backend } = journey;
  switch (step) {
    case 'place':
      return backend.call('placeOrder', 'carla', {
        quoteId: 'order-1',
        idempotencyKey: 'place-key-1',
        confirmedTotalMinor: 2940,
        paymentMethodId: 'pm_card_visa',
      });
    case 'webhook':
    case 'captured':
      return deliverLatest(backend);
    case 'accept':
      return journey.move('mario', { action: 'accept' }, 'accept-key');
    case 'startPreparing':
      return journey.move('mario', { action: 'startPreparing' }, 'preparing-key');
    case 'offer':
      return journey.offered();
    case 'assign':
      return journey.answer('omar', 'accept', 'assign-key');
    case 'markReady':
      return journey.move('mario', { action: 'markReady' }, 'ready-key');
    case 'pickUp':
      return backend.call('moveOrder', 'omar', {
        orderId: 'order-1',
        idempotencyKey: 'pick-up-key',
        move: await pickUpMove(backend),
      });
    case 'deliver':
      return journey.move('omar', await deliverMove(journey), 'deliver-key');
    case 'complete':
      return backend.advance(121 * MINUTE);
  }
}

async function pickUpMove(backend: Backend) {
  const { code } = await backend.order('order-1');
  return { action: 'pickUp' as const, code, fix: { lat: 48.2, lng: 16.37, takenAtMs: backend.nowMs } };
}

async function deliverMove({ backend }: Journey) {
  const pin = backend.ctx.secretDigits('pin:order-1', 4);
  return {
    action: 'deliver' as const,
    fix: { lat: 48.215, lng: 16.385, takenAtMs: backend.nowMs },
    proof: { type: 'pin' as const, pin },
  };
}

/** The provider repeats an event until it is answered 200. */
async function deliverLatest(backend: Backend): Promise<void> {
  const event = backend.fake.events.at(-1);
  if (!event) return;
  const { status } = await backend.webhook(event);
  if (status !== 200) throw new Error(`webhook answered ${status}`);
}

/** What an order came to, without the times that a crash may move. */
async function outcome(backend: Backend) {
  const { events, ...order } = await backend.order('order-1');
  const rows = async (name: string) => (await backend.db.collection(name).get()).docs;
  return {
    order: without(order, ['due', 'readyAtMs', 'promisedAtMs', 'createdAtMs']),
    steps: events.map((event) =>
      without({ ...event, causeId: event.causeId.replaceAll(/\d{6,}/g, 'T') }, ['atMs', 'effectsDoneAtMs']),
    ),
    ledger: (await rows('ledger')).map((one) => ({ id: one.id, entries: one.get('entries') })),
    couriers: (await rows('couriers')).map((one) => ({ id: one.id, load: one.get('load'), active: one.get('active') })),
    operators: (await rows('operatorTasks')).map((one) => one.id),
    moved: backend.fake.moved,
    shown: backend.push.shown(),
    status: order.status,
  };
}

const without = (object: object, keys: readonly string[]) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/**
 * The journey with the process of every step dying at the same point of it (0: never); each time a minute passes and
 * whoever asked asks again.
 */
async function run(dieAt: number) {
  // Nothing else happens in the minute after a crash: no reminder, no lapsing offer.
  const backend = await aCity({ zone: { limits: { acceptReminderMinutes: [], offerSeconds: 600 } } });
  const journey = new Journey(backend);
  await journey.quote();
  const died: string[] = [];
  for (const step of STEPS) {
    const { diedAt, error } = await backend.conduct.process(dieAt, () => take(journey, step));
    if (diedAt === null && error) throw error;
    if (diedAt === null) continue;
    died.push(`${step} ${diedAt}`);
    await recover(backend, journey, step);
  }
  await assertSound(backend);
  const result = await outcome(backend);
  await backend.close();
  return { result, died };
}

async function recover(backend: Backend, journey: Journey, step: StepName): Promise<void> {
  backend.restart();
  const stepped = await committed(backend);
  await backend.advance(MINUTE);
  // Within the minute everything that the dead process had committed has had its effects.
  if (stepped) assert.deepEqual((await committed(backend))?.unsettled, []);
  await take(journey, step);
}

/** The money that an order's events promised and that has not been moved. */
async function committed(backend: Backend) {
  const stored = await backend.db.doc('orders/order-1').get();
  if (!stored.exists) return null;
  const { payment, events } = await backend.order('order-1');
  const unsettled = payment.status === 'capturing' || payment.status === 'voiding' ? [payment.status] : [];
  return { unsettled, events: events.length };
}

describe('a process that dies', () => {
  it('at any point of any step leaves no trace: each effect once, captured once, the same end', async function () {
    this.timeout(120_000);
    const whole = (await run(0)).result;
    assert.deepEqual(whole.moved, ['hold order-1 2940', 'capture order-1 2940', 'transfer order-1 1600 to acct_rosa']);
    assert.deepEqual([whole.status, whole.shown.length, whole.operators], ['completed', 6, []]);
    const points: string[] = [];
    for (let point = 1; ; point += 1) {
      const { result, died } = await run(point);
      if (died.length === 0) break;
      assert.deepEqual(result, whole, `died ${died.join('; ')}`);
      points.push(...died);
    }
    assert.ok(points.length > 120, `only ${points.length} points`);
    for (const step of STEPS)
      assert.ok(
        points.some((point) => point.startsWith(step)),
        `${step} never died`,
      );
  });
});
