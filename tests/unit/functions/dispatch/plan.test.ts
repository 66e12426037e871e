import { strict as assert } from 'node:assert';
import { Zone } from '#functions/contract/zones.js';
import { MatchFacts, MatchOutcome } from '#functions/contract/dispatch.js';
import {
  countConcurrentOffers,
  decideMatches,
  buildMatchFacts,
  getWave,
  isReproducible,
  isRuledOut,
  listTriedCouriers,
  replaceUids,
  selectCouriers,
  type Candidate,
  type WaitingOrder,
} from '#functions/dispatch/model/plan.js';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import { aCourier, aPresence, aZone, DOOR_AT, KITCHEN_AT, MINUTE, START_MS, theLimits } from '#fixtures/catalogue.js';
import { anOrder, type OrderFacts } from '#fixtures/orders.js';

const waiting = (orderId: string, facts: OrderFacts = {}, search: WaitingOrder['search'] = null): WaitingOrder => ({
  orderId,
  search,
  order: anOrder({ status: 'preparing', courierId: null, readyAtMs: START_MS + 20 * MINUTE, ...facts }),
});
const rider = (uid: string, meters: number, overrides: Candidate['courier'] | object = {}): Candidate => ({
  uid,
  carries: [],
  courier: aCourier({
    presence: aPresence({ lat: KITCHEN_AT.lat + meters / 111_195, lng: KITCHEN_AT.lng }),
    ...overrides,
  }),
});
const facts = (orders: WaitingOrder[], riders: Candidate[], zone = aZone()) =>
  buildMatchFacts(orders, riders, new Map(), START_MS, zone);
const asked = (orders: WaitingOrder[], riders: Candidate[]) => {
  const { result } = decideMatches(facts(orders, riders));
  return Object.fromEntries(selectCouriers(orders, result, aZone().limits));
};
const declined = (...uids: string[]): WaitingOrder['search'] => ({
  wave: uids.length + 1,
  asked: Object.fromEntries(uids.map((uid) => [toAccountId(uid), { end: 'declined' as const, atMs: START_MS }])),
});

describe('the plan of a window', () => {
  it('offers to the courier who is there first', () =>
    assert.deepEqual(asked([waiting('o1')], [rider('far', 2000), rider('near', 100)]), { o1: ['near'] }));

  it('offers to no courier again who declined, let the offer expire or gave the order back', () => {
    const couriers = [rider('a', 1), rider('b', 500)];
    assert.deepEqual(asked([waiting('o1', {}, declined('a'))], couriers), { o1: ['b'] });
    const { events } = anOrder({ status: 'preparing' });
    const gaveBack = {
      n: 5,
      action: 'unassign',
      from: 'preparing',
      to: 'preparing',
      by: 'courier',
      atMs: 0,
      causeId: 'c',
      courierId: 'a',
    } as const;
    assert.deepEqual(asked([waiting('o1', { events: [...events, gaveBack] })], couriers), { o1: ['b'] });
  });

  it('offers to three at once after three declined, of whom no other order needs one', () => {
    const couriers = ['a', 'b', 'c', 'd', 'e'].map((uid, index) => rider(uid, 300 * index));
    assert.deepEqual(asked([waiting('o1', {}, declined('x', 'y'))], couriers), { o1: ['a'] });
    assert.deepEqual(asked([waiting('o1', {}, declined('x', 'y', 'z'))], couriers), { o1: ['a', 'b', 'c'] });
    const two = asked([waiting('o1', {}, declined('x', 'y', 'z')), waiting('o2')], couriers);
    assert.equal(two['o2']?.length, 1);
    assert.ok(!two['o1']?.includes(two['o2']?.[0] ?? ''));
  });

  it('offers one order to each courier, though there is room for two', () => {
    const { matches, unmatched } = decideMatches(facts([waiting('o1'), waiting('o2')], [rider('a', 1)])).outcome;
    assert.deepEqual([matches.length, unmatched.length], [1, 1]);
  });

  it('offers to no courier whose float has no room for an order in cash', () => {
    const zone = aZone({ cash: { maxOrderMinor: 5000, courierFloatMinor: 5000, coinMinor: 1 } });
    const inCash = waiting('o1', { payment: { method: 'cash', status: 'cash' } });
    const refusing = (cashMinor: number) => facts([inCash], [rider('a', 1, { cashMinor })], zone).riders[0]?.refuses;
    assert.deepEqual([refusing(2060), refusing(2061)], [[], ['o1']]);
  });

  it('prefers the courier who has been idle for longer, of two at the same distance', () => {
    const rested = rider('b', 100, { idleSinceMs: START_MS - 30 * MINUTE });
    assert.deepEqual(asked([waiting('o1')], [rider('a', 100), rested]), { o1: ['b'] });
    assert.deepEqual(asked([waiting('o1')], [rider('a', 100), rider('b', 100)]), { o1: ['a'] });
  });

  it('measures a promise by the ride to the door, with or without a known door', () => {
    const one = waiting('o1', { travelSeconds: 600 });
    const at = { lat: 48.3, lng: 16.4 };
    const [unknown] = facts([one], []).deliveries;
    const [known] = buildMatchFacts([one], [], new Map([['o1', at]]), START_MS, aZone()).deliveries;
    assert.deepEqual([unknown?.onwardSeconds, unknown?.dropOffAt], [600, KITCHEN_AT]);
    assert.deepEqual([known?.onwardSeconds, known?.dropOffAt], [undefined, at]);
    assert.equal(unknown?.promisedAtMs, known?.promisedAtMs);
  });

  it('offers to the courier who is sooner at the door, not to the nearer one, by the speeds of the vehicles', () => {
    const far = [waiting('o1', { travelSeconds: 900, readyAtMs: START_MS })];
    const walks = rider('a', 10, { vehicle: 'foot' });
    assert.deepEqual(asked(far, [walks, rider('b', 900)]), { o1: ['b'] });
    assert.deepEqual(asked(far, [rider('a', 10), rider('b', 900)]), { o1: ['a'] });
    const near = [waiting('o1', { travelSeconds: 30, readyAtMs: START_MS })];
    assert.deepEqual(asked(near, [walks, rider('b', 900)]), { o1: ['a'] });
    const travel = { metersPerSecond: { foot: 5 } };
    const paces = facts(far, [walks], Zone.parse({ ...aZone(), travel })).riders.map(({ pace }) => pace);
    assert.deepEqual(paces, [1]);
  });

  it('does not starve any order when there are too few couriers: the oldest comes first', () => {
    const since = (minutes: number) => ({
      createdAtMs: START_MS - minutes * MINUTE,
      readyAtMs: START_MS,
      promisedAtMs: START_MS,
    });
    const orders = [waiting('new', since(5)), waiting('old', since(50)), waiting('newer', since(1))];
    assert.deepEqual(asked(orders, [rider('a', 10)]), { old: ['a'] });
  });

  it('is reproduced from what was stored before vehicles and waiting counted', () => {
    const input = facts([waiting('o1')], [rider('a', 10)]);
    const {
      weights: { waited: _, ...weights },
      riders: [{ pace: __, ...one } = {}],
    } = input;
    assert.equal(MatchFacts.parse({ ...input, weights, riders: [one] }).riders[0]?.pace, 1);
    assert.equal(MatchFacts.parse({ ...input, weights, riders: [one] }).weights.waited, 0);
  });

  it('is reproduced from its stored inputs, and not from others', () => {
    const orders = [waiting('o1'), waiting('o2')];
    const input = facts(orders, [rider('a', 10), rider('b', 700)]);
    const { outcome } = decideMatches(input);
    const stored = JSON.parse(JSON.stringify({ input, result: outcome }));
    const decision = { input: MatchFacts.parse(stored.input), result: MatchOutcome.parse(stored.result) };
    assert.ok(isReproducible(decision));
    const slower = { ...decision.input, travel: { ...decision.input.travel, metersPerSecond: 1 } };
    assert.ok(!isReproducible({ ...decision, input: slower }));
  });
});

describe('the waves of an order', () => {
  it('are counted from 1, also before the first offer ended', () =>
    assert.deepEqual([getWave(waiting('o1')), getWave(waiting('o1', {}, declined('a')))], [1, 2]));

  it('are of one courier, and of several after the declines that the zone sets', () => {
    const limits = theLimits({ declinesBeforeParallel: 2, parallelOffers: 4 });
    const offers = (...uids: string[]) => countConcurrentOffers(waiting('o1', {}, declined(...uids)), limits);
    assert.deepEqual([offers(), offers('a'), offers('a', 'b')], [1, 1, 4]);
  });

  it('remember who had an offer and who gave the order back, but not who carries it', () => {
    const { events } = anOrder({ status: 'preparing' });
    const [last] = events.slice(-1);
    assert.ok(last);
    const step = (action: 'assign' | 'unassign', courierId?: string) => ({
      ...last,
      action,
      ...(courierId !== undefined && { courierId }),
    });
    const steps = [...events, step('assign', 'a'), step('unassign', 'a'), step('assign', 'b'), step('unassign')];
    assert.deepEqual(listTriedCouriers(waiting('o1', { events: steps }, declined('c'))), [
      toAccountId('a'),
      toAccountId('c'),
    ]);
    assert.deepEqual(listTriedCouriers(waiting('o1')), []);
  });
});

describe('isRuledOut', () => {
  const ruledOut = (uid: string, courier = aCourier(), search: WaitingOrder['search'] = null) =>
    isRuledOut(waiting('o1', {}, search), uid, courier, aZone());
  it('is true for a courier who had an offer', () =>
    assert.deepEqual(
      [ruledOut('a', aCourier(), declined('a')), ruledOut('b', aCourier(), declined('a'))],
      [true, false],
    ));
  it('is true for the customer and for staff of the restaurant', () => {
    assert.deepEqual([ruledOut('carla'), ruledOut('nina')], [true, false]);
    const staffOf = (restaurantId: string) => ruledOut('a', aCourier({ staffOf: [restaurantId] }));
    assert.deepEqual([staffOf('rosa'), staffOf('luigi')], [true, false]);
  });
});

describe('the facts of a match', () => {
  const order = anOrder({ status: 'ready', readyAtMs: START_MS });
  const carrying = (status: 'ready' | 'picked_up'): Candidate => ({
    ...rider('a', 100),
    carries: [{ orderId: 'o9', order: { ...order, status }, dropOffAt: DOOR_AT }],
  });
  const stopsOf = (status: 'ready' | 'picked_up') =>
    facts([], [carrying(status)]).riders[0]?.stops.map(({ type, delivery }) => `${type} ${delivery.id}`);

  it('hold both stops of an order that was not picked up yet, and else the door alone', () => {
    assert.deepEqual(stopsOf('ready'), ['pickUp o9', 'dropOff o9']);
    assert.deepEqual(stopsOf('picked_up'), ['dropOff o9']);
  });
  it('leave out couriers without a position, and know no idle time where none is stored', () => {
    const { riders } = facts([], [rider('a', 0, { presence: null }), rider('b', 0), rider('c', 0, { idleSinceMs: 7 })]);
    assert.deepEqual(
      riders.map(({ id, idleSinceMs }) => [id, idleSinceMs]),
      [
        ['b', START_MS],
        ['c', 7],
      ],
    );
  });
  it('name the start of a courier, the time of the food and the limits of the zone', () => {
    const zone = aZone({ limits: { courierCapacity: 3, detourMinutes: 5 } });
    const { riders, deliveries, limits, service } = facts([waiting('o1', { readyAtMs: null })], [rider('a', 0)], zone);
    assert.deepEqual(riders[0]?.start, { at: KITCHEN_AT, fromMs: START_MS });
    // Where the kitchen has named no time, the food counts as ready since the order.
    assert.deepEqual([deliveries[0]?.readyAtMs, deliveries[0]?.sinceMs], [START_MS, START_MS]);
    assert.deepEqual(limits, { capacity: 3, detourSeconds: 300 });
    assert.deepEqual(service, { pickUpSeconds: 120, dropOffSeconds: 120 });
  });
});

describe('the stored decision', () => {
  const couriers = ['a', 'b', 'c', 'd', 'e', 'f'].map((uid, index) => rider(uid, 100 * (6 - index)));
  it('holds the five cheapest options of each order, the cheapest first', () => {
    const { options, matches } = decideMatches(facts([waiting('o1')], couriers)).outcome;
    assert.deepEqual(
      options.map(({ riderId }) => riderId),
      ['f', 'e', 'd', 'c', 'b'],
    );
    assert.deepEqual(
      matches.map(({ riderId, stops }) => [riderId, stops]),
      [['f', ['pickUp o1', 'dropOff o1']]],
    );
  });
  it('lists the options of each order apart, and of equal ones the smaller id first', () => {
    const listed = (...uids: string[]) => {
      const orders = [waiting('o1'), waiting('o2', {}, declined('a'))];
      const { options } = decideMatches(
        facts(
          orders,
          uids.map((uid) => rider(uid, 100)),
        ),
      ).outcome;
      return options.map(({ deliveryId, riderId }) => `${deliveryId} ${riderId}`);
    };
    const expected = ['o1 a', 'o1 b', 'o1 c', 'o2 b', 'o2 c'];
    assert.deepEqual(
      [listed('a', 'b', 'c'), listed('c', 'b', 'a'), listed('b', 'c', 'a')],
      [expected, expected, expected],
    );
  });
  it('names couriers by their places and accounts, in the matches and options too', () => {
    const input = facts([waiting('o1')], [rider('b', 500), rider('a', 10)]);
    const { outcome } = decideMatches(input);
    const { input: named, result } = replaceUids({ input, result: outcome });
    const [a, b] = [`0000-${toAccountId('a')}`, `0001-${toAccountId('b')}`];
    assert.deepEqual(
      named.riders.map(({ id }) => id),
      [b, a],
    );
    assert.deepEqual(
      result.options.map(({ riderId }) => riderId),
      [a, b],
    );
    assert.deepEqual(
      result.matches.map(({ riderId }) => riderId),
      [a],
    );
    assert.ok(isReproducible({ input: named, result }));
  });
  it('offers an order without a match to no courier', () => {
    const far = [waiting('o1', {}, declined('a'))];
    const { result } = decideMatches(facts(far, [rider('a', 1)]));
    assert.deepEqual([result.unmatched, [...selectCouriers(far, result, theLimits())]], [['o1'], []]);
  });
});
