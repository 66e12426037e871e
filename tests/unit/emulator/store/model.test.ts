import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Write } from '#emulator/protocol/documents.js';
import { type Json } from '#emulator/protocol/schema.js';
import { type Caller } from '#emulator/service/caller.js';
import { commitWrites } from '#emulator/service/commit.js';
import { Context } from '#emulator/service/context.js';
import { type Database } from '#emulator/store/database.js';
import { type Overlay } from '#emulator/store/history.js';
import { parseWrites } from '#emulator/store/writes.js';
import { StatusError } from '#emulator/values/status.js';
import { DATABASE } from '../arbitraries.js';

const ADMIN: Caller = { kind: 'admin' };
const IDS = ['a', 'b', 'c'] as const;
const FIELDS = ['x', 'y'] as const;

type Id = (typeof IDS)[number];
type Field = (typeof FIELDS)[number];
/** A document of the model: whole numbers by field. */
type Numbers = Partial<Record<Field, number>>;
type Model = Map<Id, Numbers>;

interface Step {
  readonly id: Id;
  readonly change:
    | { readonly kind: 'delete' }
    | { readonly kind: 'set' | 'merge'; readonly numbers: Numbers }
    | { readonly kind: 'add'; readonly field: Field; readonly by: number };
  readonly exists: boolean | undefined;
}

const id = fc.constantFrom(...IDS);
const field = fc.constantFrom(...FIELDS);
const small = fc.integer({ min: -3, max: 3 });
const step: fc.Arbitrary<Step> = fc.record({
  id,
  change: fc.oneof(
    fc.constant({ kind: 'delete' as const }),
    fc.record({
      kind: fc.constantFrom('set' as const, 'merge' as const),
      numbers: fc.record({ x: small, y: small }, { requiredKeys: [] }),
    }),
    fc.record({ kind: fc.constant('add' as const), field, by: small }),
  ),
  exists: fc.constantFrom(undefined, undefined, undefined, true, false),
});

/** The commit's effect on the model, or undefined when a precondition refuses all of it. */
function applied(model: Model, steps: readonly Step[]): Model | undefined {
  const next = new Map(model);
  for (const { id: key, change, exists } of steps) {
    const before = next.get(key);
    if (exists !== undefined && exists !== (before !== undefined)) return undefined;
    if (change.kind === 'delete') next.delete(key);
    else if (change.kind === 'set') next.set(key, { ...change.numbers });
    else if (change.kind === 'add')
      next.set(key, { ...before, [change.field]: (before?.[change.field] ?? 0) + change.by });
    else next.set(key, { ...before, ...change.numbers });
  }
  return next;
}

function nameOf(key: string): string {
  return `${DATABASE.name}/documents/c/${key}`;
}

function writeOf({ id: key, change, exists }: Step): Write {
  const name = nameOf(key);
  const json: Record<string, Json> = exists === undefined ? {} : { currentDocument: { exists } };
  if (change.kind === 'delete') return Write.fromJson({ ...json, delete: name });
  if (change.kind === 'add') {
    const increment = { integerValue: String(change.by) };
    const updateTransforms = [{ fieldPath: change.field, increment }];
    return Write.fromJson({ ...json, update: { name }, updateMask: {}, updateTransforms });
  }
  const fields = Object.fromEntries(
    Object.entries(change.numbers).map(([key2, n]) => [key2, { integerValue: String(n) }]),
  );
  const updateMask = change.kind === 'merge' ? { updateMask: { fieldPaths: Object.keys(fields) } } : {};
  return Write.fromJson({ ...json, update: { name, fields }, ...updateMask });
}

/** What the store holds, now or at an earlier time, in the model's terms. */
function contents(database: Database, overlay?: Overlay): Model {
  const model: Model = new Map();
  for (const key of IDS) {
    const document = database.getAt(nameOf(key), overlay);
    if (document) model.set(key, numbersOf(document.fields));
  }
  return model;
}

function numbersOf(fields: ReadonlyMap<string, unknown>): Numbers {
  const numbers: Numbers = {};
  for (const name of FIELDS) if (fields.has(name)) numbers[name] = numberAt(fields, name);
  return numbers;
}

function numberAt(fields: ReadonlyMap<string, unknown> | undefined, name: string): number {
  const value = fields?.get(name);
  return typeof value === 'object' && value !== null && 'value' in value ? Number(value.value) : 0;
}

function openDatabase(): { context: Context; database: Database } {
  const context = new Context();
  return { context, database: context.store.database(DATABASE) };
}

describe('the store', () => {
  it('has the state of a plain map after any commits, and keeps each earlier state', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 15 }), async (commits) => {
        const { context, database } = openDatabase();
        let model: Model = new Map();
        const past: { time: number; model: Model }[] = [];
        for (const steps of commits) {
          const next = applied(model, steps);
          const commit = commitWrites(context, database, ADMIN, parseWrites(DATABASE, steps.map(writeOf)));
          if (next) past.push({ time: (await commit).time, model: (model = next) });
          else await assert.rejects(commit, StatusError);
          assert.deepEqual(contents(database), model);
        }
        for (const { time, model: then } of past) assert.deepEqual(contents(database, database.overlayAt(time)), then);
      }),
      { numRuns: 300 },
    );
  });
});

interface Script {
  /** Turns of the event loop before it begins and between its steps. */
  readonly pauses: number;
  /** Documents that a transaction reads and then adds 1 to; undefined adds 1 to a document without one. */
  readonly reads: readonly Id[] | undefined;
  readonly rollsBack: boolean;
}

const script: fc.Arbitrary<Script> = fc.record({
  pauses: fc.nat(3),
  reads: fc.option(fc.uniqueArray(id, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 2 }),
  rollsBack: fc.nat(4).map((n) => n === 0),
});

async function pause(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Runs a script and tells which documents it added 1 to: none when it rolled back or was aborted. */
async function play(
  context: Context,
  database: Database,
  { pauses, reads, rollsBack }: Script,
): Promise<readonly Id[]> {
  await pause(pauses);
  if (!reads) {
    const add: Step = { id: 'a', change: { kind: 'add', field: 'x', by: 1 }, exists: undefined };
    await commitWrites(context, database, ADMIN, parseWrites(DATABASE, [writeOf(add)]));
    return ['a'];
  }
  const transaction = database.transactions.begin();
  const writes: Write[] = [];
  for (const key of reads) {
    await database.locks.share(transaction, [`doc:${nameOf(key)}`]);
    const x = numberAt(database.get(nameOf(key))?.fields, 'x') + 1;
    writes.push(writeOf({ id: key, change: { kind: 'set', numbers: { x } }, exists: undefined }));
    await pause(pauses);
  }
  if (rollsBack) {
    database.transactions.end(transaction);
    return [];
  }
  await commitWrites(context, database, ADMIN, parseWrites(DATABASE, writes), transaction);
  return reads;
}

/** Plays scripts at once; an abort is an outcome like any other, but nothing else may be thrown. */
async function playAll(scripts: readonly Script[]): Promise<void> {
  const { context, database } = openDatabase();
  const added = await Promise.all(
    scripts.map((one) =>
      play(context, database, one).catch((thrown: unknown): readonly Id[] => {
        if (thrown instanceof StatusError && thrown.status === 'ABORTED') return [];
        throw thrown;
      }),
    ),
  );
  const model: Model = new Map();
  for (const key of added.flat()) model.set(key, { x: (model.get(key)?.x ?? 0) + 1 });
  assert.deepEqual([...contents(database)].sort(), [...model].sort(), JSON.stringify(scripts));
}

describe('transactions interleaved', () => {
  it('lose no update: each that committed had read the value that it replaced', async () => {
    // All at once, for those that stand in each other's way wait two seconds of real time.
    await Promise.all(fc.sample(fc.array(script, { minLength: 2, maxLength: 6 }), 150).map(playAll));
  });
});
