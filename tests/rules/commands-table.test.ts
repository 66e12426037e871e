import assert from 'node:assert/strict';
import { CommandStep } from '#functions/contract/commands.js';
import { ORDER_KINDS, ORDER_STATUSES, type OrderAction } from '#functions/contract/orders.js';
import { listSteps } from '#functions/orders/model/actions/actions.js';
import { AUTH_TIME, SERVER_TIME, uidOf, type Attempt, type Fields } from './support/attempt.js';
import { isAllowed } from './support/emulator-driver.js';
import { expects } from './support/expectations.js';
import { requestFor, VERBS, WISHES } from './support/moves.js';

const ROLES = { customer: 'customer', merchant: 'kitchen', courier: 'courier', operator: 'operator' } as const;
type Role = keyof typeof ROLES;

const ORDERS = ORDER_KINDS.flatMap((kind) =>
  ORDER_STATUSES.map((status) => ({ kind, status, id: `${kind}-${status}` })),
);

/** The rows of the state table alone: a new one there is a red test here until the rules have it too. */
function ordersThatAllow(role: Role, action: OrderAction): string[] {
  if (role === 'operator' || WISHES[action] === undefined) return [];
  return ORDERS.filter(({ kind, status }) => listSteps(status, action, kind).some((row) => row.by.includes(role))).map(
    ({ id }) => id,
  );
}

function wish(role: Role, action: OrderAction, orderId: string): Attempt {
  const as = ROLES[role];
  const data: Fields = {
    uid: uidOf(as),
    role,
    n: 1,
    request: requestFor(action),
    createdAt: SERVER_TIME,
    authTime: AUTH_TIME,
    answer: { state: 'pending' },
  };
  return { as, op: 'create', path: `orders/${orderId}/commands/${uidOf(as)}-command-1`, data };
}

describe('rules: commands follow the table of steps', () => {
  for (const role of ['customer', 'merchant', 'courier', 'operator'] as const) {
    for (const action of VERBS) itFollowsTheTable(role, action);
  }
});

function itFollowsTheTable(role: Role, action: OrderAction): void {
  const expected = ordersThatAllow(role, action);
  const attempts = ORDERS.map(({ id }) => ({ id, attempt: wish(role, action, id) }));
  for (const { id, attempt } of attempts) expects(`${action} by ${role} of ${id}`, attempt, expected.includes(id));
  it(`lets a ${role} ask to ${action}: ${expected.join(', ') || 'never'}`, async () => {
    const answers = await Promise.all(
      attempts.map(async ({ id, attempt }) => ({ id, allowed: await isAllowed(attempt) })),
    );
    assert.deepEqual(
      answers.filter(({ allowed }) => allowed).map(({ id }) => id),
      expected,
    );
  });
}

describe('rules: commands, the inputs of these tests', () => {
  for (const action of VERBS.filter((verb) => WISHES[verb] !== undefined)) {
    it(`has an input for ${action} that satisfies the contract`, () =>
      assert.deepEqual(CommandStep.safeParse(requestFor(action)).error, undefined));
  }
});
