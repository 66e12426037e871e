import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compileRules } from '#emulator/rules/index.js';
import { aMessage } from '#fixtures/documents/orders.js';
import { AUTH_TIME, SERVER_TIME, uidOf, type Attempt, type Fields } from './support/attempt.js';
import { fieldsOf } from './support/city.js';
import { REQUEST_MS, requestWhere } from './support/engine-driver.js';
import { ENGINE_EXPECTATIONS } from './support/engine-expectations.js';
import { requestFor } from './support/moves.js';

const { ruleset } = compileRules(readFileSync('firestore.rules', 'utf8'), 'firestore.rules');

/** A write that must follow the writer's one before at an interval. */
interface Pace {
  readonly attempt: Attempt;
  /** The document that shows when the writer wrote last, and its fields for that time. */
  readonly last: string;
  readonly writtenAt: (at: Date) => Fields;
  readonly intervalMs: number;
}

const BY_SERVER = { createdAt: SERVER_TIME, authTime: AUTH_TIME } as const;
const PLACE = { lat: 52.5, lng: 13.4, geohash: 'u33db2m3r' } as const;

const PACES: Readonly<Record<string, Pace>> = {
  'a message': {
    attempt: {
      as: 'customer',
      op: 'create',
      path: 'orders/delivery-picked_up/messages/ana-2',
      data: { ...fieldsOf(aMessage({ n: 2, state: 'new' })), ...BY_SERVER },
    },
    last: 'orders/delivery-picked_up/messages/ana-1',
    writtenAt: (createdAt) => ({ createdAt }),
    intervalMs: 1000,
  },
  'a command': {
    attempt: {
      as: 'kitchen',
      op: 'create',
      path: 'orders/accept-refused/commands/kim-command-2',
      data: {
        uid: uidOf('kitchen'),
        role: 'merchant',
        n: 2,
        request: requestFor('accept'),
        answer: { state: 'pending' },
        ...BY_SERVER,
      },
    },
    last: 'orders/accept-refused/commands/kim-command-1',
    writtenAt: (createdAt) => ({ createdAt }),
    intervalMs: 1000,
  },
  "a courier's heartbeat": {
    attempt: {
      as: 'thirdShiftCourier',
      op: 'update',
      path: 'couriers/theo',
      data: { online: true, presence: { ...PLACE, at: SERVER_TIME } },
    },
    last: 'couriers/theo',
    writtenAt: (at) => ({ presence: { ...PLACE, at } }),
    intervalMs: 5000,
  },
};

describe('rules: the interval between two writes', () => {
  for (const [what, { attempt, last, writtenAt, intervalMs }] of Object.entries(PACES)) {
    const itSays = (allowed: boolean, afterMs: number): void => {
      const title = `${allowed ? 'allows' : 'refuses'} ${what} ${afterMs} ms after the one before`;
      const request = requestWhere(attempt, last, writtenAt(new Date(REQUEST_MS - afterMs)));
      ENGINE_EXPECTATIONS.push({ title, request, allowed });
      it(title, () => assert.equal(ruleset?.decide(request).allowed, allowed));
    };
    itSays(true, intervalMs);
    itSays(false, intervalMs - 1);
  }
});
