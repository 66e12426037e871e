import assert from 'node:assert/strict';
import { z } from 'zod';
import { readDocstrings } from '#local/clients/model/docstrings.js';
import { SchemaReader } from '#local/clients/model/read-schema.js';

const read = (schema: z.ZodType, source = '') => {
  const exported = new Map<z.core.$ZodType, string>();
  const reader = new SchemaReader({
    exported,
    scalars: new Map(),
    isStamp: () => false,
    docs: readDocstrings([source]),
  });
  reader.read(schema, 'Thing', 'read');
  return reader.declarations;
};
const record = (fields: z.core.$ZodShape) => z.strictObject({ inner: z.strictObject(fields) });
const union = (...texts: [string, string]) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal(texts[0]), a: z.string() }),
    z.strictObject({ type: z.literal(texts[1]), a: z.string() }),
  ]);

describe('the reader of the contract', () => {
  it('accepts texts and properties that have a name in each language', () => {
    read(record({ kind: z.enum(['too_busy', 'closing']) }));
    read(union('one', 'two'));
  });

  it('refuses texts that have no name of their own, with the path', () => {
    for (const texts of [['a_b', 'aB'], ['unknown'], [''], ['1st']] as const)
      assert.throws(
        () => read(record({ kind: z.enum(texts) })),
        /^Error: ThingInner\.kind: |^Error: Thing\.inner\.kind: /,
      );
    assert.throws(() => read(union('one', 'unknown')), /^Error: Thing: the clients declare unknown/);
  });

  it('refuses properties that are no identifiers or that the packages declare', () => {
    for (const name of ['a-b', '', 'json']) assert.throws(() => read(record({ [name]: z.string() })), /^Error: Thing/);
  });

  it('refuses literals that are not whole, and records that no tag tells apart', () => {
    read(record({ n: z.literal(1) }));
    assert.throws(
      () => read(record({ n: z.literal(1.5) })),
      /^Error: .*\.n: a client has no type for the literals 1\.5/,
    );
    const either = z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })]);
    assert.throws(() => read(record({ either })), /^Error: .*\.either: a union of records needs a tag/);
  });

  it('describes a property of a case by the comment of that case', () => {
    const source = `const CASES = [z.strictObject({ type: z.literal('two'),
        /** Of the second. */
        a: z.string() })];
      const Thing = z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('one'), a: z.string() }), ...CASES]);`;
    const thing = read(union('one', 'two'), source).get('Thing');
    assert.ok(thing?.kind === 'union');
    assert.deepEqual(
      thing.cases.map(({ shape }) => shape.fields.map(({ doc }) => doc)),
      [[''], ['Of the second.']],
    );
  });
});
