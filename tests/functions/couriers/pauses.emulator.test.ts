import assert from 'node:assert/strict';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import { stopServer, type Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { anOffer } from '#fixtures/documents/couriers.js';
import { Journey } from '#fixtures/journey.js';

let backend: Backend;
const state = async () => {
  const { online, paused } = await backend.courier('omar');
  const task = await backend.db.doc(`operatorTasks/courier-${toAccountId('omar')}-paused`).get();
  return { online, reason: paused?.reason, untilMs: paused?.untilMs, path: task.get('path') as unknown };
};
const FREE = { online: true, reason: undefined, untilMs: undefined, path: undefined };
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
  after(stopServer);

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

  it('is not paused where an operator takes them away', async () => {
    for (const _ of [1, 2, 3, 4]) {
      const journey = await accepted();
      await journey.move('olga', { action: 'unassign', reason: 'nearer one' });
      await cancel(journey);
    }
    assert.deepEqual(await state(), FREE);
  });

  it('is paused after declining the twenty-first offer, not the twentieth', async () => {
    for (let n = 1; n <= 21; n += 1) {
      assert.equal((await state()).reason, undefined, `before offer ${n}`);
      const offer = { ...anOffer(), orderId: `order-${n}`, peers: ['omar'] };
      await backend.db.doc('couriers/omar').update({ offer, load: 1 });
      const declined = { orderId: offer.orderId, idempotencyKey: 'decline-key', answer: 'decline' as const };
      await backend.ask('respondToOffer', 'omar', declined);
    }
    assert.equal((await state()).reason, 'unusedOffer');
  });
});
