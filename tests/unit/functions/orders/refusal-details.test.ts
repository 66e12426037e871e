import { strict as assert } from 'node:assert';
import type { OrderEvent } from '#functions/contract/orders.js';
import { KITCHEN_AT } from '#fixtures/catalogue.js';
import { aFix, anOrder } from '#fixtures/orders.js';
import { COMMANDS } from './commands.js';
import { ask, NOW, type Question } from './deciding.js';

const repeat = (count: number, action: OrderEvent['action']): OrderEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    n: index + 10,
    action,
    from: 'preparing',
    to: 'preparing',
    by: 'system',
    atMs: NOW,
    causeId: `${action}-${index}`,
  }));
const { events } = anOrder({ status: 'preparing' });
const ready = { status: 'ready', courierId: 'omar' } as const;
const away = { lat: KITCHEN_AT.lat + 1000 / 111_195, lng: KITCHEN_AT.lng, takenAtMs: NOW };
const pin = { action: 'collect', pin: '1234' } as const;
const topUps = repeat(4, 'edit').map(({ causeId }) => ({ intentId: causeId, authorizedMinor: 1 }));
const edit = { event: 4, changes: [], lines: [], totalMinor: 0, ifUnavailable: 'refund', untilMs: NOW } as const;

describe('a refusal', () => {
  const rows: readonly (readonly [what: string, question: Question, reason: string, details: object])[] = [
    [
      'the status and the action',
      { order: { status: 'ready' }, by: 'merchant', command: COMMANDS.accept },
      'MOVE_NOT_ALLOWED',
      { status: 'ready', action: 'accept' },
    ],
    [
      'the role and the action',
      { by: 'customer', command: COMMANDS.accept },
      'ROLE_NOT_ALLOWED',
      { role: 'customer', action: 'accept' },
    ],
    [
      'the role that may not name who is liable',
      {
        order: { status: 'undeliverable' },
        by: 'courier',
        command: { action: 'return', liable: 'merchant', fix: aFix('kitchen', NOW) },
      },
      'ROLE_NOT_ALLOWED',
      { role: 'courier' },
    ],
    [
      'the wrong PINs that are allowed',
      { order: { status: 'ready', kind: 'pickup', wrongPins: 5 }, by: 'merchant', command: pin },
      'PIN_LOCKED',
      { attempts: 5 },
    ],
    [
      'the wrong codes that are allowed',
      { order: { ...ready, wrongCodes: 5 }, by: 'courier', command: COMMANDS.pickUp },
      'CODE_LOCKED',
      { attempts: 5 },
    ],
    [
      'the age of a fix',
      { order: ready, by: 'courier', command: { action: 'pickUp', code: '5678', fix: aFix('kitchen', 0) } },
      'FIX_TOO_OLD',
      { maxAgeMs: 60_000 },
    ],
    [
      'the distance to the stop',
      { order: ready, by: 'courier', command: { action: 'pickUp', code: '5678', fix: away } },
      'TOO_FAR_FROM_STOP',
      { meters: 1000, maxMeters: 150 },
    ],
    [
      'how long a delivery must be tried',
      { order: { status: 'picked_up' }, by: 'courier', command: COMMANDS.fail },
      'TOO_EARLY',
      { minutes: 8, contacts: 2 },
    ],
    [
      'the number of steps of a party',
      {
        order: { status: 'preparing', events: [...events, ...repeat(96, 'remind')] },
        by: 'merchant',
        command: COMMANDS.edit,
      },
      'TOO_MANY_STEPS',
      { max: 100 },
    ],
    [
      'the number of steps of an operator',
      {
        order: { status: 'preparing', events: [...events, ...repeat(146, 'remind')] },
        by: 'operator',
        command: COMMANDS.edit,
      },
      'TOO_MANY_STEPS',
      { max: 150 },
    ],
    [
      'the number of edits',
      {
        order: { status: 'preparing', events: [...events, ...repeat(10, 'edit')] },
        by: 'merchant',
        command: COMMANDS.edit,
      },
      'TOO_MANY_EDITS',
      { max: 10 },
    ],
    [
      'the number of second holds',
      {
        order: { status: 'preparing', edit: { ...edit, changes: [], lines: [] }, payment: { topUps } },
        by: 'customer',
        command: { action: 'answerEdit', reason: 'approved', topUpIntentId: 'pi_9' },
      },
      'TOO_MANY_TOP_UPS',
      { max: 4 },
    ],
  ];
  for (const [what, question, reason, details] of rows)
    it(`names ${what}: ${reason}`, () => assert.deepEqual(ask(question), { ok: false, reason, details }));
});

describe('a payout', () => {
  const answer = (question: Partial<Question>) => {
    const asked = ask({ order: { status: 'delivered' }, by: 'system', command: COMMANDS.complete, ...question });
    return asked.ok ? 'allowed' : asked.reason;
  };
  const payOut = (status: 'cancelled' | 'returned', kind: 'payOut' | 'settle') =>
    answer({
      order: { status, due: { kind, atMs: NOW }, payment: { status: 'captured' } },
      command: COMMANDS.payOut,
    });

  it('waits for the decision of a bank', () => {
    const disputed = (disputeLost?: true) =>
      answer({ order: { status: 'delivered', payment: { disputed: true, ...(disputeLost && { disputeLost }) } } });
    assert.deepEqual([disputed(), disputed(true), answer({})], ['ORDER_DISPUTED', 'allowed', 'allowed']);
  });
  it('waits for a payment that is authorised only', () =>
    assert.equal(answer({ order: { status: 'delivered', payment: { status: 'authorized' } } }), 'PAYMENT_PENDING'));
  it('of a failed order comes with its deadline, after the settlement', () =>
    assert.deepEqual(
      [payOut('cancelled', 'payOut'), payOut('cancelled', 'settle'), payOut('returned', 'payOut')],
      ['allowed', 'MOVE_NOT_ALLOWED', 'allowed'],
    ));
});

describe('a step of a ride', () => {
  it('is refused for a pick-up by the merchant where no courier is assigned', () => {
    const asked = ask({ order: { status: 'ready' }, by: 'merchant', command: { action: 'pickUp' } });
    assert.equal(asked.ok || asked.reason, 'COURIER_REQUIRED');
  });
  it('is refused for an arrival at a door that is not known', () => {
    const asked = ask({
      order: { status: 'picked_up' },
      by: 'courier',
      command: { action: 'arrive', fix: aFix('door', NOW) },
      facts: { quote: null },
    });
    assert.equal(asked.ok || asked.reason, 'QUOTE_NOT_FOUND');
  });
});
