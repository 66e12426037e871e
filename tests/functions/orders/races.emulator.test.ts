import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Role } from '#functions/contract/common.js';
import { ORDER_ACTIONS, type Order, type OrderAction } from '#functions/contract/orders.js';
import { listSteps, STEPS } from '#functions/orders/model/actions/actions.js';
import { assertSound } from '#fixtures/books.js';
import type { Journey } from '#fixtures/journey.js';
import { atMostMs, isProving, runs } from '#fixtures/proofs.js';
import { assertProvider, race, requireReason, type Way } from './races/race.js';
import { stageCopier, STAGES } from './races/stages.js';
import { WISHES, type Wish } from './races/wishes.js';

interface Request {
  action: OrderAction;
  role: Role;
  wish: Wish;
}

const nameOf = ({ action, role }: Pick<Request, 'action' | 'role'>) => `${action} by ${role}`;

/** Every request that the table allows from the order's status, of those roles for which there is one. */
function listRequests({ status, kind }: Order): Request[] {
  return ORDER_ACTIONS.flatMap((action) => {
    const roles = new Set(listSteps(status, action, kind).flatMap(({ by }) => by));
    return [...roles].flatMap((role): Request[] => {
      const wish = WISHES[action][role];
      return wish ? [{ action, role, wish }] : [];
    });
  });
}

/** Two requests with different actions; the first one starts first. */
type Pair = readonly [Request, Request];

/** The events are numbered, each begins where the one before ended, and the table has each of them. */
function assertChain({ events, kind, status }: Order): void {
  events.forEach(({ n, action, from, to, by }, index) => {
    assert.deepEqual([n, from], [index + 1, events[index - 1]?.to ?? null]);
    if (action === 'place' || from === null) return;
    const isAllowed = listSteps(from, action, kind).some((step) => step.to === to && step.by.includes(by));
    assert.ok(isAllowed, `event ${n}: ${action} by ${by} from ${from} to ${to}`);
  });
  assert.equal(events.at(-1)?.to, status);
  assert.equal(new Set(events.map(({ causeId }) => causeId)).size, events.length, 'a cause was applied twice');
}

/** Each step is applied once, and only one of two where the table has neither after the other. */
function assertApplied(before: Order, after: Order, pair: Pair): void {
  const asked = after.events
    .slice(before.events.length)
    .filter(({ action, causeId }) => !causeId.startsWith('due:') && pair.some((one) => one.action === action));
  // The answer to an edit is a step, and the payment of the difference another one.
  const steps = asked.map(({ action, reason }) => (reason === 'paid' ? `${action}, paid` : action));
  assert.deepEqual(steps, [...new Set(steps)]);
  assert.ok(steps.length > 0, 'none was applied');
  const [first, second] = pair;
  const isExclusive = !mayFollow(before, first, second) && !mayFollow(before, second, first);
  if (isExclusive) assert.equal(new Set(asked.map(({ action }) => action)).size, 1, 'both were applied');
}

function mayFollow({ status, kind }: Order, earlier: Request, later: Request): boolean {
  const statuses = listSteps(status, earlier.action, kind).map(({ to }) => to);
  return statuses.some((to) => listSteps(to, later.action, kind).some(({ by }) => by.includes(later.role)));
}

/** A prepared order, and what makes a copy of it. */
interface Stage {
  order: Order;
  begin: () => Promise<Journey>;
}

async function runPair({ begin, order: before }: Stage, pair: Pair, way: Way): Promise<void> {
  const copy = await begin();
  try {
    await race(copy, [pair[0].wish, pair[1].wish], way);
    const order = await copy.backend.order(copy.orderId);
    assertChain(order);
    assertApplied(before, order, pair);
    assertProvider(copy.backend, copy.orderId, order);
    await assertSound(copy.backend);
  } catch (error) {
    const how = `${way.dies ? ', whose process dies' : ''}, and after ${way.delay} turns`;
    throw new Error(`${nameOf(pair[0])}${how} ${nameOf(pair[1])}: ${String(error)}`, { cause: error });
  } finally {
    await copy.backend.close();
  }
}

/** Returns those requests that succeed when nothing else happens. */
async function listAble({ begin, order: before }: Stage): Promise<Request[]> {
  const able: Request[] = [];
  for (const request of listRequests(before)) {
    const copy = await begin();
    try {
      await request.wish(copy);
      const { events } = await copy.backend.order(copy.orderId);
      if (events.slice(before.events.length).some(({ action }) => action === request.action)) able.push(request);
    } catch (error) {
      requireReason(error);
    } finally {
      await copy.backend.close();
    }
  }
  return able;
}

/** Lists every pair of different actions that no other stage of the status had, each with all pairs of its roles. */
function listPairs({ status, kind }: Order, able: readonly Request[], seen: Set<string>): Pair[][] {
  const pairs = able.flatMap((first, index) =>
    able
      .slice(index + 1)
      .filter((second) => second.action !== first.action)
      .map((second): Pair => [first, second]),
  );
  const toName = ([first, second]: Pair) => [status, kind, first.action, second.action].join(' ');
  const names = new Set(pairs.map(toName).filter((name) => !seen.has(name)));
  for (const name of names) seen.add(name);
  return [...names].map((name) => pairs.filter((pair) => toName(pair) === name));
}

interface Run {
  pair: Pair;
  way: Way;
}

/**
 * Each pair twice, once in each order, and in one of them the first process dies; `npm run prove` draws roles, orders
 * and delays twenty times.
 */
function listRuns(roles: readonly Pair[], index: number): Run[] {
  const swap = ([first, second]: Pair): Pair => [second, first];
  if (isProving) {
    const run = fc.record({
      of: fc.constantFrom(...roles),
      swaps: fc.boolean(),
      dies: fc.boolean(),
      delay: fc.nat(40),
    });
    const drawn = fc.sample(run, { seed: runs(0, 0).seed + index, numRuns: 20 });
    return drawn.map(({ of, swaps, ...way }) => ({ pair: swaps ? swap(of) : of, way }));
  }
  const dies = index % 2 === 1;
  return roles.slice(index % roles.length, (index % roles.length) + 1).flatMap((pair) => [
    { pair, way: { dies, delay: 0 } },
    { pair: swap(pair), way: { dies: !dies, delay: 0 } },
  ]);
}

describe('two different steps of one order at once', function () {
  this.timeout(atMostMs(600_000));
  const seen = new Set<string>();
  const reached = new Set<string>();

  for (const [name, prepare] of Object.entries(STAGES)) {
    it(`leave a sound order that is ${name}`, async () => {
      const journey = await prepare();
      const order = await journey.backend.order(journey.orderId);
      const stage = { order, begin: await stageCopier(journey) };
      const able = await listAble(stage);
      for (const request of able) reached.add(`${order.status} ${nameOf(request)}`);
      const failures: string[] = [];
      for (const { pair, way } of listPairs(order, able, seen).flatMap(listRuns))
        await runPair(stage, pair, way).catch((error: unknown) => failures.push(String(error)));
      await journey.backend.close();
      assert.deepEqual(failures, []);
    });
  }

  it('cover every status, action and role of the table that has another action beside it', () => {
    const actionsFrom = (status: string) =>
      new Set(STEPS.filter(({ from }) => from === status).map((one) => one.action));
    const missing = STEPS.filter(({ from }) => actionsFrom(from).size > 1)
      .flatMap(({ from, action, by }) => by.map((role) => `${from} ${nameOf({ action, role })}`))
      .filter((name) => !reached.has(name));
    assert.deepEqual(missing, []);
    assert.ok(seen.size >= 100, `only ${seen.size} pairs`);
  });
});
