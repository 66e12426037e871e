import {
  DENIED_IF_MISSING,
  DOCUMENT_READS,
  isParameter,
  QUERY_READS,
  type DocumentRead,
  type Parameter,
  type QueryRead,
  type Reader,
} from '#functions/contract/reads.js';
import { toStaffKey } from '#functions/core/staff-key.js';
import { toAccountId } from '#functions/ledger/model/account-id.js';
import { uidOf, type Attempt, type Persona, type Query } from './support/attempt.js';
import { itAllows, itRefuses } from './support/expectations.js';

/** Who reads, and someone beside whom the rules refuse. */
const READERS: Readonly<Record<Reader, readonly [reads: Persona, refused: Persona | null]>> = {
  user: ['customer', 'otherCustomer'],
  staff: ['kitchen', 'otherManager'],
  manager: ['manager', 'kitchen'],
  courier: ['courier', 'customer'],
  operator: ['operator', 'customer'],
  'anyone signed in': ['newcomer', 'anonymous'],
  anyone: ['anonymous', null],
};

/** The documents of the test city that fill in the parameters. */
const IDS: Readonly<Record<string, string>> = {
  orderId: 'delivery-picked_up',
  restaurantId: 'luigi',
  zoneId: 'centre',
  appId: 'courier-android',
  applicationId: 'casa-ana',
  fromDay: '2026-03-01',
};

/** Documents of the test city to which the ids above do not lead. */
const PATHS: ReadonlyMap<string, string> = new Map([
  ['position', 'couriers/cora/live/delivery-picked_up'],
  ['command', 'orders/cancel-asked/commands/ana-command-1'],
]);

function valueOf(reader: Persona, { parameter, type }: Pick<Parameter, 'parameter' | 'type'>): string | Date | number {
  const uid = uidOf(reader);
  if (type === 'staffKey') return toStaffKey(uid);
  if (type === 'accountId' || parameter === 'accountId') return toAccountId(uid);
  if (type === 'time') return parameter === 'sinceMs' ? new Date(0) : 0;
  return parameter === 'uid' ? uid : (IDS[parameter] ?? `unknown-${parameter}`);
}

const fill = (path: string, reader: Persona): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => String(valueOf(reader, { parameter, type: 'id' })));

/** The path of a document that does not exist, with an owner's id for `uid`. */
const toMissing = ({ document }: DocumentRead, owner: Persona): string =>
  document.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => (parameter === 'uid' ? uidOf(owner) : 'missing'));

/** The query with the parameters of its reader, made by any persona. */
function asAttempt(as: Persona, read: QueryRead): Attempt {
  const [reader] = READERS[read.reader];
  const where: NonNullable<Query['where']> = read.where.map(([field, operator, value]) => [
    field,
    operator,
    isParameter(value) ? valueOf(reader, value) : (value ?? ''),
  ]);
  const order = read.orderBy && { orderBy: read.orderBy[0], descending: read.orderBy[1] === 'desc' };
  const path = fill(read.of.slice(0, read.of.lastIndexOf('/')), reader);
  return { as, op: 'list', path, query: { where, ...order, limit: read.limit } };
}

describe('rules: the queries of the apps', () => {
  for (const [name, read] of Object.entries<QueryRead>(QUERY_READS)) {
    const [reader, other] = READERS[read.reader];
    const attempt = asAttempt(reader, read);
    itAllows(`${name}: ${read.description}`, attempt);
    if (other) itRefuses(`${name} to another`, asAttempt(other, read));
    itRefuses(`${name} without a limit`, { ...attempt, query: { ...attempt.query, limit: null } });
    itAllows(`fifty documents of ${name}, which a count asks for`, {
      ...attempt,
      query: { ...attempt.query, limit: 50 },
    });
    itRefuses(`51 documents of ${name}`, { ...attempt, query: { ...attempt.query, limit: 51 } });
  }
});

describe('rules: the documents of the apps', () => {
  for (const [name, read] of Object.entries<DocumentRead>(DOCUMENT_READS)) {
    const [reader, other] = READERS[read.reader];
    const path = PATHS.get(name) ?? fill(read.document, reader);
    itAllows(`${name}: ${read.description}`, { as: reader, op: 'get', path });
    if (other) itRefuses(`${name} to another`, { as: other, op: 'get', path });
    const missing: Attempt = { as: reader, op: 'get', path: toMissing(read, name === 'position' ? 'courier' : reader) };
    // Other paths end with the reader's own id or with a name.
    if (!missing.path.endsWith('/missing')) continue;
    if (DENIED_IF_MISSING.some((one) => one === name)) itRefuses(`${name} where it does not exist`, missing);
    else itAllows(`${name} where it does not exist`, missing);
  }
});
