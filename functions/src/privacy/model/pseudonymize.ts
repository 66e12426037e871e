import { toStaffKey } from '../../core/staff-key.js';
import { lookUp } from '../../core/look-up.js';
import { asFields } from './own.js';
import { identifies, pseudonymize, type Person } from './person.js';
import { NAMELESS } from '../../contract/privacy.js';

type Fields = Readonly<Record<string, unknown>>;
type Changes = Record<string, unknown>;

/**
 * The content that an erasure removes of a document besides the uid: the person's own texts, and entries that are
 * useless under a pseudonym. By the document's path as in registry.ts; idempotent.
 */
const REMOVALS: Readonly<Record<string, (data: Fields, person: Person) => Changes>> = {
  'orders/{orderId}': (data, { uid }) => ({
    ...(data['customerId'] === uid && {
      customerName: NAMELESS,
      lines: asList(data['lines']).map(withoutNote),
      events: asList(data['events']).map(withoutOwnReason),
    }),
    ...(data['courierId'] === uid && { courierName: NAMELESS }),
  }),
  'orders/{orderId}/claims/{id}': (data, { uid }) =>
    data['customerId'] === uid ? { text: NAMELESS, photoPath: null } : {},
  'reports/{id}': (data, { uid }) => (data['authorId'] === uid ? { appeal: null } : {}),
  'quotes/{id}': (data, { uid }) =>
    data['customerId'] !== uid
      ? {}
      : {
          dropOff: null,
          lines: asList(data['lines']).map(withoutNote),
          'pricing.lines': asList(asFields(data['pricing'])['lines']).map(withoutNote),
        },
  'merchantApplications/{id}': (data, { uid }) => (data['ownerId'] === uid ? { ownerName: NAMELESS } : {}),
  'signals/{id}': (data, { uid }) => without(data, ['accounts'], uid),
  'links/{uid}': (data, { uid }) => without(data, ['linked', 'neighbours'], uid),
  'couriers/{uid}': (data, { uid }) => without(data, ['linked'], toStaffKey(uid)),
};

/** The paths, as in registry.ts, of which more than the uid is removed. */
export const REDUCED_PATHS = Object.keys(REMOVALS);

/**
 * Computes the changes of a document's fields, at a registered path, after which it no longer names the person. Empty
 * where it does not name the person.
 */
export function computeRemovals(path: string, data: Fields, person: Person): Changes {
  const removed = (lookUp(REMOVALS, path) ?? (() => ({})))(data, person);
  const replaced = Object.keys(removed).map((name) => name.split('.')[0]);
  const others = Object.entries(data).filter(
    ([name, value]) => !replaced.includes(name) && identifies(value, person, name),
  );
  const changes = { ...Object.fromEntries(others), ...removed };
  return Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, pseudonymize(value, person, name)]));
}

/** Removes an entry from lists; empty where no list contains it. */
function without(data: Fields, names: readonly string[], entry: string): Changes {
  return Object.fromEntries(
    names.flatMap((name) => {
      const list = lookUp(data, name);
      return Array.isArray(list) && list.includes(entry) ? [[name, list.filter((one) => one !== entry)]] : [];
    }),
  );
}

/** Removes the customer's own text. Reasons of other users belong to them; that of an answer is the answer itself. */
function withoutOwnReason({ reason, ...event }: Fields): Fields {
  const isOwnText = event['by'] === 'customer' && event['action'] !== 'answerEdit';
  return reason === undefined || isOwnText ? event : { ...event, reason };
}

function withoutNote({ note: _, ...line }: Fields): Fields {
  return line;
}

function asList(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(asFields) : [];
}
