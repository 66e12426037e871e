import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { matchDeliveries, WEIGHTS, type MatchInput, type Rider } from '#functions/dispatch/model/match.js';
import { toRide, computeSchedule, type Delivery, type TravelSeconds } from '#functions/dispatch/model/route.js';
import { runs } from '#fixtures/proofs.js';

/** A town of a kilometre grid where a degree is a minute's ride. */
const travel: TravelSeconds = (from, to) => 60 * (Math.abs(from.lat - to.lat) + Math.abs(from.lng - to.lng));
const MINUTE = 60_000;
const NOW = 100 * MINUTE;
const service = { pickUpSeconds: 60, dropOffSeconds: 60 };

const place = fc.record({ lat: fc.nat({ max: 20 }), lng: fc.nat({ max: 20 }) });
const anyDelivery = fc
  .record({ pickUpAt: place, dropOffAt: place, readyIn: fc.integer({ min: -10, max: 10 }) })
  .map(({ pickUpAt, dropOffAt, readyIn }) => ({
    pickUpAt,
    dropOffAt,
    readyAtMs: NOW + readyIn * MINUTE,
    sinceMs: NOW - 15 * MINUTE,
    promisedAtMs: NOW + 25 * MINUTE,
  }));
const input: fc.Arbitrary<MatchInput> = fc
  .record({
    deliveries: fc.array(anyDelivery, { maxLength: 8 }),
    riders: fc.array(
      fc.record({
        at: place,
        idle: fc.nat({ max: 30 }),
        carries: fc.option(anyDelivery, { freq: 2 }),
        refuses: fc.boolean(),
      }),
      { maxLength: 6 },
    ),
    capacity: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ deliveries, riders, capacity }) => ({
    nowMs: NOW,
    weights: WEIGHTS,
    limits: { capacity, detourSeconds: 480 },
    service,
    deliveries: deliveries.map((one, index) => ({ ...one, id: `d${index}` })),
    riders: riders.map(({ at, idle, carries, refuses }, index): Rider => ({
      id: `r${index}`,
      pace: 1,
      start: { at, fromMs: NOW },
      idleSinceMs: NOW - idle * MINUTE,
      refuses: refuses ? ['d0'] : [],
      stops: carries ? [{ type: 'dropOff', delivery: { ...carries, id: `carried${index}` } }] : [],
    })),
  }));

const at = (lat: number): { lat: number; lng: number } => ({ lat, lng: 0 });
const aDelivery = (id: string, pickUp: number, dropOff: number, readyInMinutes = 0): Delivery => ({
  id,
  pickUpAt: at(pickUp),
  dropOffAt: at(dropOff),
  readyAtMs: NOW + readyInMinutes * MINUTE,
  sinceMs: NOW,
  promisedAtMs: NOW + 30 * MINUTE,
});
const aRider = (id: string, lat: number, facts: Partial<Rider> = {}): Rider => ({
  id,
  pace: 1,
  start: { at: at(lat), fromMs: NOW },
  stops: [],
  refuses: [],
  idleSinceMs: NOW,
  ...facts,
});
const matched = (deliveries: Delivery[], riders: Rider[], capacity = 1): string[] =>
  matchDeliveries(
    { nowMs: NOW, deliveries, riders, weights: WEIGHTS, limits: { capacity, detourSeconds: 480 }, service },
    travel,
  )
    .matches.map((one) => `${one.deliveryId} ${one.riderId}`)
    .toSorted();

describe('matchDeliveries', () => {
  it('minimises the total cost of two deliveries, instead of giving each to its nearest courier', () => {
    // Both are nearest to r1; r2 is two minutes farther from d2, but ten from d1.
    assert.deepEqual(matched([aDelivery('d1', 0, 5), aDelivery('d2', 4, 9)], [aRider('r1', 1), aRider('r2', 7)]), [
      'd1 r1',
      'd2 r2',
    ]);
  });
  it('stacks a second delivery on the same route, where couriers may carry two', () => {
    const two = [aDelivery('d1', 2, 10), aDelivery('d2', 2, 11)];
    assert.deepEqual(matched(two, [aRider('r1', 0)], 2), ['d1 r1', 'd2 r1']);
    assert.deepEqual(matched(two, [aRider('r1', 0)], 1).length, 1);
  });
  it('gives two deliveries to one courier in sequence where together one would ride too long', () => {
    const apart = [aDelivery('d1', 2, 12), aDelivery('d2', 3, 0)];
    const limits = { capacity: 2, detourSeconds: 480 };
    const facts = { nowMs: NOW, deliveries: apart, riders: [aRider('r1', 4)], weights: WEIGHTS, limits, service };
    const routeWith = (detourSeconds: number) =>
      matchDeliveries({ ...facts, limits: { ...limits, detourSeconds } }, travel)
        .matches.at(-1)
        ?.stops.map((stop) => `${stop.type} ${stop.delivery.id}`);
    // By way of the other's door it is five minutes longer than straight to one's own.
    assert.deepEqual(routeWith(300), ['pickUp d2', 'pickUp d1', 'dropOff d2', 'dropOff d1']);
    const apartFrom = routeWith(299);
    assert.deepEqual(apartFrom?.indexOf('dropOff d2'), (apartFrom?.indexOf('pickUp d2') ?? NaN) + 1);
  });
  it('never offers a delivery to a courier who refuses it', () => {
    assert.deepEqual(matched([aDelivery('d1', 0, 5)], [aRider('r1', 0, { refuses: ['d1'] }), aRider('r2', 9)]), [
      'd1 r2',
    ]);
  });
  it('prefers the courier who has waited longer, of two at the same distance', () => {
    const waited = aRider('r2', 3, { idleSinceMs: NOW - 20 * MINUTE });
    assert.deepEqual(matched([aDelivery('d1', 0, 5)], [aRider('r1', 3), waited]), ['d1 r2']);
    assert.deepEqual(matched([aDelivery('d1', 0, 5)], [aRider('r1', 3), aRider('r2', 3)]), ['d1 r1']);
  });

  it('never overloads a courier, matches nothing twice, leaves no delivery that a courier has room for, and is deterministic', () => {
    fc.assert(
      fc.property(input, (facts) => {
        const result = matchDeliveries(facts, travel);
        assert.equal(JSON.stringify(matchDeliveries(structuredClone(facts), travel)), JSON.stringify(result));
        const ids = [...result.matches.map((one) => one.deliveryId), ...result.unmatched];
        assert.deepEqual(ids.toSorted(), facts.deliveries.map((one) => one.id).toSorted());
        for (const rider of facts.riders)
          checkRider(facts, rider, result.matches.findLast((one) => one.riderId === rider.id)?.stops ?? rider.stops);
        const isFree = (rider: Rider) =>
          rider.stops.length === 0 && !result.matches.some((one) => one.riderId === rider.id);
        const starved = result.unmatched.filter((id) =>
          facts.riders.some((rider) => isFree(rider) && !rider.refuses.includes(id)),
        );
        assert.deepEqual(starved, []);
      }),
      runs(300, 1000),
    );
  });
});

describe('the score of a match', () => {
  const NO_WEIGHT = {
    clickToDoor: 0,
    late: 0,
    travel: 0,
    foodWaits: 0,
    courierWaits: 0,
    fairness: 0,
    waited: 0,
  };
  /** From the counter at 2 to the door at 5; ordered ten minutes ago, promised in six, ready in five. */
  const delivery: Delivery = {
    ...aDelivery('d1', 2, 5, 5),
    sinceMs: NOW - 10 * MINUTE,
    promisedAtMs: NOW + 6 * MINUTE,
  };
  const score = (
    weights: Partial<typeof NO_WEIGHT>,
    riderFacts: Partial<Rider> = {},
    facts: Partial<Delivery> = {},
  ) => {
    const inputWith: MatchInput = {
      nowMs: NOW,
      deliveries: [{ ...delivery, ...facts }],
      riders: [aRider('r1', 0, { idleSinceMs: NOW - 20 * MINUTE, ...riderFacts })],
      weights: { ...NO_WEIGHT, ...weights },
      limits: { capacity: 2, detourSeconds: 480 },
      service,
    };
    return matchDeliveries(inputWith, travel).matches.map((one) => one.score);
  };
  const carried = { stops: [{ type: 'dropOff' as const, delivery: aDelivery('d0', 0, 1) }] };

  it('counts each second of every cost', () => {
    // The courier is at the counter after 2 minutes, leaves it after 6, and is at the door after 9.
    assert.deepEqual(score({ clickToDoor: 1 }), [1140]);
    assert.deepEqual(score({ late: 1 }), [180]);
    assert.deepEqual(score({ travel: 1 }), [300]);
    assert.deepEqual(score({ courierWaits: 1 }), [180]);
    assert.deepEqual(score({ foodWaits: 1 }, {}, { readyAtMs: NOW - MINUTE }), [180]);
    assert.deepEqual(score({ clickToDoor: 2, late: 3, travel: 0.5, courierWaits: 0.1 }), [2280 + 540 + 150 + 18]);
  });
  it('deducts how long the customer has waited, and the courier without an order', () => {
    assert.deepEqual(score({ waited: 1 }), [-600]);
    assert.deepEqual(score({ waited: 1 }, {}, { sinceMs: NOW + MINUTE }), [0]);
    assert.deepEqual(score({ fairness: 1 }), [-1200]);
    assert.deepEqual(score({ fairness: 1 }, { idleSinceMs: NOW + MINUTE }), [0]);
    assert.deepEqual(score({ fairness: 1 }, carried), [0]);
    assert.deepEqual(score({ waited: 2, fairness: 0.5 }), [-1800]);
  });
  it('counts only what the delivery adds to the stops that the courier has', () => {
    // By way of the door at 1, the ride to the door at 5 is four minutes longer than to the one at 1.
    assert.deepEqual(score({ travel: 1 }, carried), [240]);
  });
  it('is in whole seconds', () => assert.deepEqual(score({ travel: 0.001 }), [0]));

  it('is listed for each pair that was possible, in the order of deliveries and riders', () => {
    const full = aRider('r3', 0, { stops: [...carried.stops, { type: 'dropOff', delivery: aDelivery('d9', 0, 1) }] });
    const { matches, unmatched, options } = matchDeliveries(
      {
        nowMs: NOW,
        deliveries: [aDelivery('d1', 2, 5), aDelivery('d2', 2, 6)],
        riders: [aRider('r1', 0), aRider('r2', 1, { refuses: ['d1'] }), full],
        weights: { ...NO_WEIGHT, travel: 1 },
        limits: { capacity: 2, detourSeconds: 480 },
        service,
        rounds: 1,
      },
      travel,
    );
    assert.deepEqual(options, [
      { deliveryId: 'd1', riderId: 'r1', score: 300 },
      { deliveryId: 'd2', riderId: 'r1', score: 360 },
      { deliveryId: 'd2', riderId: 'r2', score: 300 },
    ]);
    assert.deepEqual(
      matches.map(({ deliveryId, riderId }) => [deliveryId, riderId]),
      [
        ['d1', 'r1'],
        ['d2', 'r2'],
      ],
    );
    assert.deepEqual(unmatched, []);
  });
});

function checkRider({ limits }: MatchInput, rider: Rider, stops: Rider['stops']): void {
  const carried = new Set(stops.map((stop) => stop.delivery.id));
  assert.ok(carried.size <= Math.max(limits.capacity, rider.stops.length), `${carried.size} at once`);
  assert.ok(!stops.some((stop) => rider.refuses.includes(stop.delivery.id)));
  const { stops: timed } = computeSchedule(rider.start, stops, toRide(travel, rider.pace), service);
  for (const stop of timed.filter((one) => one.type === 'pickUp')) {
    const door = timed.find((one) => one.type === 'dropOff' && one.delivery.id === stop.delivery.id);
    assert.ok(door && door.doneAtMs >= stop.doneAtMs, 'delivered before it is picked up');
    assert.ok(stop.doneAtMs >= stop.delivery.readyAtMs, 'picked up before it is ready');
  }
}
