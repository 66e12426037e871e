import { toDigest } from '../../core/digest.js';
import { lookUp } from '../../core/look-up.js';
import { pseudonymize, type Person } from './person.js';
import type { PersonalDataEntry } from './registry.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Decides whether a document is the person's own: by a registered field that contains the uid, by an id that is the
 * uid, or by the verified e-mail address that it is for. Other values that a client chose never make a document a
 * person's own.
 */
export function isOwn(holding: PersonalDataEntry, path: string, data: Fields, person: Person): boolean {
  const { uid } = person;
  const byField = holding.fields?.some((field) => valueAt(data, field) === uid) ?? false;
  const at = holding.path.split('/').indexOf('{uid}');
  return byField || (at >= 0 && path.split('/')[at] === uid) || isAddressed(holding, data, person);
}

/**
 * Decides whether the erasure deletes a document: one of the person's own that does not have to stay. An earlier run may
 * have replaced the uid in a document for which the registry has a condition.
 */
export function isDeleted(holding: PersonalDataEntry, path: string, data: Fields, person: Person): boolean {
  const { erased, keptIf } = holding;
  if (!keptIf) return erased === 'deleted' && isOwn(holding, path, data, person);
  if (valueAt(data, keptIf.field) === keptIf.value) return false;
  return [person.uid, person.namelessId].some((uid) => isOwn(holding, path, data, { ...person, uid }));
}

/** True where a registered field contains the person's verified e-mail address. */
export function isAddressed({ mentions = [] }: PersonalDataEntry, data: Fields, { digests }: Person): boolean {
  const addresses = mentions.filter(({ by }) => by === 'email').map(({ field }) => valueAt(data, field));
  return addresses.some((one) => typeof one === 'string' && digests.has(toDigest(one.toLowerCase())));
}

/**
 * Returns the id without the person's uid, for a document whose registered field says that the id was derived from that
 * uid. The id of every other document stays: it does not belong to the person. So does that of a payment under way,
 * whose id the provider uses, until a later run.
 */
export function removeUidFromId(holding: PersonalDataEntry, id: string, data: Fields, person: Person): string {
  const { idOf } = holding;
  if (idOf === undefined || data['status'] === 'pending') return id;
  const isOfPerson = idOf === '*' || [person.uid, person.namelessId].some((one) => valueAt(data, idOf) === one);
  return isOfPerson ? String(pseudonymize(id, person)) : id;
}

/** Reads a nested field, such as `to.uid`. */
const valueAt = (data: Fields, field: string): unknown =>
  field.split('.').reduce<unknown>((value, name) => lookUp(asFields(value), name), data);

/** Returns the fields of a map; none for any other value. */
export const asFields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {});
