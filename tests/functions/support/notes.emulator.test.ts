import { strict as assert } from 'node:assert';
import type { AuditEntry } from '#functions/contract/operations.js';
import type { Inputs } from '#functions/calls/callables.js';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

type Note = Inputs['noteRecord'];
const ORDER = { type: 'order', id: 'order-1' } as const;

describe('the notes of operators', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    await new Journey(backend).place();
  });
  afterEach(() => backend.close());
  const note = (act: Note['act'], key = 'note-key-1', subject: Note['subject'] = ORDER, by = 'olga') =>
    backend.call('noteRecord', by, { subject, act, reason: 'calls every ten minutes', idempotencyKey: key });
  const about = async (subject: string) => {
    const found = await backend.db.collection('deskRecords').where('subject', '==', subject).get();
    return found.docs.map((one) => one.data());
  };

  it('are in the audit with the path of the order, each once', async () => {
    assert.deepEqual([(await note({ type: 'note' })).notes, (await note({ type: 'note' })).replayed], [1, true]);
    const entries = await backend.db.collection('audit').where('subject', '==', 'orders/order-1').get();
    const [entry] = entries.docs.map((one) => one.data() as AuditEntry);
    assert.deepEqual(
      [entries.size, entry?.by, entry?.action, entry?.reason],
      [1, 'olga', 'noteRecord', 'calls every ten minutes'],
    );
  });

  it('of the own account and of an own order have tags and an owner by another operator; a note is possible', async () => {
    const user = { displayName: 'Olga', locale: 'en', claimsVersion: 1, createdAtMs: backend.nowMs };
    await backend.db.doc('users/olga').set(user);
    backend.identity.add('carla', { role: 'operator' });
    const own = { type: 'person', id: 'olga' } as const;
    const acts: readonly Note['act'][] = [{ type: 'tags', tags: ['vip'] }, { type: 'take' }, { type: 'release' }];
    for (const [index, act] of acts.entries()) {
      const key = `note-key-${index}`;
      await assert.rejects(note(act, key, own), { reason: 'OTHER_OPERATOR_REQUIRED' });
      await assert.rejects(note(act, key, ORDER, 'carla'), { reason: 'OTHER_OPERATOR_REQUIRED' });
      await note(act, key, own, 'carla');
      await note(act, key);
    }
    assert.equal((await note({ type: 'note' }, 'note-key-9', own)).notes, 1);
  });

  it('have tags, which replace those before, and an owner', async () => {
    await note({ type: 'tags', tags: ['vip', 'vip', 'late'] });
    await note({ type: 'take' }, 'note-key-2');
    const { tags, ownerId } = await note({ type: 'tags', tags: ['late'] }, 'note-key-3');
    assert.deepEqual([tags, ownerId], [['late'], 'olga']);
    assert.equal((await note({ type: 'release' }, 'note-key-4')).ownerId, null);
    assert.equal((await about('orders/order-1')).length, 1);
  });

  it('are about an order, a person or a restaurant that exists', async () => {
    await backend.call('createProfile', 'carla', { displayName: 'Carla', locale: 'it' });
    for (const subject of [ORDER, { type: 'person', id: 'carla' }, { type: 'restaurant', id: 'rosa' }] as const)
      assert.equal((await note({ type: 'note' }, 'note-key-1', subject)).notes, 1);
    for (const [type, reason] of [
      ['order', 'ORDER_NOT_FOUND'],
      ['person', 'USER_NOT_FOUND'],
      ['restaurant', 'RESTAURANT_NOT_FOUND'],
    ] as const)
      await assert.rejects(note({ type: 'note' }, 'note-key-2', { type, id: 'unknown' }), { reason });
  });

  it('are for operators', async () => {
    for (const uid of ['carla', 'mario', 'omar'])
      await assert.rejects(note({ type: 'note' }, 'note-key-1', ORDER, uid), { reason: 'ROLE_REQUIRED' });
  });

  it('and answers to a person name the person no more after an erasure', async () => {
    await backend.call('createProfile', 'nina', { displayName: 'Nina', locale: 'it' });
    await note({ type: 'tags', tags: ['vip'] }, 'note-key-1', { type: 'person', id: 'nina' });
    await backend.call('writeToSupport', 'nina', { text: 'Hello', idempotencyKey: 'support-key-1' });
    const act = { type: 'reply' as const, text: 'Hello' };
    await backend.call('answerSupport', 'olga', { uid: 'nina', act, reason: 'asked', idempotencyKey: 'answer-key-1' });
    backend.signIn('nina');
    await backend.call('deleteMyAccount', 'nina', {});
    await backend.advance(2 * 3_600_000);
    const left = ['audit', 'deskRecords', 'conversations'].map(
      async (name) => (await backend.db.collection(name).get()).docs,
    );
    const documents = (await Promise.all(left)).flat().map((one) => `${one.ref.path} ${JSON.stringify(one.data())}`);
    assert.ok(documents.length >= 3);
    assert.deepEqual(
      documents.filter((one) => one.includes('nina')),
      [],
    );
  });
});
