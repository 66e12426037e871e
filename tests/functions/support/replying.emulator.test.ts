import { strict as assert } from 'node:assert';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const OF_ROSA = { type: 'reviewReply', restaurantId: 'rosa', orderId: 'order-1' } as const;
const REPORT = 'reviewReply-order-1';

describe('a reply to a review', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    await new Journey(backend).reach('delivered');
    await backend.ask('reviewOrder', 'carla', { orderId: 'order-1', restaurant: { stars: 2, text: 'Lukewarm' } });
  });
  afterEach(() => backend.close());

  const reply = (text = 'We are sorry', uid = 'mario', orderId = 'order-1') =>
    backend.ask('replyToReview', uid, { restaurantId: 'rosa', orderId, text });
  const review = async () => (await paths.review(backend.db, 'restaurants/rosa', 'order-1').get()).data();
  const report = async () => (await paths.report(backend.db, REPORT).get()).data();
  const decide = (verdict: 'keep' | 'remove', by = 'olga') =>
    backend.ask('decideReport', by, { reportId: REPORT, verdict, reason: 'seen' });
  const notified = () => backend.push.keysTo('device-carla').filter((key) => key === 'review_answered').length;

  it('of an owner or manager stands in the review, may be changed, and notifies the customer once', async () => {
    assert.deepEqual(await reply(), { state: 'shown' });
    const { nowMs } = backend;
    assert.deepEqual((await review())?.reply, { text: 'We are sorry', atMs: nowMs, notifiedAtMs: nowMs });
    await backend.advance(60_000);
    assert.deepEqual(await reply(), { state: 'shown' });
    assert.deepEqual(await reply('Sorry! Call 0660 1234567'), { state: 'shown' });
    assert.deepEqual((await review())?.reply, {
      text: 'Sorry! Call ••••••••',
      atMs: nowMs + 60_000,
      notifiedAtMs: nowMs,
    });
    assert.equal(notified(), 1);
  });

  it('notifies no one where the customer is erased', async () => {
    const user = { displayName: 'Carla', locale: 'en', claimsVersion: 1, createdAtMs: backend.nowMs };
    await backend.db.doc('users/carla').set(user);
    await backend.advance(3 * 3_600_000);
    await backend.deliverWebhooks();
    backend.signIn('carla');
    await backend.call('deleteMyAccount', 'carla', {});
    await backend.advance(3 * 3_600_000);
    assert.match((await backend.order('order-1')).customerId, /^erased-/u);
    assert.deepEqual(await reply(), { state: 'shown' });
    const inboxes = (await backend.db.collectionGroup('inbox').get()).docs.map(({ ref }) => ref.path.split('/')[1]);
    assert.deepEqual(
      inboxes.filter((uid) => uid?.startsWith('erased-') || uid === 'carla'),
      [],
    );
  });

  it('is not for kitchen staff, other restaurants and reviews that are not shown', async () => {
    await backend.db.doc('restaurants/rosa/members/kim').set({ role: 'kitchen', displayName: 'Kim', addedAtMs: 0 });
    backend.identity.add('kim', { merchant: { rosa: 'kitchen' } }, 'Kim');
    await assert.rejects(reply('Sorry', 'kim'), { reason: 'ROLE_NOT_ALLOWED' });
    await assert.rejects(reply('Sorry', 'lena'), { reason: 'RESTAURANT_NOT_FOUND' });
    await assert.rejects(reply('Sorry', 'mario', 'order-2'), { reason: 'CONTENT_NOT_FOUND' });
    await backend.db.doc('restaurants/rosa/reviews/order-1').update({ state: 'removed' });
    await assert.rejects(reply(), { reason: 'CONTENT_NOT_FOUND' });
    await backend.db.doc('restaurants/rosa/reviews/order-1').update({ state: 'shown' });
    assert.deepEqual(await reply(), { state: 'shown' });
  });

  it('with an insult waits in its report, also after a change, and is shown once an operator keeps it', async () => {
    assert.deepEqual(await reply('You bastard'), { state: 'held' });
    assert.deepEqual(await reply('You liar'), { state: 'held' });
    assert.deepEqual([(await review())?.reply, (await report())?.reply?.text, notified()], [undefined, 'You liar', 0]);
    assert.equal((await backend.db.doc(`operatorTasks/${REPORT}`).get()).get('open'), true);
    assert.deepEqual(await decide('keep'), { state: 'decided' });
    assert.deepEqual([(await review())?.reply?.text, (await report())?.reply, notified()], ['You liar', undefined, 1]);
    await assert.rejects(reply('Liar'), { reason: 'REPORT_DECIDED' });
  });

  it('is removed after a report, and restored by another operator after the restaurant’s appeal', async () => {
    const complain = () => backend.ask('reportContent', 'carla', { content: OF_ROSA, reason: 'insult' });
    await assert.rejects(complain(), { reason: 'CONTENT_NOT_FOUND' });
    await reply();
    assert.deepEqual(await complain(), { reportId: REPORT });
    assert.deepEqual(await decide('remove'), { state: 'decided' });
    const { state, text } = (await review()) ?? {};
    assert.deepEqual([state, text, (await review())?.reply], ['shown', 'Lukewarm', undefined]);
    assert.equal(backend.push.keysTo('device-mario').at(-1), 'content_removed');
    await assert.rejects(reply('Again'), { reason: 'REPORT_DECIDED' });
    const appeal = (uid: string) => backend.ask('appeal', uid, { content: OF_ROSA, text: 'It was polite' });
    await assert.rejects(appeal('carla'), { reason: 'REPORT_NOT_FOUND' });
    assert.deepEqual(await appeal('mario'), { state: 'appealed' });
    backend.identity.add('oscar', { role: 'operator' }, 'Oscar');
    assert.deepEqual(await decide('keep', 'oscar'), { state: 'final' });
    assert.deepEqual([(await review())?.reply?.text, notified()], ['We are sorry', 1]);
  });

  it('is not decided on by an operator of the restaurant’s staff', async () => {
    await reply();
    await backend.ask('reportContent', 'carla', { content: OF_ROSA, reason: 'insult' });
    await backend.db.doc('restaurants/rosa/members/otto').set({ role: 'kitchen', displayName: 'Kim', addedAtMs: 0 });
    backend.identity.add('otto', { role: 'operator' }, 'Otto');
    await assert.rejects(decide('remove', 'otto'), { reason: 'OTHER_OPERATOR_REQUIRED' });
    assert.deepEqual(await decide('keep'), { state: 'decided' });
  });
});
