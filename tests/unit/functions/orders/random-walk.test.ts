import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { ROLES, type Role } from '../../../../functions/src/contract/common.js';
import { LIABLE_PARTIES, type Journal, type Order, type OrderKind } from '../../../../functions/src/contract/orders.js';
import type { OrderCommand } from '../../../../functions/src/orders/asked.js';
import { decide } from '../../../../functions/src/orders/decide.js';
import { stepsFor } from '../../../../functions/src/orders/order-state.js';
import { newOrder } from '../../../../functions/src/orders/new-order.js';
import {
  aCourier,
  aMenu,
  anActiveDelivery,
  aRestaurant,
  MINUTE,
  START_MS,
  theLimits,
} from '../../../fixtures/catalogue.js';
import { breaches } from '../../../../simulator/src/invariants.js';
import { aFix, aQuote } from '../../../fixtures/orders.js';

const liable = fc.constantFrom(undefined, ...LIABLE_PARTIES);
const plain = (
  ...actions: (
    'expire' | 'release' | 'remind' | 'escalate' | 'complete' | 'settle' | 'assign' | 'startPreparing' | 'markReady'
  )[]
) => fc.constantFrom(...actions).map((action): ((nowMs: number) => OrderCommand) => () => ({ action }));
const withNow = (make: (nowMs: number) => OrderCommand) => fc.constant(make);

type Make = (nowMs: number) => OrderCommand;

/** What brings an order on. */
const forward: fc.Arbitrary<Make> = fc.oneof(
  plain('release', 'remind', 'escalate', 'complete', 'settle', 'assign', 'startPreparing', 'markReady'),
  withNow(() => ({
    action: 'confirmPayment',
    payment: { status: 'authorized', intentId: 'pi_1', authorizedMinor: 2940 },
  })),
  fc
    .constantFrom(undefined, 5, 30)
    .map((prepMinutes) => (): OrderCommand => ({ action: 'accept', ...(prepMinutes && { prepMinutes }) })),
  withNow((nowMs) => ({ action: 'pickUp', code: 'any', fix: aFix('kitchen', nowMs) })),
  withNow((nowMs) => ({ action: 'deliver', fix: aFix('door', nowMs), proof: { type: 'pin', pin: '1234' } })),
  withNow(() => ({ action: 'collect', pin: '1234' })),
  withNow(() => ({ action: 'restore', reason: 'a slip' })),
);
/** What ends it, or takes it back. */
const away: fc.Arbitrary<Make> = fc.oneof(
  plain('expire'),
  withNow(() => ({ action: 'reject', reason: 'closing' })),
  withNow(() => ({ action: 'unassign', reason: 'flat tyre' })),
  withNow(() => ({ action: 'fail', reason: 'nobody', contacts: 2, waitedMinutes: 8 })),
  liable.map((party) => (): OrderCommand => ({ action: 'return', ...(party && { liable: party }) })),
  liable.map((party) => (): OrderCommand => ({ action: 'cancel', reason: 'x', ...(party && { liable: party }) })),
);
const command = fc.oneof({ arbitrary: forward, weight: 12 }, { arbitrary: away, weight: 1 });

const step = fc.record({
  make: command,
  by: fc.constantFrom<Role>(...ROLES),
  /** Else by somebody who may, so that walks get far. */
  byAnybody: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
  waitMs: fc.constantFrom(0, 1000, 61_000, 5 * MINUTE, 11 * MINUTE),
  /** The provider says at once that it is done. */
  confirmed: fc.boolean(),
});
type WalkStep = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface World {
  order: Order;
  ledger: [string, Journal][];
  nowMs: number;
  applied: number;
}

function begin(kind: OrderKind): World {
  const quote = aQuote({ kind });
  const facts = {
    quoteId: 'order-1',
    quote,
    restaurant: aRestaurant(),
    customerName: 'Carla',
    intentId: 'pi_1',
    causeId: 'place-key-1',
  };
  return {
    order: newOrder({ ...facts, nowMs: START_MS, limits: theLimits() }),
    ledger: [],
    nowMs: START_MS,
    applied: 0,
  };
}

/** One thing asked of the order; refusals change nothing. */
function walk(world: World, { make, by: anybody, byAnybody, waitMs, confirmed }: WalkStep, index: number): World {
  const nowMs = world.nowMs + waitMs;
  const wish = make(nowMs);
  const asked = wish.action === 'pickUp' ? { ...wish, code: world.order.code } : wish;
  const facts = {
    nowMs,
    limits: theLimits(),
    quote: aQuote({ kind: world.order.kind }),
    menu: aMenu(),
    pin: '1234',
    courierName: 'Omar',
    proofExists: false,
  };
  const able = stepsFor(world.order.status, asked.action, world.order.kind)[0]?.by;
  const by = byAnybody ? anybody : (able?.[index % able.length] ?? anybody);
  const actor = { role: by, uid: by === 'system' ? null : 'omar' };
  const outcome = decide({
    orderId: 'order-1',
    order: world.order,
    command: asked,
    actor,
    causeId: `cause-${index}`,
    facts,
  });
  if (!outcome.ok) return { ...world, nowMs };
  const { order, journal, event } = outcome.value;
  const ledger: World['ledger'] = journal ? [...world.ledger, [`order-1-${event.n}`, journal]] : world.ledger;
  return { order: confirmed ? atProvider(order) : order, ledger, nowMs, applied: world.applied + 1 };
}

function atProvider(order: Order): Order {
  const done = { capturing: 'captured', voiding: 'voided' } as const;
  const { status } = order.payment;
  return status === 'capturing' || status === 'voiding'
    ? { ...order, payment: { ...order.payment, status: done[status] } }
    : order;
}

/** The courier's document as the shell would keep it beside the order. */
function couriersOf({ courierId, status }: Order) {
  const carries =
    courierId !== null && ['accepted', 'preparing', 'ready', 'picked_up', 'undeliverable'].includes(status);
  return carries ? [[courierId, aCourier({ load: 1, active: { 'order-1': anActiveDelivery } })] as const] : [];
}

describe('any sequence of steps', () => {
  for (const kind of ['delivery', 'pickup'] as const) {
    it(`keeps every invariant of a ${kind} order, whatever is asked by whom and when`, () => {
      let longest = 0;
      const ended = new Set<string>();
      fc.assert(
        fc.property(fc.array(step, { minLength: 100, maxLength: 200 }), (steps) => {
          let world = begin(kind);
          steps.forEach((one, index) => {
            const before = world.applied;
            world = walk(world, one, index);
            if (world.applied === before) return;
            const books = {
              orders: [['order-1', world.order]] as const,
              couriers: couriersOf(world.order),
              ledger: world.ledger,
              nowMs: world.nowMs,
              graceMs: Infinity,
            };
            assert.deepEqual(
              breaches(books),
              [],
              `after ${world.order.events.map((event) => event.action).join(', ')}`,
            );
          });
          longest = Math.max(longest, world.applied);
          ended.add(world.order.status);
        }),
        { numRuns: 200 },
      );
      assert.ok(longest >= 6, `the longest walk has ${longest} steps`);
      assert.ok(ended.size >= 3, [...ended].join(', '));
    });
  }
});
