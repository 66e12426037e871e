import assert from 'node:assert/strict';
import { type IndexDefinitions, NO_DEFINITIONS, parseIndexFile } from '#emulator/indexes/definitions.js';
import { checkIndexEntries } from '#emulator/indexes/entries.js';
import { startServer } from '#emulator/server.js';
import {
  arrayValue,
  doubleValue,
  type Fields,
  integerValue,
  mapValue,
  NULL,
  type Value,
} from '#emulator/values/value.js';
import { rest } from '../../../conformance/emulator-client.js';
import { aDocument } from '../arbitraries.js';

const bool = (value: boolean): Value => ({ kind: 'boolean', value });
const numbers = (count: number, first = 0): Value =>
  arrayValue(Array.from({ length: count }, (_, i) => integerValue(BigInt(first + i))));
const inFields = (count: number): Fields =>
  new Map(Array.from({ length: count }, (_, i) => [`f${i}`, integerValue(1n)] as const));

function isStored(fields: Fields, definitions: IndexDefinitions = NO_DEFINITIONS): boolean {
  const bytes = 200_000;
  try {
    checkIndexEntries({ ...aDocument('things/a', fields), bytes }, () => definitions);
    return true;
  } catch (error) {
    assert.match(String(error), /too many index entries for entity \/things\/a/);
    return false;
  }
}

describe('index entries of a document', () => {
  it('are two for each distinct element of an array, and two for the array', () => {
    assert.ok(isStored(new Map([['a', numbers(19_999)]])));
    assert.ok(!isStored(new Map([['a', numbers(20_000)]])));
    const repeated = arrayValue(Array.from({ length: 30_000 }, (_, i) => integerValue(BigInt(i % 100))));
    assert.ok(isStored(new Map([['a', repeated]])));
  });

  it('are counted for a million elements without delay', () => {
    const kinds = [NULL, bool(true), bool(false), mapValue(new Map()), doubleValue(1), integerValue(1)];
    const many = arrayValue(Array.from({ length: 1_000_000 }, (_, i) => kinds[(i * 7) % kinds.length] ?? NULL));
    const startedAt = performance.now();
    assert.ok(isStored(new Map([['a', many]])));
    assert.ok(performance.now() - startedAt < 2_000);
  });

  it('are two for each field, also inside of maps', () => {
    assert.ok(isStored(inFields(20_000)));
    assert.ok(!isStored(inFields(20_001)));
    assert.ok(isStored(new Map([['m', mapValue(inFields(19_999))]])));
    assert.ok(!isStored(new Map([['m', mapValue(inFields(20_000))]])));
  });

  it('are none for a field that is exempted', () => {
    const exempted = { collectionGroup: 'things', fieldPath: 'a', indexes: [] };
    assert.ok(
      isStored(new Map([['a', numbers(30_000)]]), parseIndexFile(JSON.stringify({ fieldOverrides: [exempted] }))),
    );
  });

  it('are one more for each element in an index of several fields', () => {
    const joint = {
      collectionGroup: 'things',
      queryScope: 'COLLECTION',
      fields: [
        { fieldPath: 'a', arrayConfig: 'CONTAINS' },
        { fieldPath: 'n', order: 'ASCENDING' },
      ],
    };
    const definitions = parseIndexFile(JSON.stringify({ indexes: [joint] }));
    const fields = (count: number): Fields =>
      new Map([
        ['a', numbers(count)],
        ['n', integerValue(1n)],
      ]);
    assert.ok(isStored(fields(13_332), definitions));
    assert.ok(!isStored(fields(13_333), definitions));
    assert.ok(isStored(new Map([['a', numbers(19_999)]]), definitions));
  });
});

describe('writes over the limits of production', () => {
  async function statusOf(path: string, elements: number): Promise<number> {
    const server = await startServer();
    const values = Array.from({ length: elements }, (_, i) => ({ integerValue: String(i) }));
    const body = JSON.stringify({ fields: { a: { arrayValue: { values } } } });
    const { status } = await rest(server.port, 'PATCH', `/v1/projects/demo-x/databases/(default)/documents/${path}`, {
      body,
    });
    await server.close();
    return status;
  }

  it('refuse a document with more than 40,000 index entries', async () => {
    assert.equal(await statusOf('things/a', 19_999), 200);
    assert.equal(await statusOf('things/a', 20_000), 400);
  });

  it('refuse a document below 101 collections', async () => {
    assert.equal(await statusOf('c/d/'.repeat(100).slice(0, -1), 1), 200);
    assert.equal(await statusOf('c/d/'.repeat(101).slice(0, -1), 1), 400);
  });
});
