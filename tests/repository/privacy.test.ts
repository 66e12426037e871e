import assert from 'node:assert/strict';
import { z } from 'zod';
import { Uid } from '#functions/contract/common.js';
import { DOCUMENTS as STORED } from '#functions/contract/documents.js';
import { Order } from '#functions/contract/orders.js';
import { Refund } from '#functions/contract/payments.js';
import { HOLDINGS } from '#functions/privacy/model/registry.js';
import { REDUCED_PATHS } from '#functions/privacy/model/pseudonymize.js';

/** The fields of a schema that hold uids: `events.courierId` for those of each entry of a list. */
function uidFields(schema: unknown, at = ''): string[] {
  if (schema === Uid) return [at];
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, field]) =>
      uidFields(field, at === '' ? name : `${at}.${name}`),
    );
  if (schema instanceof z.ZodArray) return uidFields(schema.element, at);
  if (schema instanceof z.ZodRecord)
    return [...uidFields(schema.keyType, `${at}.*`), ...uidFields(schema.valueType, at)];
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((one) => uidFields(one, at));
  const isWrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return isWrapped ? uidFields(schema.unwrap(), at) : [];
}

/** Without the names of ids; restaurants, couriers and the platform's ledger are all owners of reviews and days. */
const bare = (path: string): string =>
  path.replaceAll(/\{\w*\}/g, '{}').replace(/^\w+\/\{\}\/(reviews|days)\//, '{}/$1/');

/**
 * True where a schema has a field. `lines.note` is one of each entry of a list, `active.*.code` of each value of a map.
 */
function hasField(schema: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  if (schema instanceof z.ZodObject) return hasOwn(schema.shape, name) && hasField(schema.shape[name], rest);
  if (schema instanceof z.ZodArray) return hasField(schema.element, [name, ...rest]);
  if (schema instanceof z.ZodRecord) return name === '*' && hasField(schema.valueType, rest);
  if (schema instanceof z.ZodUnion) return schema.options.some((one) => hasField(one, [name, ...rest]));
  const isWrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return isWrapped && hasField(schema.unwrap(), [name, ...rest]);
}

/** As an erasure and an export read them: with the sealed fields of an order and a refund. */
const DOCUMENTS = { ...STORED, 'orders/{orderId}': Order, 'orders/{orderId}/refunds/{refundId}': Refund };

const hasOwn = (shape: object, name: string): boolean => Object.hasOwn(shape, name);

describe('the register of personal data', () => {
  const written = new Set(Object.keys(DOCUMENTS).map(bare));
  const registered = new Set(HOLDINGS.map(({ path }) => bare(path)));

  it('has a row for every path of the database, and for no other', () => {
    assert.deepEqual(
      [...written].filter((path) => !registered.has(path)),
      [],
    );
    // Written by apps under rules alone: the server reads none of these.
    assert.deepEqual(
      [...registered].filter((path) => !written.has(path)),
      ['users/{}/addresses/{}', 'users/{}/favourites/{}', 'users/{}/reads/{}'],
    );
    assert.ok(written.size > 30);
  });

  it('lists every path of which more than the identifiers is removed', () => {
    assert.deepEqual(
      REDUCED_PATHS.filter((path) => !HOLDINGS.some((one) => one.path === path)),
      [],
    );
  });

  it('finds every field that holds a uid', () => {
    const unfound = Object.entries(DOCUMENTS).flatMap(([path, schema]) => {
      const holding = HOLDINGS.find((one) => bare(one.path) === bare(path));
      const found = [
        ...(holding?.fields ?? []),
        ...(holding?.mentions ?? []).map(({ field }) => field),
        ...(holding?.found ?? []),
      ];
      return uidFields(schema)
        .filter((field) => !found.includes(field))
        .map((field) => `${path}: ${field}`);
    });
    assert.deepEqual(unfound, []);
    assert.deepEqual(uidFields(DOCUMENTS['reports/{reportId}']), [
      'content.courierId',
      'authorId',
      'reporters',
      'decision.by',
    ]);
  });

  it('lists the exported fields of each document that names other people or that only the server reads', () => {
    const named = ({ fields = [], mentions = [], found = [] }: (typeof HOLDINGS)[number]) => [
      ...fields,
      ...mentions,
      ...found,
    ];
    const whole = HOLDINGS.filter((one) => one.exported && !one.shown && named(one).length > 1).map(({ path }) => path);
    // The applicant's own papers, which the rules let the applicant read; who reviewed them is taken out.
    assert.deepEqual(whole, ['merchantApplications/{id}']);
    for (const path of ['quotes/{id}', 'couriers/{uid}']) assert.ok(HOLDINGS.find((one) => one.path === path)?.shown);
  });

  it('exports only fields that the documents have', () => {
    const schemaAt = new Map<string, unknown>(Object.entries(DOCUMENTS).map(([path, schema]) => [bare(path), schema]));
    const unknown = HOLDINGS.flatMap(({ path, shown = [] }) =>
      shown
        .filter((field) => !hasField(schemaAt.get(bare(path)), field.split('.')))
        .map((field) => `${path}: ${field}`),
    );
    assert.deepEqual(unknown, []);
    assert.ok(!hasField(DOCUMENTS['quotes/{quoteId}'], ['pricing', 'lines', 'colour']));
  });

  it('gives a reason for data that is not deleted', () => {
    const unexplained = HOLDINGS.filter(({ erased, why, fields }) => erased !== 'deleted' && !why && !fields);
    assert.deepEqual(unexplained, []);
  });
});
