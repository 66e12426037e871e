import assert from 'node:assert/strict';
import { handleTask } from '#functions/app/dispatch-task.js';
import { handleDue } from '#functions/sweep/sweep.js';
import type { Backend } from '#fixtures/backend.js';
import { assertSound } from '#fixtures/books.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';

const UNAVAILABLE = Object.assign(new Error('14 UNAVAILABLE'), { code: 14 });

/** Lets the SDK's transport send a commit outside of a transaction twice, as where the first answer is lost. */
function repeatCommits({ db }: Backend): void {
  const send: unknown = Reflect.get(db, 'request');
  assert.ok(typeof send === 'function');
  const value = async (...args: unknown[]): Promise<unknown> => {
    const answer: unknown = await Reflect.apply(send, db, args);
    const [rpc, request] = args;
    const isTransaction = typeof request === 'object' && request !== null && 'transaction' in request;
    return rpc === 'commit' && !isTransaction ? Reflect.apply(send, db, args) : answer;
  };
  Object.defineProperty(db, 'request', { value });
}

describe('an answer of the database that is lost', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(async () => {
    await backend.deliverWebhooks();
    await assertSound(backend);
    await backend.close();
  });

  it('does not keep a deadline’s effects from being run, although the deadline has passed to another', async () => {
    const { orderId } = await new Journey(backend).place();
    const order = await backend.order(orderId);
    backend.nowMs = order.due?.atMs ?? 0;
    backend.conduct.fail('firestore.commit', 'after', UNAVAILABLE);
    await handleDue(backend.ctx, orderId, order);
    const { events } = await backend.order(orderId);
    assert.equal(events.at(-1)?.action, 'remind');
    assert.ok(backend.push.keysTo('device-mario').includes('order_waiting'));
  });

  it('does not refuse the quote or the invitation that was written', async () => {
    repeatCommits(backend);
    const { quoteId } = await backend.call('quote', 'carla', aCart());
    assert.ok((await backend.db.doc(`quotes/${quoteId}`).get()).exists);
    const invited = { to: { type: 'user' as const, uid: 'nina' }, role: 'kitchen' as const };
    const { invitationId } = await backend.ask('inviteMember', 'mario', { restaurantId: 'rosa', ...invited });
    assert.ok((await backend.db.doc(`restaurants/rosa/invitations/${invitationId}`).get()).exists);
  });
});

describe('clocks of instances that differ', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(async () => {
    await assertSound(backend);
    await backend.close();
  });

  it('do not put the events of an order out of order', async () => {
    const journey = await new Journey(backend).reach('accepted');
    backend.nowMs -= 10 * MINUTE;
    await journey.move('mario', { action: 'startPreparing' });
    const times = (await backend.order(journey.orderId)).events.map(({ atMs }) => atMs);
    assert.deepEqual(times, times.toSorted());
    assert.equal(times.at(-1), times.at(-2));
    backend.nowMs += 10 * MINUTE;
  });

  for (const [type, name] of [
    ['effects', 'the effects of a step'],
    ['refund', 'a refund'],
  ] as const) {
    it(`let the recovery task of ${name} that runs before the commit be repeated, but not for ever`, async () => {
      const { orderId } = await new Journey(backend).place();
      const wakeUp =
        type === 'effects' ? { type, orderId, causeId: 'still-to-come' } : { type, orderId, refundId: 'still-to-come' };
      await assert.rejects(handleTask(backend.ctx, wakeUp, false), /not stored, or not yet/);
      await handleTask(backend.ctx, wakeUp, true);
    });
  }
});
