import { strict as assert } from 'node:assert';
import type { Place } from '#functions/contract/common.js';
import type { Order, OrderEvent } from '#functions/contract/orders.js';
import {
  isUnderReview,
  listArrivalDoubts,
  listEvidenceDoubts,
  listFailureDoubts,
  listReturnRideDoubts,
} from '#functions/orders/model/doubts.js';
import type { Facts } from '#functions/orders/model/order-command.js';
import { aPresence, DOOR_AT, KITCHEN_AT, MINUTE, theLimits } from '#fixtures/catalogue.js';
import { anOrder, aQuote, type OrderFacts } from '#fixtures/orders.js';
import { NOW, theFacts } from './deciding.js';

const SECOND = 1000;
const fastestMetersPerSecond = { foot: 2, bicycle: 10, ebike: 12, scooter: 20, car: 40 };
const STRICT = { fastestMetersPerSecond, requiresStream: true, streamMaxAgeSeconds: 180, streamMaxMeters: 500 };
const limitsWith = (requiresStream: boolean) =>
  theLimits({ presenceStaleSeconds: 120, credibility: { ...STRICT, requiresStream } });
const facts = (changes: Partial<Facts> = {}): Facts => theFacts({ limits: limitsWith(true), ...changes });
const LENIENT = { limits: limitsWith(false) };
const pickupQuote = aQuote({ kind: 'pickup' });

const event = (action: OrderEvent['action'], atMs: number, more: Partial<OrderEvent> = {}): OrderEvent => ({
  n: 9,
  action,
  from: 'picked_up',
  to: 'picked_up',
  by: 'courier',
  atMs,
  causeId: `${action}-cause`,
  ...more,
});
/** The kitchen is north of the place by so many metres. */
const southOf = (meters: number): Place => ({ lat: KITCHEN_AT.lat - meters / 111_195, lng: KITCHEN_AT.lng });
const streamAt = (place: Place, atMs = NOW): Facts['position'] => ({ fixes: [{ ...place, agoMs: 0 }], at: atMs });

describe('the doubts about an arrival at the counter', () => {
  const assigned = (awayMeters: number | undefined, secondsAgo: number, more: OrderFacts = {}): Order => {
    const assign = event('assign', NOW - secondsAgo * SECOND, { ...(awayMeters !== undefined && { awayMeters }) });
    return anOrder({ status: 'ready', courierId: 'omar', events: [...anOrder().events, assign], ...more });
  };
  const here = { presence: aPresence(KITCHEN_AT, NOW) };
  const found = (order: Order, changes: Partial<Facts> = {}) =>
    listArrivalDoubts(order, facts({ ...here, ...changes }));

  it('are its speed since the acceptance: 1,000 m beyond the geofences take a bicycle 99 s and a second of grace', () => {
    assert.deepEqual([found(assigned(1300, 99)), found(assigned(1300, 98.999))], [[], ['speed']]);
    assert.deepEqual(found(assigned(1300, 49, { courierVehicle: 'scooter' })), []);
    assert.deepEqual(found(assigned(1300, 49, { courierVehicle: null })), ['speed']);
  });
  it('are not its speed where the place of the acceptance is not known', () =>
    assert.deepEqual(found(assigned(undefined, 0)), []));
  it('are its speed since the last acceptance', () => {
    const order = assigned(0, 600);
    const again = event('assign', NOW - 10 * SECOND, { awayMeters: 1300 });
    const events = [...order.events, again];
    assert.deepEqual(found({ ...order, events }), ['speed']);
    assert.deepEqual(found({ ...order, events: [...events, event('markReady', NOW)] }), ['speed']);
  });

  const order = assigned(0, 600);
  const at = (meters: number, secondsAgo: number, changes: Partial<Facts> = {}) =>
    found(order, { presence: aPresence(southOf(meters), NOW - secondsAgo * SECOND), ...changes });

  it('are a missing heartbeat where the zone requires a stream', () => {
    assert.deepEqual(found(order, { presence: null }), ['position_missing']);
    assert.deepEqual(found(order, { presence: null, ...LENIENT }), []);
  });
  it('are a heartbeat of more than two minutes ago where the zone requires a stream', () => {
    assert.deepEqual([at(0, 120), at(0, 120.001)], [[], ['position_stale']]);
    assert.deepEqual(at(0, 120.001, LENIENT), []);
  });
  it('are a heartbeat more than 500 m away, less what was ridden since, in any zone', () => {
    assert.deepEqual([at(500, 0), at(502, 0)], [[], ['position_far']]);
    assert.deepEqual([at(600, 10), at(602, 10)], [[], ['position_far']]);
    assert.deepEqual(at(602, 10, LENIENT), ['position_far']);
    assert.deepEqual([at(502, -120), at(502, -120.001)], [['position_far'], []], 'by a clock that is behind');
  });
  it('are a geohash of another place', () => {
    const presence = { ...aPresence(KITCHEN_AT, NOW), geohash: aPresence(DOOR_AT, NOW).geohash };
    assert.deepEqual(found(order, { presence }), ['position_far']);
  });
  it('are both the speed and the heartbeat', () =>
    assert.deepEqual(found(assigned(1300, 0), { presence: null }), ['speed', 'position_missing']));
});

describe('the doubts about a ride to the door', () => {
  /** The door is 2,004 m away, 1,704 m beyond the geofences. */
  const carried = (secondsAgo: number, ...later: OrderEvent[]): Order => {
    const events = anOrder({ status: 'ready' }).events;
    return anOrder({ status: 'picked_up', events: [...events, event('pickUp', NOW - secondsAgo * SECOND), ...later] });
  };

  it('at the arrival are its speed since the pick-up, and the stream', () => {
    assert.deepEqual(
      [listArrivalDoubts(carried(170), facts()), listArrivalDoubts(carried(169), facts())],
      [[], ['speed']],
    );
    assert.deepEqual(listArrivalDoubts(carried(170), facts({ position: null })), ['position_missing']);
    assert.deepEqual(listArrivalDoubts(carried(170), facts({ photoSeen: true })), ['photo_seen']);
    assert.deepEqual(listArrivalDoubts(carried(170), facts({ position: streamAt(KITCHEN_AT) })), ['position_far']);
  });
  it('at its end are the speed until the reported arrival', () => {
    const arrived = (secondsAgo: number) => event('arrive', NOW - secondsAgo * SECOND);
    assert.deepEqual(listEvidenceDoubts(carried(200, arrived(30)), facts()), []);
    assert.deepEqual(listEvidenceDoubts(carried(200, arrived(31)), facts()), ['speed']);
    assert.deepEqual(listEvidenceDoubts(carried(170), facts()), []);
  });
  it('depend on the vehicle, and are those of a bicycle where it is not known', () => {
    const by = (courierVehicle: Order['courierVehicle']) =>
      listEvidenceDoubts({ ...carried(100), courierVehicle }, facts());
    assert.deepEqual([by('scooter'), by('bicycle'), by(null)], [[], ['speed'], ['speed']]);
  });
  it('are a ride without a time where the pick-up is not recorded', () => {
    const order = anOrder({ status: 'picked_up', events: anOrder({ status: 'ready' }).events });
    assert.deepEqual(listEvidenceDoubts(order, facts()), ['speed']);
  });
  it('are none without an address', () => {
    assert.deepEqual(listEvidenceDoubts(carried(0), facts({ quote: null })), []);
    assert.deepEqual(listEvidenceDoubts(carried(0), facts({ quote: pickupQuote })), []);
  });

  it('include a wait that no call at the door shows, five minutes before the failure', () => {
    const failed = (...calls: OrderEvent[]) => listFailureDoubts(carried(1800, ...calls), facts());
    const called = (ms: number, more: Partial<OrderEvent> = {}) => event('contact', NOW - ms, more);
    assert.deepEqual([failed(called(5 * MINUTE)), failed(called(5 * MINUTE - 1))], [[], ['waiting']]);
    assert.deepEqual(failed(), ['waiting']);
    assert.deepEqual(failed(called(5 * MINUTE, { review: true })), ['waiting'], 'the call was not credible');
    assert.deepEqual(failed(called(6 * MINUTE), called(MINUTE)), [], 'the first call counts');
    assert.deepEqual(failed(event('arrive', NOW - 6 * MINUTE), called(MINUTE)), ['waiting'], 'an arrival is no call');
    assert.deepEqual(listFailureDoubts(carried(1800), facts(LENIENT)), []);
  });
  it('do not include a call before the pick-up', () => {
    const { events, ...order } = carried(600);
    const calledBefore = events.toSpliced(-1, 0, event('contact', NOW - 20 * MINUTE));
    assert.deepEqual(listFailureDoubts({ ...order, events: calledBefore }, facts()), ['waiting']);
  });
});

describe('the doubts about a return', () => {
  const failed = (secondsAgo: number, more: Partial<OrderEvent> = {}): Order => {
    const events = anOrder({ status: 'picked_up' }).events;
    const failure = event('fail', NOW - secondsAgo * SECOND, { to: 'undeliverable', ...more });
    return anOrder({ status: 'undeliverable', events: [...events, failure] });
  };
  const atCounter = { position: streamAt(KITCHEN_AT) };
  const found = (order: Order, changes: Partial<Facts> = atCounter) => listReturnRideDoubts(order, facts(changes));

  it('are the speed of the way back, and the stream at the counter', () => {
    assert.deepEqual([found(failed(170)), found(failed(169))], [[], ['speed']]);
    assert.deepEqual(found(failed(170), { position: streamAt(DOOR_AT) }), ['position_far']);
    assert.deepEqual(found(failed(170), { position: null }), ['position_missing']);
    assert.deepEqual(found(failed(170), { ...atCounter, photoSeen: true }), [], 'no photo proves a return');
  });
  it('depend on the vehicle, and are those of a bicycle where it is not known', () => {
    const by = (courierVehicle: Order['courierVehicle']) => found({ ...failed(100), courierVehicle });
    assert.deepEqual([by('scooter'), by('bicycle'), by(null)], [[], ['speed'], ['speed']]);
  });
  it('are a ride without a time where the failure is not recorded', () =>
    assert.deepEqual(found({ ...failed(170), events: anOrder().events }), ['speed']));
  it('are the failure alone where that is under review', () =>
    assert.deepEqual(found(failed(0, { review: true })), ['failure']));
  it('are none without an address', () => {
    assert.deepEqual(found(failed(0), { quote: null }), []);
    assert.deepEqual(found(failed(0), { quote: pickupQuote }), []);
  });

  it('hold for an order under review: undeliverable, with a last failure that was not credible', () => {
    const review = failed(600, { review: true });
    assert.deepEqual([isUnderReview(review), isUnderReview(failed(600))], [true, false]);
    assert.equal(isUnderReview({ ...review, status: 'returned' }), false);
    assert.equal(isUnderReview({ ...review, events: [...review.events, event('fail', NOW)] }), false);
    assert.equal(isUnderReview({ ...review, events: [...review.events, event('escalate', NOW)] }), true);
  });
});
