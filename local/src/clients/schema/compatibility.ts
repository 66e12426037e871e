import { isEqual, SchemaComparison, type Definitions, type Schema } from './compare-schemas.js';

interface Callable {
  readonly input: Schema;
  readonly output: Schema;
  readonly limitedUse?: boolean;
}

interface Reason {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Read {
  readonly reader?: string;
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
  readonly commonReasons?: readonly string[];
  readonly reasons?: Readonly<Record<string, Reason>>;
  readonly documentReads: Readonly<Record<string, Read>>;
  readonly queryReads: Readonly<Record<string, Read>>;
  readonly $defs: Definitions;
}

/** The parts that each version of the file has. */
const PARTS = ['documents', 'callables', 'command', 'documentReads', 'queryReads', '$defs'] as const;

/** Returns the parts of a contract that a parsed file lacks. */
export function listMissingParts(file: unknown): string[] {
  const parts: Readonly<Record<string, unknown>> = Object(file);
  const missing = PARTS.filter((name) => typeof parts[name] !== 'object' || parts[name] === null);
  const unreadable = Object.entries(Object(parts['callables'])).flatMap(([name, callable]) => {
    const { input, output }: Partial<Callable> = Object(callable);
    return input && output ? [] : [`input or output of ${name}`];
  });
  return [...(typeof parts['version'] === 'string' ? [] : ['version']), ...missing, ...unreadable];
}

/** Compares two contracts and returns the changes that break apps in use, as sentences. */
export function findBreakingChanges(before: ComparedContract, after: ComparedContract): string[] {
  const schemas = new SchemaComparison(before.$defs, after.$defs);
  const gone = listGone(schemas, before, after);
  return [
    ...gone,
    ...schemas.changes,
    ...compareTokens(before, after),
    ...compareReasons(before, after),
    ...compareReads(before, after),
  ];
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

/** An app in use sends a token for one use where its version says so: the server refuses any other. */
function compareTokens({ callables: before }: ComparedContract, { callables: after }: ComparedContract): string[] {
  return Object.entries(before).flatMap(([name, { limitedUse }]) =>
    limitedUse === false && after[name]?.limitedUse === true
      ? [`the callable ${name} now needs a limited-use token`]
      : [],
  );
}

/** An app tells refusals apart by their reasons, and reads the facts in them. */
function compareReasons(
  { reasons: before = {}, commonReasons: commonBefore = [] }: ComparedContract,
  { reasons: after = {}, commonReasons: commonAfter = [] }: ComparedContract,
): string[] {
  const common = commonBefore
    .filter((reason) => !commonAfter.includes(reason))
    .map((reason) => `the reason ${reason} is no longer one of all callables`);
  const own = Object.entries(before).flatMap(([reason, was]) => {
    const now = after[reason];
    if (!now) return [`the reason ${reason} is gone`];
    const facts = Object.entries(was.details).filter(([name, type]) => !isEqual(now.details[name], type));
    return [
      ...(now.code === was.code ? [] : [`the reason ${reason} had the code ${was.code} and has ${now.code}`]),
      ...facts.map(([name]) => `the fact ${name} of the reason ${reason} is gone or of another type`),
    ];
  });
  return [...common, ...own];
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
      return [
        ...(isEqual(toCompared(was), toCompared(now)) ? [] : [`the read ${name} is another one`]),
        ...(includesReader(now.reader, was.reader)
          ? []
          : [`the read ${name} was for ${was.reader ?? 'anyone'} and is for ${now.reader ?? 'anyone'}`]),
      ];
    }),
    ...queries.flatMap(([name, was, now]) =>
      (now?.limit ?? Infinity) < (was.limit ?? Infinity) ? [`the read ${name} has a lower limit`] : [],
    ),
  ];
}

/** The readers that a kind of reader includes. A user reads what is hers: no other reader's documents. */
const READERS: Readonly<Record<string, readonly string[]>> = {
  'anyone signed in': ['user', 'staff', 'manager', 'courier', 'operator'],
  anyone: ['user', 'staff', 'manager', 'courier', 'operator', 'anyone signed in'],
  staff: ['manager'],
};

/** True where those who were allowed to read still are. */
const includesReader = (now: string | undefined, was: string | undefined): boolean =>
  now === was || was === undefined || (now !== undefined && READERS[now]?.includes(was) === true);

/** All of a read but its words and its limit, which may rise. */
const toCompared = (read: object): object => ({ ...read, description: undefined, reader: undefined, limit: undefined });
