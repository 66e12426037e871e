import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { accountIdOf, staffKeyOf } from '#client/digests.js';
import { computeEta, paceOf } from '#client/eta.js';
import { CALLS } from '#client/generated/calls.js';
import { DOCUMENT_READS, QUERY_READS } from '#client/generated/reads.js';
import type { EtaTable, Order, Zone } from '#client/generated/types.js';
import { distanceMeters, geohashOf } from '#client/geo.js';
import { formatMoney } from '#client/money.js';
import { readAs } from '#client/reading.js';
import { minor } from '#client/scalars.js';
import { compileKotlin, COROUTINES, hasJava, runKotlin } from './kotlin-compiler.js';

const ROOT = join(import.meta.dirname, '../../..');
const KOTLIN = join(ROOT, 'clients/kotlin');
const GOLDEN = join(ROOT, 'clients/golden.json');
const Golden = z.looseObject({
  carts: z.array(z.object({ lines: z.array(z.json()), itemIds: z.array(z.string()) })),
  cases: z.array(z.looseObject({ type: z.string(), case: z.string(), stored: z.looseObject({}) })),
});
const Report = z.object({
  differences: z.array(z.object({ type: z.string(), case: z.string(), problem: z.string() })),
  computed: z.record(z.string(), z.array(z.json())),
  calls: z.record(z.string(), z.json()),
  reads: z.object({ documents: z.record(z.string(), z.string()), queries: z.record(z.string(), z.json()) }),
});

const NOW_MS = 1_772_475_300_000;
const PLACES = [
  { lat: 52.52, lng: 13.405 },
  { lat: 52.5, lng: 13.39 },
  { lat: -33.86, lng: 151.2 },
  { lat: 0, lng: -179.999 },
];
const [COUNTER] = PLACES;
const TABLE = { all: { p50: 1.1, p90: 1.6, rides: 9 }, hours: { 18: { p50: 1.2, p90: 2, rides: 7 } }, updatedAtMs: 1 };
const ORDER = {
  createdAtMs: NOW_MS - 600_000,
  prepMinutes: 15,
  travelSeconds: 900,
  pickUpAt: COUNTER,
  readyAtMs: null,
};
const PICKED_UP = { ...ORDER, status: 'picked_up' };
const FACTS = { order: PICKED_UP, position: null, door: null, pace: 1, table: null, nowMs: NOW_MS };
const ETA = [
  { ...FACTS, order: { ...ORDER, status: 'preparing' } },
  { ...FACTS, order: { ...ORDER, status: 'ready', readyAtMs: NOW_MS + 60_000 }, pace: 0.7, table: TABLE },
  FACTS,
  { ...FACTS, position: PLACES[1], door: { lat: 52.49, lng: 13.38 } },
  { ...FACTS, position: COUNTER, door: COUNTER },
  { ...FACTS, table: TABLE, nowMs: Date.UTC(2026, 2, 1, 18, 30) },
  { ...FACTS, order: { ...ORDER, status: 'delivered' } },
];
const MONEY = [
  { minor: minor(2424), currency: 'EUR' },
  { minor: minor(2400), currency: 'JPY' },
  { minor: minor(-123_456), currency: 'KWD' },
  { minor: minor(1_234_567_890_123), currency: 'USD' },
  { minor: minor(5), currency: 'jpy' },
];
/** As an SDK may send them: the last three are no whole numbers, or not exact. */
const INTEGERS = [7, -7, 1e300, 1.5, 1e19];
const PATHS = ['centre', 'centre/stats/eta', ''];
const UIDS = ['kim', 'ü'.repeat(40)];
const VEHICLES = ['car', 'bicycle', 'hoverboard', null];
const TRAVEL = {
  detourFactor: 1.3,
  quotedVehicle: 'bicycle',
  metersPerSecond: { foot: 1.4, bicycle: 5, ebike: 6, scooter: 6, car: 4.5 },
};
const REFUSALS = [
  { reason: 'BASKET_BELOW_MINIMUM', minimumMinor: 1200, itemsMinor: null },
  { reason: 'BASKET_BELOW_MINIMUM', minimumMinor: 'a text of a newer server' },
  { reason: 'SIGN_IN_REQUIRED' },
  { reason: 'MOON_FULL', phase: 1 },
  { phase: 1 },
];

const HAS_JAVA = hasJava();

describe(`the Kotlin client${HAS_JAVA ? '' : ' (pending: needs a Java runtime)'}`, function () {
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), 'tiffin-kotlin-'));
  let report: z.infer<typeof Report>;

  /** Runs the checks of the core with a table of golden documents. */
  function check(golden: z.infer<typeof Golden>): z.infer<typeof Report> {
    const files = [join(folder, 'golden.json'), join(folder, 'cases.json')] as const;
    const order = golden.cases.find((one) => one.type === 'Order' && one.case === 'absent')?.stored;
    const eta = ETA.map((facts) => ({ ...facts, order: { ...order, ...facts.order, events: [] } }));
    const cases = {
      eta,
      places: PLACES,
      uids: UIDS,
      money: MONEY,
      vehicles: VEHICLES,
      travel: TRAVEL,
      refusals: REFUSALS,
      integers: INTEGERS,
      carts: golden.carts.map(({ lines }) => lines),
      paths: PATHS,
    };
    writeFileSync(files[0], JSON.stringify(golden));
    writeFileSync(files[1], JSON.stringify(cases));
    return Report.parse(JSON.parse(runKotlin([folder], 'tiffin.client.MainKt', files)));
  }

  const readGolden = () => Golden.parse(JSON.parse(readFileSync(GOLDEN, 'utf8')));

  before('compile the core', function () {
    if (!HAS_JAVA) return this.skip();
    compileKotlin([join(KOTLIN, 'core/src')], folder);
    report = check(readGolden());
  });

  after(() => rmSync(folder, { recursive: true }));

  it('reads the golden documents, and writes what it read', () => assert.deepEqual(report.differences, []));

  it('notices a golden document that differs', () => {
    const golden = readGolden();
    const board = golden.cases.find(({ type, case: name }) => type === 'Board' && name === 'all');
    Object.assign(board?.stored ?? {}, { overdue: 7 });
    assert.deepEqual(
      check(golden).differences.map(({ type, case: name }) => [type, name]),
      [['Board', 'all']],
    );
  });

  it('computes arrivals, distances and keys like the TypeScript package', async () => {
    const { computed } = report;
    const expected = ETA.map(({ order, table, ...facts }) =>
      computeEta({
        ...facts,
        order: readAs<Order>('Order', { events: [], ...order }),
        table: readAs<EtaTable | null>('EtaTable', table),
        position: facts.position ?? null,
        door: facts.door ?? null,
      }),
    );
    assert.deepEqual(computed['eta'], expected);
    assert.equal(expected.filter((eta) => eta !== null).length, 6);
    const meters = PLACES.slice(1).map((to, index) => distanceMeters(PLACES[index] ?? to, to));
    for (const [index, one] of meters.entries()) assert.ok(Math.abs(Number(computed['meters']?.[index]) - one) < 0.001);
    assert.deepEqual(computed['geohashes'], PLACES.map(geohashOf));
    assert.deepEqual(computed['staffKeys'], UIDS.map(staffKeyOf));
    assert.deepEqual(computed['accountIds'], UIDS.map(accountIdOf));
    const travel = readAs<Zone['travel']>('Travel', TRAVEL);
    assert.deepEqual(
      computed['paces'],
      VEHICLES.map((vehicle) => paceOf({ travel }, vehicle)),
    );
  });

  it('formats money with the decimals of its currency', () => {
    const compact = (text: unknown) => String(text).replaceAll(/\s/g, '');
    assert.deepEqual(
      report.computed['money']?.map(compact),
      MONEY.map((one) => compact(formatMoney(one, 'en-US'))),
    );
  });

  it('reads refusals, those of a newer server too', () =>
    assert.deepEqual(report.computed['refusals'], [
      'BasketBelowMinimum(minimumMinor=Minor(amount=1200), itemsMinor=null)',
      'BasketBelowMinimum(minimumMinor=null, itemsMinor=null)',
      'SignInRequired',
      'Unknown(reason=MOON_FULL, details={phase=1})',
      'null',
    ]));

  it('sends inputs without what the app leaves out', () =>
    assert.deepEqual(report.computed['encoded'], [
      {
        restaurantId: 'r1',
        kind: 'delivery',
        lines: [{ itemId: 'dal', quantity: 2, note: 'scharf 🌶' }],
        dropOff: null,
        scheduledForMs: 1_772_475_300_123,
      },
      { type: 'move', move: { action: 'accept' } },
      { type: 'cancel', reason: 'changed my mind' },
      {},
      { slotCapacity: null },
      { slotCapacity: 4 },
    ]));

  it('reads no number that is not whole or not exact as an integer', () =>
    assert.deepEqual(report.computed['integers'], [7, -7, null, null, null]));

  it('lists the items and options of each golden cart', () =>
    assert.deepEqual(
      report.computed['carts'],
      readGolden().carts.map(({ itemIds }) => itemIds),
    ));

  it('refuses an id that leads to another document', () =>
    assert.deepEqual(report.computed['paths'], ['zones/centre', null, null]));

  it('has the documents and queries of the TypeScript package', () => {
    const fill = (path: string) => path.replaceAll(/[{}]/g, '');
    const { documents, queries } = report.reads;
    const paths = Object.entries(DOCUMENT_READS).map(([name, { path }]) => [name, fill(path)]);
    assert.deepEqual(documents, Object.fromEntries(paths));
    for (const [name, table] of Object.entries(QUERY_READS)) {
      const filters = table.where.map(({ field, operator, value, parameter, stamp }) => [
        field,
        operator,
        parameter?.endsWith('Ms') ? 7 : (parameter ?? value),
        stamp ?? false,
      ]);
      const orderBy = table.orderBy ? [table.orderBy.field, table.orderBy.direction] : null;
      assert.deepEqual(
        queries[name],
        { collection: fill(table.collection), filters, orderBy, limit: table.limit },
        name,
      );
    }
    assert.equal(Object.keys(queries).length, Object.keys(QUERY_READS).length);
  });

  it('has the callables of the TypeScript package', () => {
    const expected = Object.entries(CALLS).map(([name, { limitedUse, reasons }]) => [name, { limitedUse, reasons }]);
    assert.deepEqual(report.calls, Object.fromEntries(expected));
  });

  describe('the layer over the Firebase SDK', () => {
    it('compiles against the declarations of the SDK', () => {
      const sources = [join(KOTLIN, 'firebase/src'), join(ROOT, 'tests/fixtures/firebase-android')];
      compileKotlin(sources, join(folder, 'firebase'), [folder, COROUTINES]);
    });

    it('queues, numbers and repeats commands like the TypeScript package', () => {
      const classPath = [join(folder, 'firebase'), folder, COROUTINES];
      assert.deepEqual(runKotlin(classPath, 'tiffin.client.firebase.QueueKt').trim().split('\n'), [
        '== behind one without an answer',
        '1',
        '2 after 1, queued 1',
        'kim-command-1 Applied(event=1, answeredAtMs=EpochMs(ms=1), pickUpCode=null)',
        'kim-command-2 Applied(event=2, answeredAtMs=EpochMs(ms=1), pickUpCode=null)',
        '3',
        'kim-command-3 applied, count 3',
        '== a denied number is given again',
        '1',
        'denied, count 0',
        '1',
        'kim-command-1 applied, count 1',
        '== another phone used the number',
        '1',
        'kim-command-1 applied, count 1',
        '1',
        '2',
        'kim-command-2 applied, count 2',
        '== the stored count is too high',
        '8',
        '1',
        'kim-command-1 applied, count 1',
        '2',
        'kim-command-2 applied, count 2',
        '== wrong numbers in a chain',
        '1',
        'kim-command-1 applied, count 1',
        '2',
        'kim-command-2 applied, count 2',
        '1',
        '2 after 1, queued 1',
        '3 after 2, queued 2',
        '3',
        '4 after 3, queued 1',
        '5 after 4, queued 2',
        '[Move(move=Accept(prepMinutes=null)), Move(move=StartPreparing), Move(move=MarkReady)]',
        '== a retry behind a denied chain',
        '1',
        '2 after 1, queued 1',
        'first false',
        '1',
        'kim-command-1 applied, count 1',
        'second false',
        '2',
        'kim-command-2 applied, count 2',
        '== after a restart',
        '1',
        '2 after 1, queued 1',
        '3 after 2, queued 2',
        '== counting offline',
        '1',
        'kim-command-1 applied, count 1',
        'StoredCommand(n=1, queued=0, isPending=false)',
        'null',
        'StoredCommand(n=2, queued=0, isPending=true)',
        '2',
        '== more than ten',
        'too many commands wait for an answer, or were given about this order',
        '1',
        '2 after 1, queued 1',
        '3 after 2, queued 2',
        '4 after 3, queued 3',
        '5 after 4, queued 4',
        '6 after 5, queued 5',
        '7 after 6, queued 6',
        '8 after 7, queued 7',
        '9 after 8, queued 8',
        '10 after 9, queued 9',
        'count 10',
        '11',
        'kim-command-11 applied, count 11',
      ]);
    });
  });
});

describe('the README of the Kotlin client', () => {
  it('shows samples that are compiled', () => {
    const trim = (code: string) => code.replaceAll(/^ +/gm, '');
    const samples = trim(
      readFileSync(join(KOTLIN, 'firebase/src/samples/kotlin/tiffin/client/samples/Samples.kt'), 'utf8'),
    );
    const shown = [...readFileSync(join(KOTLIN, 'README.md'), 'utf8').matchAll(/```kotlin\n(.*?)```/gs)];
    assert.equal(shown.length, 8);
    for (const [, code = ''] of shown) assert.ok(samples.includes(trim(code)), code);
  });
});
