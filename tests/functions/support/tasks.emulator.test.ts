import { strict as assert } from 'node:assert';
import type { AuditEntry, OperatorTask } from '#functions/contract/operations.js';
import type { Inputs } from '#functions/calls/callables.js';
import { paths } from '#functions/platform/firestore.js';
import { raiseOperatorTask } from '#functions/platform/operator-tasks.js';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const TASK = 'order-1-kitchen_late';
type Act = Inputs['updateTask']['act'];

describe('tasks of operators', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    backend.identity.add('otto', { role: 'operator' });
    await new Journey(backend).place();
    await raise('kitchen_late');
  });
  afterEach(() => backend.close());
  const raise = (kind: OperatorTask['kind']) =>
    raiseOperatorTask(backend.ctx, { kind, orderId: 'order-1', detail: 'escalate in accepted' });
  const act = (by: string, one: Act, key = 'task-key-1', taskId = TASK) =>
    backend.call('updateTask', by, { taskId, act: one, reason: 'the kitchen was called', idempotencyKey: key });
  const task = async (id = TASK) => (await paths.operatorTask(backend.db, id).get()).data();
  const history = async (): Promise<AuditEntry[]> => {
    const found = await backend.db.collection('audit').where('subject', '==', `operatorTasks/${TASK}`).get();
    return found.docs.map((one) => one.data() as AuditEntry);
  };

  it('are taken, assigned to an operator, and given back', async () => {
    assert.equal((await act('olga', { type: 'take' })).ownerId, 'olga');
    assert.equal((await act('olga', { type: 'assign', to: 'otto' }, 'task-key-2')).ownerId, 'otto');
    assert.equal((await task())?.ownerId, 'otto');
    await assert.rejects(act('olga', { type: 'assign', to: 'carla' }, 'task-key-3'), { reason: 'USER_NOT_FOUND' });
    assert.equal((await act('otto', { type: 'assign', to: null }, 'task-key-4')).ownerId, null);
  });

  it('are closed and reopened by hand', async () => {
    assert.equal((await act('olga', { type: 'close' })).open, false);
    assert.equal((await task())?.open, false);
    assert.equal((await act('olga', { type: 'reopen' }, 'task-key-2')).open, true);
  });

  it('are closed by the decision about their subject, where there is one', async () => {
    await raise('claim');
    await assert.rejects(act('olga', { type: 'close' }, 'task-key-1', 'order-1-claim'), {
      reason: 'TASK_NEEDS_DECISION',
      details: { kind: 'claim' },
    });
    assert.equal((await act('olga', { type: 'take' }, 'task-key-1', 'order-1-claim')).ownerId, 'olga');
  });

  it('are not reopened where their subject is decided, which could not close them again', async () => {
    await raise('claim');
    await paths.operatorTask(backend.db, 'order-1-claim').update({ open: false });
    await act('olga', { type: 'close' });
    await assert.rejects(act('olga', { type: 'reopen' }, 'task-key-2', 'order-1-claim'), {
      reason: 'TASK_NEEDS_DECISION',
      details: { kind: 'claim' },
    });
    assert.equal((await act('olga', { type: 'reopen' }, 'task-key-2')).open, true);
  });

  it('have their history and their comments in the audit, each act once', async () => {
    const comment = () => act('otto', { type: 'comment' });
    assert.deepEqual([(await comment()).replayed, (await comment()).replayed], [false, true]);
    assert.equal((await task())?.comments, 1);
    const entries = (await history()).map(({ by, action, reason, after }) => [by, action, reason, after?.['act']]);
    assert.deepEqual(entries, [['otto', 'updateTask', 'the kitchen was called', 'comment']]);
  });

  it('name the zone of the order whose step opened them', async () => {
    const journey = await new Journey(backend).place();
    await journey.move('mario', { action: 'accept', prepMinutes: 10 });
    await backend.advance(3 * 3_600_000);
    const found = await backend.db.collection('operatorTasks').where('zoneId', '==', 'centre').get();
    assert.ok(found.docs.some((one) => one.get('orderId') === journey.orderId));
  });

  it('keep owner and comments when the problem is reported again', async () => {
    await act('olga', { type: 'take' });
    await act('olga', { type: 'close' }, 'task-key-2');
    await raise('kitchen_late');
    const { open, ownerId } = (await task()) ?? {};
    assert.deepEqual([open, ownerId], [true, 'olga']);
  });

  it('are not for other people, nor for a task that does not exist', async () => {
    for (const uid of ['carla', 'mario', 'omar'])
      await assert.rejects(act(uid, { type: 'take' }), { reason: 'ROLE_REQUIRED' });
    await assert.rejects(act('olga', { type: 'take' }, 'task-key-1', 'order-2-claim'), { reason: 'TASK_NOT_FOUND' });
  });

  it('of the own restaurant, pay or account are left to another operator; a comment is possible', async () => {
    const { db, ctx } = backend;
    for (const uid of ['mario', 'omar']) backend.identity.add(uid, { role: 'operator' });
    const payout = await paths.courierPayout(db, 'payout-1').get();
    await db.doc(payout.ref.path).set({ courierId: 'omar' });
    await db.doc('merchantApplications/luigi').set({ ownerId: 'mario' });
    for (const [own, path, kind] of [
      ['mario', 'restaurants/rosa', 'store_strikes'],
      ['mario', 'restaurants/rosa/private/terms', 'merchant_owes'],
      ['mario', 'merchantApplications/luigi', 'document_failed'],
      ['omar', 'couriers/omar', 'courier_payment_due'],
      ['omar', 'courierPayouts/payout-1', 'courier_payout'],
      ['mario', 'quotes/order-1', 'document_failed'],
    ] as const) {
      const id = `about-${path.replaceAll('/', '-')}`;
      await raiseOperatorTask(ctx, { kind, orderId: null, path, detail: 'for the test' }, id);
      await assert.rejects(act(own, { type: 'close' }, `task-close-${path.length}`, id), {
        reason: 'OTHER_OPERATOR_REQUIRED',
      });
      assert.equal((await act(own, { type: 'comment' }, `task-comment-${path.length}`, id)).open, true);
      assert.equal((await act('otto', { type: 'close' }, `task-close-${path.length}`, id)).open, false);
    }
  });

  it('of an own order are left to another operator; a comment is possible', async () => {
    backend.identity.add('carla', { role: 'operator' });
    await assert.rejects(act('carla', { type: 'close' }), { reason: 'OTHER_OPERATOR_REQUIRED' });
    assert.equal((await act('carla', { type: 'comment' })).comments, 1);
  });
});
