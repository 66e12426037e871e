import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawCityDinner } from '#simulator/dispatch/city-dinner.js';
import { drawDataSet, computeLoad, readDataSet } from '#simulator/dispatch/data-set.js';
import { replayDataSet, type World } from '#simulator/dispatch/replay-data-set.js';
import { matching, nearestIdle } from '#simulator/dispatch/policies.js';
import { Random } from '#simulator/random.js';

/** A degree of longitude or latitude is a minute's ride. Service times are zero. */
const WORLD: World = {
  travel: (from, to) => 60 * (Math.abs(from.lat - to.lat) + Math.abs(from.lng - to.lng)),
  service: { pickUpSeconds: 0, dropOffSeconds: 0 },
  windowSeconds: 60,
  lookAheadMinutes: 10,
  promiseMinutes: 20,
};
const at = (lng: number) => ({ lat: 0, lng });
const order = (id: string, pickUp: number, dropOff: number, placedMinute: number, readyMinute: number) => ({
  id,
  pickUpAt: at(pickUp),
  dropOffAt: at(dropOff),
  placedMinute,
  readyMinute,
});
const courier = (id: string, lng: number, onMinute = 0, offMinute = 120) => ({ id, at: at(lng), onMinute, offMinute });

describe('replaying a data set', () => {
  it('adds up riding and waiting: at the kitchen after five minutes, ready at ten, seven to the customer', () => {
    const one = { orders: [order('o1', 5, 12, 0, 10)], couriers: [courier('c1', 0)] };
    const { clickToDoorMinutes, lateMinutes, undelivered } = replayDataSet(one, nearestIdle, WORLD);
    assert.deepEqual([clickToDoorMinutes, lateMinutes, undelivered], [[17], [0], 0]);
  });
  it('counts the minutes after the promised time as late', () => {
    const far = { orders: [order('o1', 5, 30, 0, 10)], couriers: [courier('c1', 0)] };
    assert.deepEqual(replayDataSet(far, nearestIdle, WORLD).lateMinutes, [15]);
  });
  it('counts an order without a courier on shift as undelivered', () => {
    const late = { orders: [order('o1', 5, 12, 30, 40)], couriers: [courier('c1', 0, 0, 20)] };
    assert.equal(replayDataSet(late, nearestIdle, WORLD).undelivered, 1);
  });
  it('delivers faster by matching than by nearest courier, and fastest with two orders at once', () => {
    const dataSet = drawDataSet(new Random(1), { orders: 300, couriers: 40 });
    const world = {
      ...WORLD,
      travel: (from: { lat: number; lng: number }, to: typeof from) => WORLD.travel(from, to) * 300,
    };
    const mean = (minutes: readonly number[]) => minutes.reduce((sum, one) => sum + one, 0) / minutes.length;
    const [nearest, one, two] = [
      nearestIdle,
      matching(world.travel, world.service, 1),
      matching(world.travel, world.service, 2),
    ].map((policy) => mean(replayDataSet(dataSet, policy, world).clickToDoorMinutes));
    assert.ok(nearest && one && two && two < one && one < nearest, `${nearest}, ${one}, ${two}`);
  });
});

describe('a dinner in the simulated city', () => {
  const sum = (minutes: readonly number[]) => minutes.reduce((all, one) => all + one, 0);
  const mean = (minutes: readonly number[]) => sum(minutes) / minutes.length;
  const service = { pickUpSeconds: 120, dropOffSeconds: 120 };
  const live = (orders: number) => {
    const { dataSet, travel } = drawCityDinner(1, { orders, couriers: 16 });
    const world = { travel, service, windowSeconds: 30, lookAheadMinutes: 10, promiseMinutes: 40 };
    const nearest = replayDataSet(dataSet, nearestIdle, { ...world, lookAheadMinutes: Infinity });
    const [one, two] = [1, 2].map((capacity) => replayDataSet(dataSet, matching(travel, service, capacity), world));
    assert.ok(one && two);
    return { load: computeLoad(dataSet, travel, service), nearest, one, two };
  };

  it('is matched with estimates within four minutes and with less riding than by nearest courier', () => {
    const { nearest, two } = live(100);
    assert.deepEqual([nearest.undelivered, two.undelivered], [0, 0]);
    assert.ok(two.meters < 0.9 * nearest.meters);
    const errors = two.etaErrorMinutes.toSorted((a, b) => a - b);
    assert.equal(errors.length, 100);
    assert.ok((errors[50] ?? Infinity) <= 4, `${errors[50]}`);
    const late = two.lateMinutes.filter((minutes) => minutes > 0).length;
    assert.ok(late <= 10, `${late} of 100 later than promised`);
  });

  it('leaves 30 orders undelivered by nearest courier, 6 by matching, none with two at once', () => {
    const { load, nearest, one, two } = live(200);
    assert.ok(Math.abs(load.load - 1.06) < 0.01, `${load.load}`);
    const left = [nearest, one, two].map(({ undelivered }) => undelivered);
    assert.deepEqual(left, [30, 6, 0]);
    const [slow = 0, better = 0, best = 0] = [nearest, one, two].map((result) => mean(result.clickToDoorMinutes));
    assert.ok(better < 0.75 * slow && best < 0.7 * slow, `${slow}, ${better}, ${best}`);
    // No policy saves the 22 minutes that cooking and riding take.
    assert.ok(best - load.atBestMinutes < 0.5 * (slow - load.atBestMinutes));
    assert.ok(sum(two.lateMinutes) < 0.5 * sum(nearest.lateMinutes));
    assert.ok(two.meters / 200 < (0.75 * nearest.meters) / 170);
  });
});

describe('a data set', () => {
  it('is reproduced by its seed, and differs for another seed', () => {
    const draw = (seed: number) => drawDataSet(new Random(seed), { orders: 5, couriers: 2 });
    assert.deepEqual(draw(1), draw(1));
    assert.notDeepEqual(draw(1), draw(2));
  });
  it('is the same read from JSON and from tables', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'data-set-'));
    const write = (name: string, lines: string[][]) =>
      writeFile(join(folder, name), lines.map((line) => line.join('\t')).join('\n'));
    await write('restaurants.txt', [
      ['restaurant', 'lat', 'lng'],
      ['r1', '0', '5'],
    ]);
    await write('orders.txt', [
      ['order', 'lat', 'lng', 'placement_time', 'restaurant', 'ready_time'],
      ['o1', '0', '12', '0', 'r1', '10'],
    ]);
    await write('couriers.txt', [
      ['courier', 'lat', 'lng', 'on_time', 'off_time'],
      ['c1', '0', '0', '0', '120'],
    ]);
    const json = { orders: [order('o1', 5, 12, 0, 10)], couriers: [courier('c1', 0)] };
    await writeFile(join(folder, 'day.json'), JSON.stringify(json));
    assert.deepEqual(await readDataSet(folder), json);
    assert.deepEqual(await readDataSet(join(folder, 'day.json')), json);
    await rm(folder, { recursive: true });
  });
});
