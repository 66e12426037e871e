import { strict as assert } from 'node:assert';
import { computeDocumentBytes, MAX_DOCUMENT_BYTES } from '#functions/core/document-size.js';
import { fitDecision } from '#functions/dispatch/fit-decision.js';
import {
  decideMatches,
  buildMatchFacts,
  isReproducible,
  type Candidate,
  type WaitingOrder,
} from '#functions/dispatch/model/plan.js';
import { aCourier, aPresence, aZone, DOOR_AT, KITCHEN_AT, START_MS } from '#fixtures/catalogue.js';
import { anOrder } from '#fixtures/orders.js';

const PATH = `zones/centre/matches/${START_MS}`;
const orderId = (index: number) => `order-of-20-char-${String(index).padStart(3, '0')}`;
const around = (index: number) => ({ lat: KITCHEN_AT.lat + index * 0.004, lng: KITCHEN_AT.lng });

/** So many orders wait; each has so many couriers around it. */
const facts = (
  orders: number,
  couriersEach: number,
  courier: (order: number) => Pick<Candidate, 'courier' | 'carries'>,
) => {
  const waiting = Array.from({ length: orders }, (_, index): WaitingOrder => ({
    orderId: orderId(index),
    search: null,
    order: anOrder({
      status: 'ready',
      courierId: null,
      pickUpAt: around(index),
      readyAtMs: START_MS,
      payment: { method: 'cash', status: 'cash' },
    }),
  }));
  const candidates = waiting.flatMap((_, order) =>
    Array.from({ length: couriersEach }, (__, index): Candidate => ({
      uid: `a-courier-of-28-characters-${order}-${index}`,
      ...courier(order),
    })),
  );
  const cash = { maxOrderMinor: 5000, courierFloatMinor: 5000, coinMinor: 1 };
  return buildMatchFacts(waiting, candidates, new Map(), START_MS, aZone({ cash }));
};
const free = (cashMinor: number) => (order: number) => ({
  courier: aCourier({ presence: aPresence(around(order)), cashMinor }),
  carries: [],
});
const carrying = (order: number) => ({
  courier: aCourier({ presence: aPresence(around(order)) }),
  carries: [
    {
      orderId: `under-way-${order}`,
      order: anOrder({ status: 'picked_up', pickUpAt: around(order) }),
      dropOffAt: DOOR_AT,
    },
  ],
});

const fitted = (input: ReturnType<typeof facts>) => {
  const { outcome, result } = decideMatches(input);
  const stored = fitDecision(PATH, START_MS, input, { outcome, options: result.options });
  return { stored, isSmallEnough: computeDocumentBytes(PATH, stored) < MAX_DOCUMENT_BYTES, outcome };
};

describe('the size of a stored decision', () => {
  it('keeps the whole input of a decision that fits into a document', () => {
    const input = facts(3, 4, free(0));
    const { stored } = fitted(input);
    assert.deepEqual([stored.input.riders.length, stored.leftOut], [input.riders.length, undefined]);
    assert.ok(isReproducible(stored));
  });

  it('leaves out couriers without room for the cash of any order, and reproduces the result from the rest', () => {
    const { stored, isSmallEnough, outcome } = fitted(facts(50, 26, free(4900)));
    assert.ok(isSmallEnough);
    assert.deepEqual(stored.leftOut, { riders: 1300, isReproducible: true });
    assert.deepEqual([stored.result.unmatched, stored.input.deliveries.length], [outcome.unmatched, 50]);
  });

  it('leaves out the more expensive couriers where all could carry an order, and never a matched one', () => {
    const { stored, isSmallEnough, outcome } = fitted(facts(50, 40, carrying));
    assert.ok(isSmallEnough);
    assert.ok((stored.leftOut?.riders ?? 0) > 1000);
    assert.ok(stored.leftOut?.isReproducible && isReproducible(stored));
    const kept = new Set(stored.input.riders.map(({ id }) => id));
    assert.equal(outcome.matches.length, 50);
    assert.deepEqual(
      stored.result.matches.filter(({ riderId }) => !kept.has(riderId)),
      [],
    );
  }).timeout(120_000);
});
