import { strict as assert } from 'node:assert';
import type { AuditEntry } from '#functions/contract/operations.js';
import type { Inputs } from '#functions/calls/callables.js';
import { paths } from '#functions/platform/firestore.js';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

type Act = Inputs['answerSupport']['act'];

describe('a conversation with the operators', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity()));
  afterEach(() => backend.close());
  const write = (uid: string, text: string, key = 'support-key-1', about: { orderId?: string } = {}) =>
    backend.call('writeToSupport', uid, { text, idempotencyKey: key, ...about });
  const answer = (act: Act, key = 'answer-key-1', by = 'olga', uid = 'carla') =>
    backend.call('answerSupport', by, { uid, act, reason: 'asked', idempotencyKey: key });
  const state = async (uid = 'carla') => (await paths.conversation(backend.db, uid).get()).data();
  const texts = async (uid = 'carla') => {
    const found = await backend.db.collection(`conversations/${uid}/supportMessages`).orderBy('atMs').get();
    return found.docs.map((one) => `${String(one.get('from'))}: ${String(one.get('text'))}`);
  };

  it('goes both ways: a message opens it, an answer is notified once, and closing it ends it', async () => {
    await write('carla', 'Where is my order?');
    assert.deepEqual(
      [(await state())?.open, (await state())?.lastFrom, (await state())?.ownerId],
      [true, 'person', null],
    );
    backend.nowMs += 1000;
    await answer({ type: 'reply', text: 'At the door in five minutes.' });
    await backend.advance(60_000);
    assert.deepEqual(await texts(), ['person: Where is my order?', 'operator: At the door in five minutes.']);
    assert.deepEqual([(await state())?.lastFrom, (await state())?.ownerId], ['operator', 'olga']);
    const notified = async () => (await backend.db.collection('users/carla/inbox').get()).size;
    assert.equal(await notified(), 1);
    assert.equal((await answer({ type: 'reply', text: 'At the door in five minutes.' })).replayed, true);
    await backend.advance(60_000);
    assert.deepEqual([(await texts()).length, await notified()], [2, 1]);
    assert.equal((await answer({ type: 'close' }, 'answer-key-2')).open, false);
    await write('carla', 'Thank you!', 'support-key-2');
    assert.equal((await state())?.open, true);
  });

  it('is one for each person, in any role', async () => {
    for (const uid of ['mario', 'omar']) await write(uid, 'I need help');
    await answer({ type: 'reply', text: 'With what?' }, 'answer-key-1', 'olga', 'omar');
    assert.deepEqual(await texts('mario'), ['person: I need help']);
    assert.equal((await texts('omar')).length, 2);
  });

  it('may name an order of the writer, and no other', async () => {
    await new Journey(backend).place();
    for (const uid of ['carla', 'mario']) await write(uid, 'About this order', 'support-key-1', { orderId: 'order-1' });
    await assert.rejects(write('nina', 'About this order', 'support-key-1', { orderId: 'order-1' }), {
      reason: 'ORDER_NOT_FOUND',
    });
  });

  it('is answered only where the person wrote, and not by the person', async () => {
    await assert.rejects(answer({ type: 'reply', text: 'Hello?' }), { reason: 'CONVERSATION_NOT_FOUND' });
    await write('olga', 'My own question');
    await assert.rejects(answer({ type: 'reply', text: 'Yes' }, 'answer-key-1', 'olga', 'olga'), {
      reason: 'OTHER_OPERATOR_REQUIRED',
    });
    await write('carla', 'Hello');
    for (const uid of ['carla', 'mario', 'omar'])
      await assert.rejects(answer({ type: 'take' }, 'answer-key-1', uid), { reason: 'ROLE_REQUIRED' });
  });

  it('is written once for each key', async () => {
    assert.deepEqual(
      [(await write('carla', 'Hello')).replayed, (await write('carla', 'Hello')).replayed],
      [false, true],
    );
    assert.equal((await texts()).length, 1);
  });

  it('has its answers in the audit, with the reason and without the text', async () => {
    await write('carla', 'Hello');
    await answer({ type: 'reply', text: 'A secret answer' });
    const entries = (await backend.db.collection('audit').get()).docs.map((one) => one.data() as AuditEntry);
    assert.deepEqual(
      entries.map(({ by, action, reason }) => [by, action, reason]),
      [['olga', 'answerSupport', 'asked']],
    );
    assert.equal(JSON.stringify(entries).includes('secret'), false);
  });
});
