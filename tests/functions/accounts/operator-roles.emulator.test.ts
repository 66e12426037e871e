import { strict as assert } from 'node:assert';
import { CALLABLES, type CallableName } from '#functions/calls/callables.js';
import { findOperatorRoles, mayOperate } from '#functions/authority/operator-calls.js';
import { OPERATOR_ROLES, type OperatorRole } from '#functions/contract/accounts.js';
import type { Backend } from '#fixtures/backend.js';
import { aCity } from '#fixtures/city.js';
import { Journey } from '#fixtures/journey.js';

const isCallable = (name: string): name is CallableName => name in CALLABLES;
const OF_OPERATORS = Object.entries(CALLABLES)
  .filter(([, { audience }]) => audience.includes('operator'))
  .map(([name]) => name)
  .filter(isCallable);
/** Other people may make them, so the handler decides by the order or the person. */
const BY_HANDLER: readonly CallableName[] = [
  'cancelOrder',
  'courierBalance',
  'courierStatement',
  'openFile',
  'readEta',
];

/** No operator below `finance` moves or reads money. */
const OF_MONEY: readonly CallableName[] = [
  'refundOrder',
  'decideClaim',
  'grantCredit',
  'decideHeldPay',
  'recordCashDeposit',
  'submitDisputeEvidence',
  'courierBalance',
  'courierStatement',
  'readBankDetails',
  'recordCourierPayment',
  'returnCourierPayment',
  'settleCourierDebt',
  'recordRiderPayment',
  'payoutsReport',
  'monthReport',
];
const OF_ADMINS: readonly CallableName[] = ['grantRole', 'savePromotion', 'saveZone', 'saveFlag', 'migrateLedger'];

describe('operator roles', () => {
  let backend: Backend;
  before(async () => {
    backend = await aCity();
    for (const role of OPERATOR_ROLES) backend.identity.add(role, { role: 'operator', desk: role });
    backend.identity.add('future', { role: 'operator', desk: 'unknown' });
  });
  after(() => backend.close());
  const refusal = (name: CallableName, uid: string, input: object = {}) =>
    backend.ask(name, uid, input).then(
      () => null,
      (error: unknown) => (error as { reason: string }).reason,
    );

  it('name every callable that an operator may make', () => {
    assert.deepEqual(
      OF_OPERATORS.filter((name) => findOperatorRoles(name) === null),
      [],
    );
    const others = Object.keys(CALLABLES).filter(isCallable);
    assert.deepEqual(
      others.filter((name) => findOperatorRoles(name) !== null && !OF_OPERATORS.includes(name)),
      [],
    );
  });

  for (const name of OF_OPERATORS.filter((one) => !BY_HANDLER.includes(one)))
    it(`decide who makes ${name}`, async () => {
      const found: string[] = [];
      for (const role of OPERATOR_ROLES) if ((await refusal(name, role)) !== 'ROLE_REQUIRED') found.push(role);
      assert.deepEqual(found.toSorted(), [...(findOperatorRoles(name) ?? [])].toSorted());
      assert.equal(await refusal(name, 'future'), 'ROLE_REQUIRED');
    });

  it('keep money for finance, and roles and configuration for admins', () => {
    const able = (name: CallableName) => OPERATOR_ROLES.filter((role: OperatorRole) => mayOperate(name, role));
    for (const name of OF_MONEY) assert.deepEqual(able(name), ['admin', 'finance'], name);
    for (const name of OF_ADMINS) assert.deepEqual(able(name), ['admin'], name);
  });

  it('let a dispatcher cancel an order, and finance see it only as a customer would', async () => {
    const { orderId } = await new Journey(backend).place();
    const cancel = { orderId, idempotencyKey: 'cancel-key-1', reason: 'closed', liable: 'merchant' };
    assert.equal(await refusal('cancelOrder', 'finance', cancel), 'ORDER_NOT_FOUND');
    assert.equal(await refusal('cancelOrder', 'dispatcher', cancel), null);
  });

  it('let finance read what a courier is owed, and a dispatcher nothing of it', async () => {
    const period = { courierId: 'omar', fromDay: '2026-03-01', toDay: '2026-03-02' };
    for (const [name, input] of [
      ['courierBalance', { courierId: 'omar' }],
      ['courierStatement', period],
    ] as const) {
      assert.equal(await refusal(name, 'dispatcher', input), 'USER_NOT_FOUND');
      assert.equal(await refusal(name, 'finance', input), null);
    }
  });

  it('say in the refusal for whom the call is', async () => {
    await assert.rejects(backend.ask('grantCredit', 'support', {}), {
      reason: 'ROLE_REQUIRED',
      details: { roles: 'operator', operatorRoles: 'admin,finance' },
    });
  });
});

describe('the role of an operator', () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await aCity();
    await backend.call('createProfile', 'nina', { displayName: 'Nina', locale: 'en' });
  });
  afterEach(() => backend.close());
  const grant = (uid: string, as: OperatorRole, by = 'olga') =>
    backend.call('grantRole', by, { uid, role: { type: 'operator', as } });
  const credit = (by: string) =>
    backend.call('grantCredit', by, {
      uid: 'carla',
      currency: 'EUR',
      amountMinor: 100,
      reason: 'late',
      idempotencyKey: 'credit-key-1',
    });
  const pause = (by: string) => backend.call('pauseStore', by, { restaurantId: 'rosa', minutes: 5, reason: 'smoke' });

  it('is granted by an admin, stands in the claims, and changes what the operator may do', async () => {
    await grant('nina', 'support');
    assert.deepEqual(await backend.identity.claimsOf('nina'), { role: 'operator', desk: 'support' });
    await pause('nina');
    await assert.rejects(credit('nina'), { reason: 'ROLE_REQUIRED' });
    await grant('nina', 'finance');
    backend.nowMs += 60_000;
    await assert.rejects(credit('nina'), { reason: 'SESSION_REVOKED' }, 'the sessions end with the permissions');
    backend.signIn('nina');
    await credit('nina');
    await assert.rejects(pause('nina'), { reason: 'ROLE_REQUIRED' });
    await grant('nina', 'admin');
    assert.deepEqual(await backend.identity.claimsOf('nina'), { role: 'operator' });
    backend.nowMs += 60_000;
    await pause('nina');
  });

  it('is in the audit with the reason of the admin', async () => {
    const role = { type: 'operator', as: 'support' } as const;
    await backend.call('grantRole', 'olga', { uid: 'nina', role, reason: 'joins the evening team' });
    const [entry] = (await backend.db.collection('audit').get()).docs;
    assert.deepEqual([entry?.get('action'), entry?.get('reason')], ['grantRole', 'joins the evening team']);
  });

  it('is decided by admins alone: support blocks a customer, and no operator', async () => {
    await grant('nina', 'support');
    const block = (uid: string) => backend.call('blockUser', 'nina', { uid, reason: 'fraud' });
    await block('carla');
    await assert.rejects(block('olga'), { reason: 'ROLE_REQUIRED' });
    await assert.rejects(grant('omar', 'admin', 'nina'), { reason: 'ROLE_REQUIRED' });
  });
});
