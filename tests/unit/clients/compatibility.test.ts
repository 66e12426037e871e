import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSources } from '#local/clients/model/contract.js';
import { findBreakingChanges, isMajorRise, listMissingParts } from '#local/clients/schema/compatibility.js';
import { toContractSchema } from '#local/clients/schema/json-schema.js';

type Contract = Parameters<typeof findBreakingChanges>[0];

const CLIENTS = join(import.meta.dirname, '../../../clients');

/** A small contract: one document with a union, one callable. */
function aContract(change: (contract: Draft) => void = () => undefined): Contract {
  const contract = structuredClone(DRAFT);
  change(contract);
  return contract;
}

const QUANTITY = { type: 'integer', minimum: 1, maximum: 99 };

const DRAFT = {
  version: '1.2.0',
  documents: { 'orders/{orderId}': { $ref: '#/$defs/Order' } },
  callables: {
    place: { input: { $ref: '#/$defs/PlaceToSend' }, output: { $ref: '#/$defs/Order' }, limitedUse: false },
  },
  command: { type: 'object' },
  push: { $ref: '#/$defs/Order' },
  written: { Device: { $ref: '#/$defs/DeviceToSend' } },
  commonReasons: ['BUSY', 'EMPTY'],
  reasons: {
    EMPTY: { code: 'failed-precondition', details: { leastMinor: 'minor' } },
  } as Record<string, { code: string; details: Record<string, unknown> }>,
  documentReads: { order: { reader: 'user' }, menu: { reader: 'staff' } } as Record<string, object>,
  queryReads: { orders: { limit: 20 } } as Record<string, object>,
  $defs: {
    Order: {
      type: 'object',
      properties: {
        status: { type: 'string', enum: ['placed', 'ended'] },
        note: { type: ['string', 'null'] } as object,
        total: { type: 'integer', minimum: 0 },
        count: { type: 'integer', default: 0 },
        proof: {
          oneOf: [
            {
              type: 'object',
              properties: { type: { type: 'string', const: 'pin' }, pin: { type: 'string' } },
              required: ['type', 'pin'],
            },
            { type: 'object', properties: { type: { type: 'string', const: 'photo' } }, required: ['type'] },
          ],
        } as object,
        parts: { type: 'array', items: { $ref: '#/$defs/Order' } } as object,
      } as Record<string, object>,
      required: ['status', 'total', 'count'],
    },
    DeviceToSend: { type: 'object', properties: { token: { type: 'string' } }, required: ['token'] },
    PlaceToSend: {
      type: 'object',
      properties: {
        kind: { type: 'string', enum: ['delivery', 'pickup'] },
        quantity: QUANTITY,
        text: { type: 'string', maxLength: 280 },
      } as Record<string, object>,
      required: ['kind'],
    },
  },
};
type Draft = typeof DRAFT;

const changesOf = (change: (contract: Draft) => void) => findBreakingChanges(aContract(), aContract(change));

describe('the check of compatibility', () => {
  const reads: Readonly<Record<string, [(contract: Draft) => void, string]>> = {
    'a property that is gone': [({ $defs }) => delete $defs.Order.properties['total'], 'total is gone'],
    'a property that may be absent': [
      ({ $defs }) => void ($defs.Order.required = ['status', 'count']),
      'total may now be absent',
    ],
    'a property of another type': [
      ({ $defs }) => void ($defs.Order.properties['total'] = { type: 'string' }),
      'total was integer and is string',
    ],
    'a number that is stored as a Timestamp': [
      ({ $defs }) => void ($defs.Order.properties['total'] = { type: 'integer', minimum: 0, stored: 'timestamp' }),
      'total was stored as a value and is stored as timestamp',
    ],
    'another default of what is read': [
      ({ $defs }) => void ($defs.Order.properties['count'] = { type: 'integer', default: 1 }),
      'count has another default',
    ],
    'a read for fewer readers': [
      (contract) => void (contract.documentReads['order'] = { reader: 'courier' }),
      'the read order was for user and is for courier',
    ],
    'a reason that not all callables give any more': [
      (contract) => void (contract.commonReasons = ['EMPTY']),
      'the reason BUSY is no longer one of all callables',
    ],
    'a property that may be null': [
      ({ $defs }) => void ($defs.Order.properties['total'] = { type: ['integer', 'null'] }),
      'total may now be null',
    ],
    'a document that is gone': [
      (contract) => void Object.assign(contract, { documents: {} }),
      'the document orders/{orderId} is gone',
    ],
    'a query that is gone': [(contract) => void (contract.queryReads = {}), 'the read orders is gone'],
    'a query with another condition': [
      (contract) => void (contract.queryReads['orders'] = { where: [['zoneId', '==', 'a']], limit: 20 }),
      'the read orders is another one',
    ],
    'a query with a lower limit': [
      (contract) => void (contract.queryReads['orders'] = { limit: 10 }),
      'the read orders has a lower limit',
    ],
    'a property that has a default, which stored documents lack': [
      ({ $defs }) => void ($defs.Order.properties['total'] = { type: 'integer', minimum: 0, default: 0 }),
      'total may now be absent',
    ],
    'a value of any type': [
      ({ $defs }) => void ($defs.Order.properties['total'] = {}),
      'total was integer and is anything',
    ],
    'another type beside null': [
      ({ $defs }) => void ($defs.Order.properties['note'] = { type: ['integer', 'null'] }),
      'note may now be integer',
    ],
    'a union whose cases differ in another property': [
      ({ $defs }) =>
        void ($defs.Order.properties['proof'] = {
          oneOf: ['pin', 'photo'].map((kind) => ({
            type: 'object',
            properties: { kind: { type: 'string', const: kind } },
            required: ['kind'],
          })),
        }),
      'proof may now be kind pin',
    ],
    'a list that became a map': [
      ({ $defs }) => void ($defs.Order.properties['parts'] = { type: 'object', additionalProperties: {} }),
      'parts was array and is map',
    ],
    'a record that became a map': [
      (contract) => void Object.assign(contract.$defs, { Order: { type: 'object', additionalProperties: {} } }),
      'orders/{orderId} was object and is map',
    ],
    'a reason that is gone': [(contract) => void (contract.reasons = {}), 'the reason EMPTY is gone'],
    'a reason with another code': [
      ({ reasons }) => void (reasons['EMPTY'] = { code: 'not-found', details: { leastMinor: 'minor' } }),
      'the reason EMPTY had the code failed-precondition and has not-found',
    ],
    'a fact of a reason that is gone': [
      ({ reasons }) => void (reasons['EMPTY'] = { code: 'failed-precondition', details: {} }),
      'the fact leastMinor of the reason EMPTY is gone or of another type',
    ],
    'a push that is gone': [(contract) => void Object.assign(contract, { push: undefined }), 'the push is gone'],
  };
  const sends: Readonly<Record<string, [(contract: Draft) => void, string]>> = {
    'a new input that is required': [
      ({ $defs }) => void ($defs.PlaceToSend.required = ['kind', 'quantity']),
      'quantity is now required',
    ],
    'an input that is gone': [({ $defs }) => delete $defs.PlaceToSend.properties['text'], 'text is gone'],
    'a text that is no longer accepted': [
      ({ $defs }) => void ($defs.PlaceToSend.properties['kind'] = { type: 'string', enum: ['delivery'] }),
      'kind no longer accepts pickup',
    ],
    'a lower bound': [
      ({ $defs }) => void ($defs.PlaceToSend.properties['quantity'] = { type: 'integer', minimum: 1, maximum: 98 }),
      'quantity: maximum was 99 and is 98',
    ],
    'a bound that excludes': [
      ({ $defs }) => void ($defs.PlaceToSend.properties['quantity'] = { ...QUANTITY, exclusiveMinimum: 1 }),
      'quantity: exclusiveMinimum was none and is 1',
    ],
    'steps of a number': [
      ({ $defs }) => void ($defs.PlaceToSend.properties['quantity'] = { ...QUANTITY, multipleOf: 5 }),
      'quantity: multipleOf was none and is 5',
    ],
    'another default': [
      ({ $defs }) => void ($defs.PlaceToSend.properties['quantity'] = { ...QUANTITY, default: 2 }),
      'quantity has another default',
    ],
    'other properties that are no longer accepted': [
      ({ $defs }) => void Object.assign($defs.PlaceToSend, { additionalProperties: false }),
      'place input no longer accepts other properties',
    ],
    'a text of which some are no longer accepted': [
      ({ $defs }) => void ($defs.PlaceToSend.properties['text'] = { type: 'string', enum: ['a'] }),
      'text accepts only a',
    ],
    'what apps write themselves, with a new required property': [
      ({ $defs }) => void ($defs.DeviceToSend.required = ['token', 'version']),
      'Device.version is now required',
    ],
    'a callable that needs a token for one use': [
      ({ callables }) => void (callables.place.limitedUse = true),
      'the callable place now needs a limited-use token',
    ],
    'a callable that is gone': [
      (contract) => void Object.assign(contract, { callables: {} }),
      'the callable place is gone',
    ],
  };
  for (const [title, [change, sentence]] of [...Object.entries(reads), ...Object.entries(sends)])
    it(`reports ${title}`, () => {
      const changes = changesOf(change);
      assert.ok(
        changes.some((one) => one.endsWith(sentence)),
        changes.join('\n'),
      );
    });

  const harmless: Readonly<Record<string, (contract: Draft) => void>> = {
    'a new property': ({ $defs }) => void ($defs.Order.properties['later'] = { type: 'string' }),
    'a new text that the server sends': ({ $defs }) =>
      void ($defs.Order.properties['status'] = { type: 'string', enum: ['placed', 'ended', 'paused'] }),
    'a new case that the server sends': ({ $defs }) =>
      void ($defs.Order.properties['proof'] = {
        oneOf: [
          ...Reflect.get(DRAFT.$defs.Order.properties['proof'] ?? {}, 'oneOf'),
          { type: 'object', properties: { type: { type: 'string', const: 'code' } }, required: ['type'] },
        ],
      }),
    'a new optional input': ({ $defs }) => void ($defs.PlaceToSend.properties['later'] = { type: 'string' }),
    'a text that is accepted as well': ({ $defs }) =>
      void ($defs.PlaceToSend.properties['kind'] = { type: 'string', enum: ['delivery', 'pickup', 'locker'] }),
    'a higher bound': ({ $defs }) =>
      void ($defs.PlaceToSend.properties['quantity'] = { type: 'integer', minimum: 0, maximum: 100 }),
    'a read for more readers': (contract) =>
      void Object.assign(contract.documentReads, {
        order: { reader: 'anyone signed in' },
        menu: { reader: 'anyone signed in' },
      }),
    'a new reason of all callables': (contract) => void contract.commonReasons.push('LATER'),
    'a new query': (contract) => void (contract.queryReads['later'] = {}),
    'a query with a higher limit': (contract) => void (contract.queryReads['orders'] = { limit: 50 }),
    'a number beside integers that is accepted': ({ $defs }) =>
      void ($defs.PlaceToSend.properties['quantity'] = { ...QUANTITY, type: 'number' }),
    'a null that is accepted': ({ $defs }) =>
      void ($defs.PlaceToSend.properties['text'] = { anyOf: [{ type: 'string', maxLength: 280 }, { type: 'null' }] }),
    'a value that is never null any more': ({ $defs }) => void ($defs.Order.properties['note'] = { type: 'string' }),
    'a new fact of a reason': ({ reasons }) =>
      void (reasons['EMPTY'] = { code: 'failed-precondition', details: { leastMinor: 'minor', later: 'text' } }),
  };
  for (const [title, change] of Object.entries(harmless))
    it(`allows ${title}`, () => assert.deepEqual(changesOf(change), []));

  it('allows a token for one use where the earlier file does not say', () => {
    const before = aContract(({ callables }) => void Reflect.deleteProperty(callables.place, 'limitedUse'));
    const after = aContract(({ callables }) => void (callables.place.limitedUse = true));
    assert.deepEqual(findBreakingChanges(before, after), []);
  });

  it('lists the parts that an incomplete file lacks', () => {
    assert.deepEqual(listMissingParts(aContract()), []);
    const { version, $defs, callables } = aContract();
    const { place } = callables;
    assert.deepEqual(listMissingParts({ version, $defs, callables: { place: { input: place?.input } } }), [
      'documents',
      'command',
      'documentReads',
      'queryReads',
      'input or output of place',
    ]);
    for (const file of [null, 7, [], {}]) assert.equal(listMissingParts(file)[0], 'version');
  });

  it('knows a higher major version from a minor one', () => {
    assert.equal(isMajorRise({ version: '1.9.0' }, { version: '2.0.0' }), true);
    assert.equal(isMajorRise({ version: '1.9.0' }, { version: '1.10.0' }), false);
  });

  it('finds nothing against the released contract, unless the major version has risen', async () => {
    const released: Contract = JSON.parse(readFileSync(join(CLIENTS, 'released.schema.json'), 'utf8'));
    const now: Contract = JSON.parse(JSON.stringify(toContractSchema(await readSources())));
    if (!isMajorRise(released, now)) assert.deepEqual(findBreakingChanges(released, now), []);
  });
});
