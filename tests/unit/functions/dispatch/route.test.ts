import { strict as assert } from 'node:assert';
import {
  computeSchedule,
  getStopPlace,
  keepsDetours,
  listInsertions,
  toRide,
  type Delivery,
  type Stop,
  type TravelSeconds,
} from '#functions/dispatch/model/route.js';

/** A degree is a minute's ride. */
const travel: TravelSeconds = (from, to) => 60 * (Math.abs(from.lat - to.lat) + Math.abs(from.lng - to.lng));
const MINUTE = 60_000;
const NOW = 100 * MINUTE;
const SERVICE = { pickUpSeconds: 60, dropOffSeconds: 30 };

const at = (lat: number): { lat: number; lng: number } => ({ lat, lng: 0 });
/** From the counter at 2 to the door at 5; ordered ten minutes ago, promised in six. */
const aDelivery = (facts: Partial<Delivery> = {}): Delivery => ({
  id: 'd1',
  pickUpAt: at(2),
  dropOffAt: at(5),
  readyAtMs: NOW + 5 * MINUTE,
  sinceMs: NOW - 10 * MINUTE,
  promisedAtMs: NOW + 6 * MINUTE,
  ...facts,
});
const pickUp = (delivery: Delivery): Stop => ({ type: 'pickUp', delivery });
const dropOff = (delivery: Delivery): Stop => ({ type: 'dropOff', delivery });
const bothStops = (delivery: Delivery): Stop[] => [pickUp(delivery), dropOff(delivery)];
const scheduleOf = (stops: readonly Stop[], pace = 1) =>
  computeSchedule({ at: at(0), fromMs: NOW }, stops, toRide(travel, pace), SERVICE);

describe('the ride to a stop', () => {
  it('leads to the counter of a pick-up and to the door of a drop-off', () => {
    assert.deepEqual(getStopPlace(pickUp(aDelivery())), at(2));
    assert.deepEqual(getStopPlace(dropOff(aDelivery())), at(5));
  });
  it('takes longer by the pace of the courier', () => {
    assert.deepEqual(
      [toRide(travel, 1)(at(0), pickUp(aDelivery())), toRide(travel, 2)(at(0), pickUp(aDelivery()))],
      [120, 240],
    );
  });
  it('adds the ride onward to a door that is not known, at the same pace, but not to the counter', () => {
    const delivery = aDelivery({ onwardSeconds: 100 });
    assert.deepEqual(
      [toRide(travel, 2)(at(4), dropOff(delivery)), toRide(travel, 2)(at(4), pickUp(delivery))],
      [320, 240],
    );
  });
});

describe('computeSchedule', () => {
  it('lets the courier wait for the food, and counts from the order and the promise to the door', () => {
    const { stops, totals } = scheduleOf(bothStops(aDelivery()));
    // At the counter after 2 minutes, ready after 5, left after 6, at the door after 9.
    assert.deepEqual(totals, { clickToDoor: 1140, late: 180, travel: 300, foodWaits: 0, courierWaits: 180 });
    assert.deepEqual(
      stops.map(({ type, doneAtMs }) => [type, (doneAtMs - NOW) / 1000]),
      [
        ['pickUp', 360],
        ['dropOff', 570],
      ],
    );
  });
  it('lets the food wait for the courier, who is not late before the promise', () => {
    const delivery = aDelivery({ readyAtMs: NOW - MINUTE, promisedAtMs: NOW + 6 * MINUTE });
    const { stops, totals } = scheduleOf(bothStops(delivery));
    assert.deepEqual(totals, { clickToDoor: 960, late: 0, travel: 300, foodWaits: 180, courierWaits: 0 });
    assert.deepEqual((stops[1]?.doneAtMs ?? 0) - NOW, 390_000);
  });
  it('sums over all deliveries, each stop from the one before', () => {
    const first = aDelivery({ readyAtMs: NOW });
    const second = aDelivery({ id: 'd2', readyAtMs: NOW, dropOffAt: at(8) });
    const { stops, totals } = scheduleOf([...bothStops(first), ...bothStops(second)]);
    // Doors after 6 minutes, and after 6:30 + 3 + 1 + 6; the second food waits from the start until 9:30.
    assert.deepEqual(totals, { clickToDoor: 960 + 1590, late: 630, travel: 840, foodWaits: 690, courierWaits: 0 });
    assert.deepEqual((stops[3]?.doneAtMs ?? 0) - NOW, 1_020_000);
  });
  it('is empty without stops', () =>
    assert.deepEqual(scheduleOf([]), {
      stops: [],
      totals: { clickToDoor: 0, late: 0, travel: 0, foodWaits: 0, courierWaits: 0 },
    }));
});

describe('listInsertions', () => {
  const named = (stops: readonly Stop[]) =>
    listInsertions(stops, aDelivery()).map((route) => route.map(({ type, delivery }) => `${type} ${delivery.id}`));
  it('adds the pick-up at each position and the drop-off at each later one, and keeps the order of the others', () => {
    assert.deepEqual(named([]), [['pickUp d1', 'dropOff d1']]);
    assert.deepEqual(named([dropOff(aDelivery({ id: 'd0' }))]), [
      ['pickUp d1', 'dropOff d1', 'dropOff d0'],
      ['pickUp d1', 'dropOff d0', 'dropOff d1'],
      ['dropOff d0', 'pickUp d1', 'dropOff d1'],
    ]);
    assert.equal(named(bothStops(aDelivery({ id: 'd0' }))).length, 6);
  });
});

describe('keepsDetours', () => {
  const keeps = (stops: readonly Stop[], detourSeconds: number, service = SERVICE) => {
    const ride = toRide(travel, 1);
    const schedule = computeSchedule({ at: at(0), fromMs: NOW }, stops, ride, service);
    return keepsDetours(schedule, ride, service, { capacity: 2, detourSeconds });
  };
  const near = aDelivery({ readyAtMs: NOW });
  const far = aDelivery({ id: 'd2', readyAtMs: NOW, dropOffAt: at(8) });

  it('is true up to the limit of what another delivery adds to a direct ride', () => {
    // The far one rides by the door of the near one, where the courier stands for half a minute.
    const route = [pickUp(near), pickUp(far), dropOff(near), dropOff(far)];
    // The near one waits for a minute at the counter for the far one.
    assert.deepEqual([keeps(route, 59), keeps(route, 60)], [false, true]);
    const farther = [pickUp(near), pickUp(far), dropOff(far), dropOff(near)];
    // A minute at the counter, three beyond the near door, half a minute at the far one, three back.
    assert.deepEqual([keeps(farther, 449), keeps(farther, 450)], [false, true]);
  });
  it('is true for a direct ride without any limit, however long the courier stands at a door or a counter', () => {
    assert.equal(keeps(bothStops(near), 0), true);
    assert.equal(keeps(bothStops(near), 0, { pickUpSeconds: 0, dropOffSeconds: 300 }), true);
  });
  it('does not limit food that was on board before', () =>
    assert.equal(keeps([pickUp(near), dropOff(near), dropOff(far)], 0), true));
});
