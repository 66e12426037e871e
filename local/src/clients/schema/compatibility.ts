import { isEqual, SchemaComparison, type Definitions, type Schema } from './compare-schemas.js';

interface Callable {
  readonly input: Schema;
  readonly output: Schema;
}

interface Reason {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Read {
  readonly limit?: number;
}

/** `contract.schema.json`. Absent parts are those of an earlier version of this file. */
export interface ComparedContract {
  readonly version: string;
  readonly documents: Readonly<Record<string, Schema>>;
  readonly callables: Readonly<Record<string, Callable>>;
  readonly command: Schema;
  readonly push?: Schema;
  readonly written?: Readonly<Record<string, Schema>>;
  readonly reasons?: Readonly<Record<string, Reason>>;
  readonly documentReads: Readonly<Record<string, object>>;
  readonly queryReads: Readonly<Record<string, Read>>;
  readonly $defs: Definitions;
}

/** Compares two contracts and returns the changes that break apps in use, as sentences. */
export function findBreakingChanges(before: ComparedContract, after: ComparedContract): string[] {
  const schemas = new SchemaComparison(before.$defs, after.$defs);
  const gone = listGone(schemas, before, after);
  return [...gone, ...schemas.changes, ...compareReasons(before, after), ...compareReads(before, after)];
}

/** True where the major version of `after` is higher. */
export const isMajorRise = (
  before: Pick<ComparedContract, 'version'>,
  after: Pick<ComparedContract, 'version'>,
): boolean => Number(after.version.split('.')[0]) > Number(before.version.split('.')[0]);

interface Pair {
  what: string;
  path: string;
  was: Schema;
  now: Schema | undefined;
  direction: 'read' | 'send';
}

/** Compares every schema, and returns what is gone. */
function listGone(schemas: SchemaComparison, before: ComparedContract, after: ComparedContract): string[] {
  const callables = Object.entries(before.callables);
  const pairs: Pair[] = [
    ...Object.entries(before.documents).map(([name, was]): Pair => {
      return { what: `the document ${name}`, path: name, was, now: after.documents[name], direction: 'read' };
    }),
    ...callables.map(([name, { input: was }]): Pair => {
      const now = after.callables[name]?.input;
      return { what: `the callable ${name}`, path: `${name} input`, was, now, direction: 'send' };
    }),
    ...callables.map(([name, { output: was }]): Pair => {
      const now = after.callables[name]?.output;
      return { what: `the callable ${name}`, path: `${name} output`, was, now, direction: 'read' };
    }),
    ...Object.entries(before.written ?? {}).map(([name, was]): Pair => {
      return { what: `${name}, which apps write,`, path: name, was, now: after.written?.[name], direction: 'send' };
    }),
    { what: 'the command', path: 'command', was: before.command, now: after.command, direction: 'send' },
    ...(before.push
      ? [{ what: 'the push', path: 'push', was: before.push, now: after.push, direction: 'read' } as const]
      : []),
  ];
  const gone = new Set<string>();
  for (const { what, path, was, now, direction } of pairs)
    if (now) schemas.compare(path, was, now, direction);
    else gone.add(`${what} is gone`);
  return [...gone];
}

/** An app tells refusals apart by their reasons, and reads the facts in them. */
function compareReasons(
  { reasons: before = {} }: ComparedContract,
  { reasons: after = {} }: ComparedContract,
): string[] {
  return Object.entries(before).flatMap(([reason, was]) => {
    const now = after[reason];
    if (!now) return [`the reason ${reason} is gone`];
    const facts = Object.entries(was.details).filter(([name, type]) => !isEqual(now.details[name], type));
    return [
      ...(now.code === was.code ? [] : [`the reason ${reason} had the code ${was.code} and has ${now.code}`]),
      ...facts.map(([name]) => `the fact ${name} of the reason ${reason} is gone or of another type`),
    ];
  });
}

/** Rules prove a query by its conditions: an app in use makes the query of its own version. */
function compareReads(before: ComparedContract, after: ComparedContract): string[] {
  const documents = Object.entries(before.documentReads).map(
    ([name, was]) => [name, was, after.documentReads[name]] as const,
  );
  const queries = Object.entries(before.queryReads).map(([name, was]) => [name, was, after.queryReads[name]] as const);
  return [
    ...[...documents, ...queries].flatMap(([name, was, now]) => {
      if (!now) return [`the read ${name} is gone`];
      return isEqual(toCompared(was), toCompared(now)) ? [] : [`the read ${name} is another one`];
    }),
    ...queries.flatMap(([name, was, now]) =>
      (now?.limit ?? Infinity) < (was.limit ?? Infinity) ? [`the read ${name} has a lower limit`] : [],
    ),
  ];
}

/** All of a read but its words and its limit, which may rise. */
const toCompared = (read: object): object => ({ ...read, description: undefined, reader: undefined, limit: undefined });
