import { type Json } from '#emulator/protocol/schema.js';
import { type Dice } from './dice.js';
import { RunQueryRequest } from '#emulator/protocol/requests.js';
import { frameMessage } from '#emulator/grpc/frames.js';
import { DATABASE, DOCUMENTS } from './samples.js';
import { firstOf, sendGrpc, sendRest } from './wires.js';

const integer = (n: number): Json => ({ integerValue: String(n) });
const field = (name: string, op: string, value: Json): Json => ({
  fieldFilter: { field: { fieldPath: name }, op, value },
});
const all = (op: 'AND' | 'OR', filters: readonly Json[]): Json => ({ compositeFilter: { op, filters } });
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** Filters that multiply out, are many, or compare with huge values. */
const FILTERS: readonly [(dice: Dice) => Json, ...((dice: Dice) => Json)[]] = [
  (dice) =>
    all(
      'AND',
      many(2 + dice.below(40), (i) =>
        all(
          'OR',
          many(2 + dice.below(30), (j) => field(`f${i}`, 'EQUAL', integer(j))),
        ),
      ),
    ),
  (dice) =>
    all(
      'OR',
      many(10 ** (1 + dice.below(4)), (i) => field('n', 'EQUAL', integer(i))),
    ),
  (dice) =>
    all(
      'AND',
      many(1000, (i) => field(`f${i % (1 + dice.below(1000))}`, 'EQUAL', integer(i))),
    ),
  (dice) =>
    all(
      'AND',
      many(1000, (i) => field('n', dice.pick(['LESS_THAN', 'GREATER_THAN']), integer(i))),
    ),
  (dice) =>
    field('n', dice.pick(['IN', 'NOT_IN', 'ARRAY_CONTAINS_ANY']), {
      arrayValue: { values: many(dice.below(20_000), integer) },
    }),
  (dice) => field('s', 'EQUAL', { stringValue: 'x'.repeat(dice.below(3_000_000)) }),
  (dice) =>
    field('m', 'EQUAL', {
      mapValue: { fields: Object.fromEntries(many(dice.below(50_000), (i) => [`k${i}`, integer(i)])) },
    }),
  (dice) => field(many(10 ** (1 + dice.below(4)), (i) => `a${i}`).join('.'), 'EQUAL', integer(1)),
  (dice) => field('`'.repeat(dice.below(10_000)), 'EQUAL', integer(1)),
];

/** Asked by REST, by gRPC, and by a browser that listens. */
export async function hugeQuery(dice: Dice, port: number): Promise<string> {
  const structuredQuery = {
    from: many(dice.chance(0.9) ? 1 : dice.below(1000), () => ({
      collectionId: 'c',
      allDescendants: dice.chance(0.3),
    })),
    where: dice.pick(FILTERS)(dice),
    orderBy: many(dice.chance(0.7) ? 0 : dice.below(500), (i) => ({ field: { fieldPath: `o${i}` } })),
    offset: dice.chance(0.8) ? 0 : dice.below(2 ** 31),
    limit: dice.chance(0.5) ? 10 : dice.below(2 ** 31),
  };
  return dice.pick([overRest, overGrpc, overWebChannel])(port, structuredQuery);
}

async function overRest(port: number, structuredQuery: Json): Promise<string> {
  const path = `/v1/${DOCUMENTS}:runQuery`;
  const body = JSON.stringify({ structuredQuery });
  return `REST ${await sendRest(port, { method: 'POST', path, body, authorization: 'Bearer owner' })}`;
}

async function overGrpc(port: number, structuredQuery: Json): Promise<string> {
  const request = RunQueryRequest.fromJson({ parent: DOCUMENTS, structuredQuery });
  return `gRPC ${await sendGrpc(port, 'RunQuery', frameMessage(RunQueryRequest.encode(request)), 'Bearer owner')}`;
}

async function overWebChannel(port: number, structuredQuery: Json): Promise<string> {
  const addTarget = { targetId: 2, query: { parent: DOCUMENTS, structuredQuery } };
  const message = JSON.stringify({ database: DATABASE, addTarget });
  const body = new URLSearchParams({ count: '1', ofs: '0', req0___data__: message }).toString();
  const path = '/google.firestore.v1.Firestore/Listen/channel?VER=8&RID=1&CVER=22';
  return `WebChannel ${(await firstOf(port, { method: 'POST', path, body })).status}`;
}
