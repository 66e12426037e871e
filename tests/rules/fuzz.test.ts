import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { z } from 'zod';
import { compileRules } from '#emulator/rules/index.js';
import { Device } from '#functions/contract/accounts.js';
import { CommandStep } from '#functions/contract/commands.js';
import { Courier, LivePosition } from '#functions/contract/couriers.js';
import { aMessage } from '#fixtures/documents/orders.js';
import { ChatMessage } from '#functions/contract/chat.js';
import { fieldsOf } from './support/city.js';
import { aDevice, somePreferences } from '#fixtures/documents/accounts.js';
import { AUTH_TIME, SERVER_TIME, type Attempt, type Data, type Fields } from './support/attempt.js';
import { isAllowedBy } from './support/engine-driver.js';
import { requestFor, VERBS, WISHES } from './support/moves.js';

const { ruleset } = compileRules(readFileSync('firestore.rules', 'utf8'), 'firestore.rules');
const RUNS = 2000;

/** Values at the edges of types and sizes. */
const strange: fc.Arbitrary<Data> = fc.oneof(
  fc.constantFrom<Data>(
    null,
    true,
    0,
    -1,
    1,
    0.5,
    180,
    181,
    2 ** 53,
    NaN,
    Infinity,
    '',
    ' ',
    '\u00a0',
    '\u200b',
    '1234',
    'a,b',
    'a/b',
    [],
    [''],
    [7],
    {},
    { lat: 1 },
  ),
  fc.constantFrom(199, 200, 201, 4096, 4097).map((length) => 'x'.repeat(length)),
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.integer(),
  fc.double(),
);

/** The map with one value, somewhere in it, changed, added or removed. */
function bent(fields: Fields): fc.Arbitrary<Fields> {
  const names = fc.constantFrom(...Object.keys(fields), 'extra');
  return fc.oneof(
    fc.tuple(names, strange).map(([name, value]): Fields => ({ ...fields, [name]: value })),
    names.map((name): Fields => Object.fromEntries(Object.entries(fields).filter(([own]) => own !== name))),
    names.chain((name) => {
      const inner = fields[name];
      return isFields(inner) ? bent(inner).map((value): Fields => ({ ...fields, [name]: value })) : fc.constant(fields);
    }),
  );
}

const isFields = (value: Data | undefined): value is Fields =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  Object.keys(value).length > 0;

/** The server's schema must read each document that the rules allow. `part` selects the fields that the schema has. */
function itLetsNothingThrough(
  what: string,
  attempt: Attempt,
  part: (data: Fields) => unknown,
  schema: z.ZodType,
): void {
  it(`lets no ${what} through that the schema refuses`, () => {
    assert.ok(ruleset);
    assert.ok(isAllowedBy(ruleset, attempt));
    const rules = ruleset;
    fc.assert(
      fc.property(bent(attempt.data ?? {}), (data) => {
        if (isAllowedBy(rules, { ...attempt, data }))
          assert.deepEqual(schema.safeParse(inMilliseconds(part(data))).error?.issues ?? [], []);
      }),
      { numRuns: RUNS },
    );
  });
}

function inMilliseconds(value: unknown): unknown {
  if (value === SERVER_TIME) return 1_760_000_000_000;
  if (Array.isArray(value)) return value.map(inMilliseconds);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inMilliseconds(inner)]));
}

const MAY_ASK: Readonly<Record<string, readonly [as: Attempt['as'], role: string, orderId: string]>> = {
  accept: ['kitchen', 'merchant', 'delivery-placed'],
  reject: ['kitchen', 'merchant', 'delivery-placed'],
  startPreparing: ['kitchen', 'merchant', 'delivery-accepted'],
  markReady: ['kitchen', 'merchant', 'delivery-preparing'],
  delay: ['kitchen', 'merchant', 'delivery-preparing'],
  collect: ['kitchen', 'merchant', 'pickup-ready'],
  pickUp: ['courier', 'courier', 'delivery-ready'],
  arrive: ['courier', 'courier', 'delivery-picked_up'],
  contact: ['courier', 'courier', 'delivery-picked_up'],
  deliver: ['courier', 'courier', 'delivery-picked_up'],
  fail: ['courier', 'courier', 'delivery-picked_up'],
  return: ['courier', 'courier', 'delivery-undeliverable'],
  unassign: ['courier', 'courier', 'delivery-ready'],
  cancel: ['customer', 'customer', 'delivery-placed'],
};
const UIDS: Readonly<Record<string, string>> = { kitchen: 'kim', courier: 'cora', customer: 'ana' };

describe('rules: strange documents', () => {
  for (const action of VERBS.filter((verb) => WISHES[verb] !== undefined)) {
    const [as, role, orderId] = MAY_ASK[action] ?? ['customer', 'customer', ''];
    const data: Fields = {
      uid: UIDS[as] ?? '',
      role,
      n: 1,
      request: requestFor(action),
      createdAt: SERVER_TIME,
      authTime: AUTH_TIME,
      answer: { state: 'pending' },
    };
    const attempt: Attempt = { as, op: 'create', path: `orders/${orderId}/commands/${UIDS[as] ?? ''}-command-1`, data };
    itLetsNothingThrough(`command to ${action}`, attempt, ({ request }) => request, CommandStep);
  }

  itLetsNothingThrough(
    'device',
    { as: 'customer', op: 'create', path: 'users/ana/devices/tablet', data: { ...aDevice(), ...somePreferences() } },
    (data) => data,
    Device,
  );

  const message: Attempt = {
    as: 'customer',
    op: 'create',
    path: 'orders/delivery-picked_up/messages/ana-2',
    data: { ...fieldsOf(aMessage()), n: 2, state: 'new', createdAt: SERVER_TIME, authTime: AUTH_TIME },
  };
  itLetsNothingThrough('message', message, (data) => data, ChatMessage);

  const presence: Fields = { lat: 52.5, lng: 13.4, geohash: 'u33db2m3r', at: SERVER_TIME };
  const heartbeat: Attempt = { as: 'courier', op: 'update', path: 'couriers/cora', data: { online: true, presence } };
  itLetsNothingThrough('presence', heartbeat, (data) => data, Courier.pick({ online: true, presence: true }).partial());

  const packet: Fields = { seq: 8, fixes: [{ lat: 52.5, lng: 13.4, agoMs: 0 }], at: SERVER_TIME };
  const send: Attempt = { as: 'courier', op: 'update', path: 'couriers/cora/live/delivery-picked_up', data: packet };
  itLetsNothingThrough(
    'packet of positions',
    send,
    (data) => data,
    LivePosition.omit({ customerId: true, restaurantId: true }).partial(),
  );
});
