import assert from 'node:assert/strict';
import type { OrderEvent } from '#functions/contract/orders.js';
import { toDigest } from '#functions/core/digest.js';
import { endOffer } from '#functions/dispatch/end-offer.js';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { anOffer } from '#fixtures/documents/couriers.js';
import { Journey } from '#fixtures/journey.js';
import { anOrder, aQuote, type OrderFacts } from '#fixtures/orders.js';

let backend: Backend;
const state = async () => {
  const { online, paused } = await backend.courier('omar');
  const task = await backend.db.doc(`operatorTasks/courier-${toAccountId('omar')}-paused`).get();
  return { online, reason: paused?.reason, untilMs: paused?.untilMs, path: task.get('path') as unknown };
};
const FREE = { online: true, reason: undefined, untilMs: undefined, path: undefined };
/** As many as an order may have before another courier is assigned. */
const manyEvents = (): OrderEvent[] => {
  const { events } = anOrder({ status: 'ready', courierId: null });
  const reminders = Array.from({ length: 150 - events.length }, (_, index): OrderEvent => {
    const n = events.length + index + 1;
    return { n, action: 'escalate', from: 'ready', to: 'ready', by: 'system', atMs: START_MS, causeId: `late-${n}` };
  });
  return [...events, ...reminders];
};
/** An order that omar has accepted. */
const accepted = async (): Promise<Journey> => {
  const journey = await new Journey(backend).reach('accepted');
  assert.equal(await journey.offered(), 'omar');
  await journey.answer('omar', 'accept');
  return journey;
};
const cancel = (journey: Journey) => journey.cancel('olga', { liable: 'platform' });

describe('a courier who takes orders and gives them back', () => {
  beforeEach(async () => {
    backend = await aCity();
  });
  afterEach(() => backend.close());

  const ways: Readonly<Record<string, (journey: Journey) => Promise<unknown>>> = {
    'before the food is ready': (journey) => journey.move('omar', { action: 'unassign', reason: 'no time' }),
    'with the reason of a courier whom an operator stopped': (journey) =>
      journey.move('omar', { action: 'unassign', reason: 'courier_stopped' }),
    'at the counter': async (journey) => {
      await journey.arrive('omar', 'kitchen');
      await journey.move('omar', { action: 'unassign', reason: 'no time' });
    },
    'by not coming': async (journey) => {
      await journey.move('mario', { action: 'markReady' });
      await backend.advance(16 * MINUTE);
      assert.equal((await backend.order(journey.orderId)).courierId, null);
    },
  };
  for (const [name, giveBack] of Object.entries(ways))
    it(`${name} is paused after the fourth, not after the third, and operators see it`, async () => {
      for (const expected of [FREE, FREE, FREE, null]) {
        const journey = await accepted();
        await giveBack(journey);
        if (expected) assert.deepEqual(await state(), expected);
        await cancel(journey);
      }
      const { untilMs, ...rest } = await state();
      assert.deepEqual(rest, { online: false, reason: 'handBack', path: 'couriers/omar' });
      assert.ok(untilMs !== undefined && untilMs > backend.nowMs && untilMs <= backend.nowMs + 120 * MINUTE);
    });

  for (const [name, minutes, expected] of [
    ['while the kitchen is in time', 0, 'handBack'],
    ['while the kitchen is late', 60, undefined],
  ] as const)
    it(`is ${expected ? '' : 'not '}paused after four ${name}`, async () => {
      for (const _ of [1, 2, 3, 4]) {
        const journey = await accepted();
        if (minutes > 0)
          await backend.db.doc(`orders/${journey.orderId}`).update({ readyAtMs: backend.nowMs - minutes * MINUTE });
        await journey.move('omar', { action: 'unassign', reason: 'no food' });
        await cancel(journey);
      }
      assert.equal((await state()).reason, expected);
    });

  for (const [name, isBefore, expected] of [
    ['before they were accepted', true, 'handBack'],
    ['after they were accepted', false, undefined],
  ] as const)
    it(`is ${expected ? '' : 'not '}paused after four whose kitchen announced a delay ${name}`, async () => {
      for (const _ of [1, 2, 3, 4]) {
        const journey = await new Journey(backend).reach('accepted');
        const delay = () => journey.move('mario', { action: 'delay', minutes: 30 });
        if (isBefore) await delay();
        assert.equal(await journey.offered(), 'omar');
        await journey.answer('omar', 'accept');
        if (!isBefore) await delay();
        await journey.move('omar', { action: 'unassign', reason: 'half an hour more' });
        await cancel(journey);
      }
      assert.equal((await state()).reason, expected);
    });

  it('is not paused where an operator takes them away', async () => {
    for (const _ of [1, 2, 3, 4]) {
      const journey = await accepted();
      await journey.move('olga', { action: 'unassign', reason: 'nearer one' });
      await cancel(journey);
    }
    assert.deepEqual(await state(), FREE);
  });

  /** Omar has an offer for this order. */
  const offerOf = async (orderId: string, facts: OrderFacts) => {
    await paths.order(backend.db, orderId).set(anOrder({ courierId: null, ...facts }));
    await paths.quote(backend.db, orderId).set(aQuote());
    const offer = { ...anOffer(), orderId, peers: ['omar'] };
    await backend.db.doc('couriers/omar').update({ offer, load: 1 });
    return offer;
  };
  const answer = (orderId: string, how: 'accept' | 'decline') =>
    backend.ask('respondToOffer', 'omar', { orderId, idempotencyKey: `${how}-key`, answer: how });

  for (const [name, facts, reason] of [
    ['of orders that wait for a courier', { status: 'ready' }, 'unusedOffer'],
    ['of orders that were cancelled', { status: 'cancelled' }, undefined],
    ['of orders that another courier has', { status: 'ready', courierId: 'nico' }, undefined],
  ] as const)
    it(`is ${reason ? '' : 'not '}paused after declining the twenty-first offer, not the twentieth, ${name}`, async () => {
      for (let n = 1; n <= 21; n += 1) {
        assert.equal((await state()).reason, undefined, `before offer ${n}`);
        await offerOf(`order-${n}`, facts);
        await answer(`order-${n}`, 'decline');
      }
      assert.equal((await state()).reason, reason);
    });

  /** The offers that omar may still leave unused, of twenty. */
  const readTokens = async () =>
    (await backend.db.doc(`limits/unusedOffer-${toDigest('omar')}`).get()).get('tokens') as unknown;

  for (const [name, facts, lateMs, reason, tokens] of [
    ['too late', { status: 'ready' }, 0, 'OFFER_GONE', 19],
    ['after the customer cancelled', { status: 'cancelled' }, -1, 'MOVE_NOT_ALLOWED', undefined],
    ['of an order without room for a step', { status: 'ready', events: manyEvents() }, -1, 'TOO_MANY_STEPS', undefined],
  ] as const)
    it(`keeps ${String(tokens ?? 20)} of twenty offers after accepting one ${name}`, async () => {
      const offer = await offerOf('order-1', facts);
      backend.nowMs = offer.expiresAtMs + lateMs;
      await assert.rejects(answer('order-1', 'accept'), { reason });
      assert.deepEqual([await readTokens(), (await backend.courier('omar')).offer], [tokens, null]);
    });

  it('keeps twenty of twenty offers after one that expired when its order was cancelled', async () => {
    const { expiresAtMs } = await offerOf('order-1', { status: 'cancelled' });
    backend.nowMs = expiresAtMs;
    assert.equal(await endOffer(backend.ctx, 'omar', 'order-1', { end: 'expired' }), true);
    assert.equal(await readTokens(), undefined);
    await offerOf('order-1', { status: 'ready' });
    assert.equal(await endOffer(backend.ctx, 'omar', 'order-1', { end: 'expired' }), true);
    assert.equal(await readTokens(), 19);
  });
});
