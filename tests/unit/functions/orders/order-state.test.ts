import { strict as assert } from 'node:assert';
import { ROLES, type Role } from '#functions/contract/common.js';
import { ORDER_ACTIONS, ORDER_KINDS, ORDER_STATUSES, type OrderStatus } from '#functions/contract/orders.js';
import { ACTIONS, listSteps } from '#functions/orders/model/actions/actions.js';
import { FINAL_STATUSES, isFinal } from '#functions/orders/model/order-state.js';

/**
 * What the specification allows, as sentences: "<role and role> may <action> [a pickup|a delivery] order from <status>
 * to <status>[: money]". Every other step is refused. Written from the specification, not from the table that it tests.
 */
const ALLOWED = `
  system may confirmPayment from pending_payment to placed
  system may confirmPayment from pending_payment to scheduled
  system and customer may expire from pending_payment to expired: void
  system and operator may release from scheduled to placed
  system may authorize from scheduled to scheduled
  system may failPayment from scheduled to scheduled
  merchant and operator may edit from accepted to accepted
  merchant and operator may edit from preparing to preparing
  customer and system may answerEdit from accepted to accepted
  customer and system may answerEdit from preparing to preparing
  system may presumeDelivered a delivery from picked_up to delivered: captureAll
  system may remind from placed to placed
  merchant and operator and system may accept from placed to accepted
  merchant and operator and system may reject from placed to rejected: void
  merchant and operator may startPreparing from accepted to preparing
  merchant and operator may markReady from accepted to ready
  merchant and operator may markReady from preparing to ready
  merchant and operator may delay from accepted to accepted
  merchant and operator may delay from preparing to preparing
  operator may restartSearch a delivery from accepted to accepted
  operator may restartSearch a delivery from preparing to preparing
  operator may restartSearch a delivery from ready to ready
  courier and operator may assign a delivery from accepted to accepted
  courier and operator may assign a delivery from preparing to preparing
  courier and operator may assign a delivery from ready to ready
  operator may handOver a delivery from picked_up to picked_up
  operator may handOver a delivery from undeliverable to undeliverable
  courier and operator and system may unassign a delivery from accepted to accepted
  courier and operator and system may unassign a delivery from preparing to preparing
  courier and operator and system may unassign a delivery from ready to ready
  operator may sendRider a delivery from accepted to accepted
  operator may sendRider a delivery from preparing to preparing
  operator may sendRider a delivery from ready to ready
  courier and merchant and operator may pickUp a delivery from ready to picked_up
  courier may arrive a delivery from accepted to accepted
  courier may arrive a delivery from preparing to preparing
  courier may arrive a delivery from ready to ready
  courier may arrive a delivery from picked_up to picked_up
  courier may contact a delivery from picked_up to picked_up
  courier may deliver a delivery from picked_up to delivered: captureAll
  merchant and operator may confirmDelivery a delivery from picked_up to delivered: captureAll
  merchant and operator may collect a pickup from ready to collected: captureAll
  courier and operator may fail a delivery from picked_up to undeliverable
  courier and operator and system may return a delivery from undeliverable to returned: byPolicy
  system may complete from delivered to completed: transfer
  system may complete from collected to completed: transfer
  system may escalate from accepted to accepted
  system may escalate from preparing to preparing
  system may escalate from ready to ready
  system may escalate from picked_up to picked_up
  system may escalate from undeliverable to undeliverable
  customer and merchant and operator and system may cancel from scheduled to cancelled: byPolicy
  customer and operator and system may cancel from placed to cancelled: byPolicy
  customer and merchant and operator and system may cancel from accepted to cancelled: byPolicy
  customer and merchant and operator and system may cancel from preparing to cancelled: byPolicy
  customer and merchant and operator and system may cancel from ready to cancelled: byPolicy
  operator may cancel from picked_up to cancelled: byPolicy
  operator may cancel from undeliverable to cancelled: byPolicy
  system may settle from cancelled to cancelled: byPolicy
  operator may restore from cancelled to accepted
  system may payOut from cancelled to cancelled: transfer
  system may payOut from returned to returned: transfer
  system may payOut from completed to completed: transfer
`;

const SENTENCE =
  /^(?<roles>[\w ]+) may (?<action>\w+)(?: a (?<kind>pickup|delivery))? from (?<from>\w+) to (?<to>\w+)(?:: (?<money>\w+))?$/;
const sentences = ALLOWED.trim()
  .split('\n')
  .map((sentence) => {
    const groups = SENTENCE.exec(sentence.trim())?.groups;
    assert.ok(groups, `cannot read "${sentence}"`);
    return { ...groups, roles: (groups['roles'] ?? '').split(' and ') };
  });

interface Sentence {
  roles: string[];
  action?: string;
  kind?: string;
  from?: string;
  to?: string;
  money?: string;
}

const expected = (status: OrderStatus, action: string, role: Role, kind: string): string[] =>
  sentences
    .map((sentence): Sentence => sentence)
    .filter(
      (one) => one.from === status && one.action === action && one.roles.includes(role) && (one.kind ?? kind) === kind,
    )
    .map((one) => `${one.to}: ${one.money ?? 'none'}`);

describe('the table of steps', () => {
  for (const status of ORDER_STATUSES) {
    it(`allows in "${status}" what the specification says, for every action, role and kind, and nothing else`, () => {
      for (const action of ORDER_ACTIONS) {
        for (const role of ROLES) {
          for (const kind of ORDER_KINDS) {
            const rows = listSteps(status, action, kind).filter((row) => row.by.includes(role));
            const found = rows.map((row) => `${row.to}: ${ACTIONS[row.action].money.type}`);
            assert.deepEqual(found, expected(status, action, role, kind), `${action} by ${role} of a ${kind} order`);
          }
        }
      }
    });
  }

  it('has 4,950 tested combinations', () =>
    assert.equal(ORDER_STATUSES.length * ORDER_ACTIONS.length * ROLES.length * ORDER_KINDS.length, 4950));

  it('has five final statuses, in which money may still move and a cancelled order be restored', () => {
    assert.deepEqual([...FINAL_STATUSES].toSorted(), ['cancelled', 'completed', 'expired', 'rejected', 'returned']);
    for (const status of FINAL_STATUSES) {
      const actions = ORDER_ACTIONS.filter((action) => listSteps(status, action, 'delivery').length > 0);
      assert.deepEqual(
        actions,
        { cancelled: ['settle', 'restore', 'payOut'], returned: ['payOut'], completed: ['payOut'] }[status as string] ??
          [],
      );
    }
    assert.equal(isFinal('delivered'), false);
  });

  it('leads from every status that is not final to a final one', () => {
    const reaches = (status: OrderStatus, seen: Set<OrderStatus>): boolean => {
      if (isFinal(status)) return true;
      seen.add(status);
      const next = ORDER_ACTIONS.flatMap((action) =>
        listSteps(status, action, 'delivery').concat(listSteps(status, action, 'pickup')),
      );
      return next.some(({ to }) => !seen.has(to) && reaches(to, seen));
    };
    for (const status of ORDER_STATUSES) assert.ok(reaches(status, new Set()), status);
  });
});
