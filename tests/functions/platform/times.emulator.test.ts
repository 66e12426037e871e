import { strict as assert } from 'node:assert';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE, START_MS } from '#fixtures/catalogue.js';
import { aCity } from '#fixtures/city.js';
import { aCart, Journey } from '#fixtures/journey.js';
import { aFix } from '#fixtures/orders.js';

const HOUR = 60 * MINUTE;
/** The latest time of a Date, and that of a Timestamp. */
const [END_OF_DATES, END_OF_STAMPS] = [8.64e15, 253_402_300_799_999];
/** Times that an input's schema accepts. */
const LEGAL = [0, 1, END_OF_STAMPS, END_OF_STAMPS + 1, END_OF_DATES - 1, END_OF_DATES];
const ILLEGAL = [-1, 0.5, END_OF_DATES + 1, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE];

describe('a time at the beginning or the end of time', () => {
  let backend: Backend;
  beforeEach(async () => void (backend = await aCity({ couriers: 1 })));
  afterEach(() => backend.close());

  /** Tries legal times, which are refused for `reason`, and illegal ones. */
  async function refuses(reason: string, call: (atMs: number) => Promise<unknown>): Promise<void> {
    for (const atMs of LEGAL) await assert.rejects(call(atMs), { reason }, String(atMs));
    for (const atMs of ILLEGAL) await assert.rejects(call(atMs), { reason: 'INPUT_INVALID' }, String(atMs));
  }

  it('is no slot of an order', async () => {
    const quote = (scheduledForMs: number) => backend.call('quote', 'carla', aCart({ scheduledForMs }));
    await refuses('SLOT_INVALID', quote);
    assert.ok((await quote(START_MS + 3 * HOUR)).quoteId);
  });

  it('ends no long shift: couriers could not give it back', async () => {
    const publish = (fromMs: number, untilMs: number) =>
      backend.call('publishShift', 'olga', { zoneId: 'centre', shiftId: 'shift', fromMs, untilMs, places: 1 });
    await refuses('SHIFT_CLASH', (untilMs) => publish(START_MS, untilMs));
    await assert.rejects(publish(START_MS, START_MS + 24 * HOUR + 1), { reason: 'SHIFT_CLASH' });
    assert.equal((await publish(START_MS, START_MS + 24 * HOUR)).left, 1);
    await assert.rejects(publish(0, START_MS + HOUR), { reason: 'SHIFT_CLASH' });
    // Far away, and short: a courier can take it and give it back.
    await publish(END_OF_DATES - HOUR, END_OF_DATES);
    const claim = (answer: 'take' | 'giveBack') => backend.call('claimShift', 'omar', { shiftId: 'shift', answer });
    assert.equal((await claim('take')).shifts.length, 1);
    assert.deepEqual(await claim('giveBack'), { shifts: [] });
  });

  it('may end a sold-out item, which can be made available again', async () => {
    const set = (untilMs: number) =>
      backend.call('setSoldOut', 'mario', { restaurantId: 'rosa', ids: ['margherita'], untilMs });
    for (const untilMs of LEGAL) {
      assert.deepEqual(await set(untilMs), { soldOut: untilMs > START_MS ? { margherita: untilMs } : {} });
      const quote = backend.call('quote', 'carla', aCart());
      await (untilMs > START_MS ? assert.rejects(quote, { reason: 'ITEM_SOLD_OUT' }) : quote);
    }
    for (const untilMs of ILLEGAL) await assert.rejects(set(untilMs), { reason: 'INPUT_INVALID' }, String(untilMs));
    assert.deepEqual(await set(0), { soldOut: {} });
  });

  it('is no time of a fix', async () => {
    const journey = await new Journey(backend).reach('ready');
    const code = journey.pickUpCode();
    const pickUp = (takenAtMs: number) => {
      const fix = { ...aFix('kitchen', backend.nowMs), takenAtMs };
      return journey.move('omar', { action: 'pickUp', code, fix });
    };
    await refuses('FIX_TOO_OLD', pickUp);
    await pickUp(backend.nowMs);
    assert.equal((await backend.order(journey.orderId)).status, 'picked_up');
  });
});
