import { strict as assert } from 'node:assert';
import { noteSignal } from '#functions/abuse/links.js';
import type { Inputs } from '#functions/calls/callables.js';
import type { Review } from '#functions/contract/reviews.js';
import { paths } from '#functions/platform/firestore.js';
import { countReviews } from '#functions/reviews/count-reviews.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';
import { anOrder } from '#fixtures/orders.js';

const OF_ROSA = { type: 'restaurantReview', restaurantId: 'rosa', orderId: 'order-1' } as const;
const REPORT = 'restaurantReview-order-1';

describe('a review', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    await new Journey(backend).reach('delivered');
  });
  afterEach(() => backend.close());

  const review = (changes: Partial<Inputs['reviewOrder']> = {}, uid = 'carla') =>
    backend.ask('reviewOrder', uid, {
      orderId: 'order-1',
      restaurant: { stars: 4, text: 'Crisp' },
      courier: { stars: 5, text: '' },
      ...changes,
    });
  const stored = async (owner = 'restaurants/rosa', orderId = 'order-1') =>
    (await paths.review(backend.db, owner, orderId).get()).data();
  const rating = async (owner = 'restaurants/rosa') => (await backend.db.doc(owner).get()).get('rating');
  const decide = (verdict: 'keep' | 'remove', by = 'olga') =>
    backend.ask('decideReport', by, { reportId: REPORT, verdict, reason: 'an insult' });
  const report = (uid: string) => backend.ask('reportContent', uid, { content: OF_ROSA, reason: 'insult' });
  const isOpen = async () => (await backend.db.doc(`operatorTasks/${REPORT}`).get()).get('open');
  const past = (number: number, stars: number): Promise<unknown> => {
    const one: Review = {
      authorName: 'Nina',
      stars,
      text: '',
      state: 'shown',
      createdAtMs: 0,
      countedStars: 0,
      isDue: true,
    };
    return backend.db.doc(`restaurants/rosa/reviews/past-${number}`).set(one);
  };

  it('of restaurant and courier is written once, with the first name alone, and counted within the hour', async () => {
    assert.deepEqual(await review(), { state: 'shown', replayed: false });
    assert.deepEqual(await stored(), {
      authorName: 'Carla',
      stars: 4,
      text: 'Crisp',
      state: 'shown',
      createdAtMs: backend.nowMs,
      countedStars: 0,
      isDue: true,
    });
    assert.deepEqual([(await stored('couriers/omar'))?.stars, await rating()], [5, undefined]);
    assert.equal(await countReviews(backend.ctx), 2);
    assert.deepEqual(
      [await rating(), await rating('couriers/omar')],
      [
        { sum: 4, count: 1 },
        { sum: 5, count: 1 },
      ],
    );
    assert.deepEqual(await review(), { state: 'shown', replayed: true });
    await assert.rejects(review({ restaurant: { stars: 1, text: 'Crisp' } }), { reason: 'ALREADY_REVIEWED' });
    await countReviews(backend.ctx);
    assert.deepEqual(await rating(), { sum: 4, count: 1 });
  });

  it('is accepted for a delivered order, for thirty days, from its customer', async () => {
    await assert.rejects(review({}, 'nina'), { reason: 'ORDER_NOT_FOUND' });
    await backend.advance(30 * 24 * 60 * MINUTE);
    assert.equal((await review()).state, 'shown');
    await backend.db.doc('orders/order-2').set(anOrder({ status: 'delivered', courierId: null }));
    await assert.rejects(review({ orderId: 'order-2' }), { reason: 'COURIER_REQUIRED' });
    await backend.advance(60 * MINUTE);
    await assert.rejects(
      backend.ask('reviewOrder', 'carla', { orderId: 'order-2', restaurant: { stars: 4, text: '' } }),
      { reason: 'TOO_LATE' },
    );
    await backend.db.doc('orders/order-3').set(anOrder({ status: 'picked_up' }));
    await assert.rejects(review({ orderId: 'order-3' }), { reason: 'NOT_DELIVERED' });
  });

  it('counts once, for any number of runs and crashes', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, number) => past(number, 1 + (number % 5))));
    backend.conduct.fail('firestore.commit', 'after', Object.assign(new Error('14 UNAVAILABLE'), { code: 14 }));
    await countReviews(backend.ctx).catch(() => 0);
    await Promise.all([countReviews(backend.ctx), countReviews(backend.ctx)]);
    // 1 + 2 + 3 + 4 + 5, twice, and 1 + 2.
    assert.deepEqual(await rating(), { sum: 33, count: 12 });
  });

  it('with an insult is held, masked, and shown once an operator keeps it', async () => {
    assert.equal((await review({ restaurant: { stars: 1, text: 'You bastard, call 0660 1234567' } })).state, 'held');
    assert.equal((await stored())?.text, 'You •••••••, call ••••••••');
    await countReviews(backend.ctx);
    assert.deepEqual([await rating(), await isOpen()], [undefined, true]);
    assert.deepEqual(await decide('keep'), { state: 'decided' });
    await countReviews(backend.ctx);
    assert.deepEqual([(await stored())?.state, await rating(), await isOpen()], ['shown', { sum: 1, count: 1 }, false]);
  });

  it('that is reported stays until an operator removes it; its author is notified, appeals once, and another operator restores it', async () => {
    await review();
    await countReviews(backend.ctx);
    await report('mario');
    await report('mario');
    await report('nina');
    const stands = (await paths.report(backend.db, REPORT).get()).data();
    assert.deepEqual(
      [stands?.reporters, stands?.reasons, (await stored())?.state],
      [['mario', 'nina'], ['insult'], 'shown'],
    );
    assert.deepEqual(await decide('remove'), { state: 'decided' });
    await countReviews(backend.ctx);
    assert.deepEqual([(await stored())?.state, await rating()], ['removed', { sum: 0, count: 0 }]);
    assert.deepEqual(backend.push.keysTo('device-carla').at(-1), 'content_removed');
    await assert.rejects(report('nina'), { reason: 'CONTENT_NOT_FOUND' });

    const appeal = (uid: string, text = 'It was true') => backend.ask('appeal', uid, { content: OF_ROSA, text });
    await assert.rejects(appeal('nina'), { reason: 'REPORT_NOT_FOUND' });
    assert.deepEqual([await appeal('carla'), await isOpen()], [{ state: 'appealed' }, true]);
    assert.deepEqual(await appeal('carla'), { state: 'appealed' });
    backend.identity.add('oscar', { role: 'operator' }, 'Oscar');
    backend.identity.add('otto', { role: 'operator' }, 'Otto');
    for (const uid of ['olga', 'otto']) await noteSignal(backend.ctx, uid, { kind: 'device', value: 'olgas-phone' });
    await assert.rejects(decide('keep'), { reason: 'OTHER_OPERATOR_REQUIRED' });
    await assert.rejects(decide('keep', 'otto'), { reason: 'OTHER_OPERATOR_REQUIRED' });
    assert.deepEqual(await decide('keep', 'oscar'), { state: 'final' });
    await countReviews(backend.ctx);
    assert.deepEqual([(await stored())?.state, await rating()], ['shown', { sum: 4, count: 1 }]);
    await assert.rejects(appeal('carla', 'again'), { reason: 'REPORT_DECIDED' });
    await assert.rejects(decide('remove'), { reason: 'REPORT_DECIDED' });
    assert.deepEqual(await decide('keep', 'oscar'), { state: 'final' });
    const audit = await backend.db.collection('audit').where('action', '==', 'decideReport').get();
    assert.deepEqual(
      audit.docs
        .map((entry) => [entry.get('by'), entry.get('reason'), entry.get('after')])
        .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
      [
        ['olga', 'an insult', { state: 'decided', verdict: 'remove' }],
        ['oscar', 'an insult', { state: 'final', verdict: 'keep' }],
      ],
    );
  });

  it('is handled like messages: each reader may report one, and it is removed', async () => {
    await backend.db.doc('orders/order-1/messages/omar-1').set({
      uid: 'omar',
      role: 'courier',
      n: 1,
      customerId: 'carla',
      restaurantId: null,
      courierId: 'omar',
      text: 'Tip me',
      createdAt: new Date(backend.nowMs),
      state: 'shown',
    });
    const content = { type: 'message', orderId: 'order-1', messageId: 'omar-1' } as const;
    const reporting = (uid: string) => backend.ask('reportContent', uid, { content, reason: 'insult' });
    await assert.rejects(reporting('mario'), { reason: 'CONTENT_NOT_FOUND' });
    const { reportId } = await reporting('carla');
    await backend.ask('decideReport', 'olga', { reportId, verdict: 'remove', reason: 'begging' });
    assert.equal((await paths.message(backend.db, 'order-1', 'omar-1').get()).data()?.state, 'removed');
    assert.deepEqual(backend.push.keysTo('device-omar').at(-1), 'content_removed');
  });
});
