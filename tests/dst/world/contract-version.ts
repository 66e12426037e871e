import { UNCHANGED, type Change } from '#fixtures/in-process-firestore.js';
import { isJsonObject, type Json } from '#emulator/protocol/schema.js';

/** A field that the next version of the contract adds to each order: this version's schema refuses it. */
const NEW_FIELD = 'addedByTheNextVersion';
const ORDER = /\/documents\/orders\/[^/]+$/;

/** Changes what an instance writes and reads, where it runs another version of the contract. */
export type ContractVersion = Change;

/** The version of this repository. */
export const THIS_VERSION: ContractVersion = UNCHANGED;

/** A version that writes one more field into each order, and knows it. Everything else is as in this version. */
export const NEXT_VERSION: ContractVersion = {
  write: (request) => addField(request),
  read: (answer) => removeField(answer),
};

function addField(request: Json): Json {
  if (!isJsonObject(request) || !Array.isArray(request['writes'])) return request;
  return { ...request, writes: request['writes'].map(addToWrite) };
}

function addToWrite(write: Json): Json {
  if (!isJsonObject(write)) return write;
  const { update, updateMask } = write;
  if (!isOrder(update)) return write;
  const fields = { ...Object(update['fields']), [NEW_FIELD]: { booleanValue: true } };
  if (!isJsonObject(updateMask)) return { ...write, update: { ...update, fields } };
  const { fieldPaths } = updateMask;
  const paths = Array.isArray(fieldPaths) ? fieldPaths : [];
  return { ...write, update: { ...update, fields }, updateMask: { ...updateMask, fieldPaths: [...paths, NEW_FIELD] } };
}

/** A read answers with `found` or `document`, a query of this version with the same documents. */
function removeField(answer: Json): Json {
  if (!isJsonObject(answer)) return answer;
  const { found, document } = answer;
  if (isOrder(found)) return { ...answer, found: withoutField(found) };
  return isOrder(document) ? { ...answer, document: withoutField(document) } : answer;
}

const isOrder = (document: Json | undefined): document is { readonly [key: string]: Json } =>
  isJsonObject(document) && typeof document['name'] === 'string' && ORDER.test(document['name']);

function withoutField(document: { readonly [key: string]: Json }): Json {
  const { fields } = document;
  if (!isJsonObject(fields)) return document;
  const { [NEW_FIELD]: _, ...others } = fields;
  return { ...document, fields: others };
}

/** Returns plain fields of an order without the next version's field. */
export function toThisVersion(fields: Record<string, unknown>): Record<string, unknown> {
  const { [NEW_FIELD]: _, ...others } = fields;
  return others;
}
