import { deleteField, serverTimestamp } from 'firebase/firestore';
import { rulesEnvironment, type Firestore, type RulesEnvironment } from '#fixtures/rules-environment.js';
import {
  AUTH_TIME,
  isList,
  PERSONAS,
  REMOVED,
  SERVER_TIME,
  type Attempt,
  type Data,
  type Fields,
  type Persona,
  type Query,
} from './attempt.js';
import { city } from './city.js';

type Transaction = Parameters<Parameters<Firestore['runTransaction']>[0]>[0];
type ClientQuery = ReturnType<Firestore['collectionGroup']>;

interface SeededCity {
  environment: RulesEnvironment;
  documents: ReadonlyMap<string, Fields>;
}

let seeding: Promise<SeededCity> | undefined;

function seededCity(): Promise<SeededCity> {
  return (seeding ??= seed());
}

async function seed(): Promise<SeededCity> {
  const environment = await rulesEnvironment();
  const documents = city(Date.now());
  const batch = environment.admin.batch();
  for (const [path, fields] of documents) batch.set(environment.admin.doc(path), stored(fields));
  await batch.commit();
  return { environment, documents };
}

/** True where the request is allowed. An allowed write is undone, so that each attempt meets the same documents. */
export async function isAllowed(attempt: Attempt): Promise<boolean> {
  const { environment, documents } = await seededCity();
  try {
    await ask(environment.phone(userOf(attempt.as)), attempt);
  } catch (error) {
    if (isDenial(error)) return false;
    throw error;
  }
  if (attempt.op !== 'get' && attempt.op !== 'list')
    await undo(environment.admin, attempt.path, documents.get(attempt.path));
  return true;
}

function userOf(persona: Persona): Parameters<RulesEnvironment['phone']>[0] {
  const user = PERSONAS[persona];
  return user && { uid: user.uid, claims: { ...user.claims, auth_time: AUTH_TIME } };
}

function isDenial(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'permission-denied';
}

async function undo(admin: Firestore, path: string, fields: Fields | undefined): Promise<void> {
  await (fields ? admin.doc(path).set(stored(fields)) : admin.doc(path).delete());
}

async function ask(phone: Firestore, { op, path, data = {}, query }: Attempt): Promise<unknown> {
  switch (op) {
    case 'get':
      return phone.doc(path).get({ source: 'server' });
    case 'list':
      return asQuery(phone, path, query ?? {}).get({ source: 'server' });
    case 'create':
      return commit(phone, (tx) => tx.set(phone.doc(path), stored(data)));
    case 'update':
      return commit(phone, (tx) => tx.update(phone.doc(path), stored(data)));
    case 'delete':
      return commit(phone, (tx) => tx.delete(phone.doc(path)));
  }
}

/** A transaction without reads is one commit; plain writes of one phone would wait for each other. */
function commit(phone: Firestore, write: (tx: Transaction) => unknown): Promise<void> {
  return phone.runTransaction((tx) => Promise.resolve(void write(tx)));
}

function asQuery(
  phone: Firestore,
  path: string,
  { where = [], orderBy, descending = false, limit = 50, isGroup = false }: Query,
): ClientQuery {
  let query: ClientQuery = isGroup ? phone.collectionGroup(path) : phone.collection(path);
  for (const [field, operator, value] of where) query = query.where(field, operator, value);
  if (orderBy !== undefined) query = query.orderBy(orderBy, descending ? 'desc' : 'asc');
  return limit === null ? query : query.limit(limit);
}

function stored(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, storedValue(value)]));
}

function storedValue(value: Data): unknown {
  if (value === SERVER_TIME) return serverTimestamp();
  if (value === REMOVED) return deleteField();
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return isList(value) ? value.map(storedValue) : stored(value);
}
