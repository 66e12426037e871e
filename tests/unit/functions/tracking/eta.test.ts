import { strict as assert } from 'node:assert';
import type { EtaTable } from '#functions/contract/tracking.js';
import { computeEta, computeEtaTable, UNLEARNED, type EtaFacts } from '#functions/tracking/model/eta.js';
import { DOOR_AT, KITCHEN_AT, MINUTE, START_MS } from '#fixtures/catalogue.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';

const TABLE: EtaTable = {
  all: { p50: 1, p90: 1.5, rides: 100 },
  hours: { '12': { p50: 1.2, p90: 2, rides: 40 } },
  updatedAtMs: 0,
};
/** In minutes from now. */
const minutes = (facts: OrderFacts, rest: Partial<EtaFacts> = {}, table: EtaTable | null = null, nowMs = START_MS) => {
  const order = anOrder({ travelSeconds: 600, readyAtMs: START_MS + 20 * MINUTE, ...facts });
  const eta = computeEta({ order, position: null, door: null, pace: 1, ...rest }, table, nowMs);
  return eta && [(eta.p50AtMs - nowMs) / MINUTE, (eta.p90AtMs - nowMs) / MINUTE];
};
/** Half the way from the counter to the door. */
const HALF_WAY = { lat: (KITCHEN_AT.lat + DOOR_AT.lat) / 2, lng: (KITCHEN_AT.lng + DOOR_AT.lng) / 2 };

describe('computeEta', () => {
  it('is ready time, two minutes at the counter and the ride, before the pick-up', () => {
    assert.deepEqual(minutes({ status: 'preparing' }), [32, 35.5]);
    assert.deepEqual(minutes({ status: 'ready', readyAtMs: START_MS - 5 * MINUTE }), [12, 15.5]);
  });
  it('is the remaining part of the ride, by the remaining distance to the door', () => {
    const [p50 = NaN, p90 = NaN] = minutes({ status: 'picked_up' }, { position: HALF_WAY, door: DOOR_AT }) ?? [];
    assert.ok(Math.abs(p50 - 5) < 0.01 && Math.abs(p90 - 6.75) < 0.01, `${p50} ${p90}`);
    assert.deepEqual(minutes({ status: 'picked_up' }, { position: DOOR_AT, door: DOOR_AT }), [0, 0]);
  });
  it('is the rest of the quoted ride while no position is known', () => {
    const { events } = anOrder({ status: 'picked_up' });
    const pickedUp = events.map((event) => ({ ...event, atMs: START_MS - 4 * MINUTE }));
    assert.deepEqual(minutes({ status: 'picked_up', events: pickedUp }), [6, 8.1]);
  });
  it('is later on foot, on the ride and before it, and not later at the counter', () => {
    assert.deepEqual(minutes({ status: 'preparing' }, { pace: 3 }), [52, 62.5]);
    const { events } = anOrder({ status: 'picked_up' });
    const pickedUp = events.map((event) => ({ ...event, atMs: START_MS - 4 * MINUTE }));
    assert.deepEqual(minutes({ status: 'picked_up', events: pickedUp }, { pace: 3 }), [26, 35.1]);
  });
  it("uses the table's row of the hour, else that of the day", () => {
    assert.deepEqual(minutes({ status: 'ready', readyAtMs: START_MS }, {}, TABLE), [14, 22]);
    const atThree = START_MS + 180 * MINUTE;
    assert.deepEqual(minutes({ status: 'ready', readyAtMs: START_MS }, {}, TABLE, atThree), [12, 17]);
  });
  for (const status of ['delivered', 'cancelled', 'scheduled', 'undeliverable'] as const)
    it(`is null for an order that is ${status}`, () => assert.equal(minutes({ status }), null));
});

describe('computeEtaTable', () => {
  const ride = (atMinute: number, tookMinutes: number, pace = 1): Parameters<typeof computeEtaTable>[0][number] => {
    const told = (action: 'pickUp' | 'deliver', minute: number) =>
      ({
        n: 1,
        action,
        from: 'ready',
        to: 'ready',
        by: 'courier',
        atMs: START_MS + minute * MINUTE,
        causeId: action,
      }) as const;
    return { pace, travelSeconds: 600, events: [told('pickUp', atMinute), told('deliver', atMinute + tookMinutes)] };
  };
  it('contains the times that half, and nine of ten rides stayed below', () => {
    const rides = [8, 9, 10, 10, 10, 11, 12, 13, 14, 30].map((took) => ride(0, took));
    assert.deepEqual(computeEtaTable(rides, 7), { all: { p50: 1.1, p90: 3, rides: 10 }, hours: {}, updatedAtMs: 7 });
  });
  it('counts a courier on foot like a bicycle with the same delay', () => {
    assert.equal(computeEtaTable([ride(0, 36, 3)], 0).all.p50, 1.2);
  });
  it('has a row for an hour from twenty rides on', () => {
    const noon = (count: number) => Array.from({ length: count }, () => ride(0, 12));
    const [few, enough] = [computeEtaTable(noon(19), 0), computeEtaTable([...noon(20), ride(60, 5)], 0)];
    assert.deepEqual(Object.keys(few.hours), []);
    assert.deepEqual(enough.hours, { '12': { p50: 1.2, p90: 1.2, rides: 20 } });
  });
  it('ignores orders without a ride', () => {
    assert.deepEqual(
      computeEtaTable(
        [
          { events: [], travelSeconds: 600, pace: 1 },
          { ...ride(0, 9), travelSeconds: 0 },
        ],
        0,
      ).all,
      UNLEARNED,
    );
  });
});
