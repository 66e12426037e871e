/** JSON Schema, as far as `contract.schema.json` uses it. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly default?: unknown;
}

interface Contract {
  readonly version: string;
  readonly documents: Readonly<Record<string, Schema>>;
  readonly callables: Readonly<Record<string, { readonly input: Schema; readonly output: Schema }>>;
  readonly command: Schema;
  readonly documentReads: Readonly<Record<string, unknown>>;
  readonly queryReads: Readonly<Record<string, unknown>>;
  readonly $defs: Readonly<Record<string, Schema>>;
}

/**
 * Compares two contracts and returns the changes that break apps in use, as sentences. What the server sends may gain
 * properties, texts and cases, since packages read unknown ones; what it accepts may only grow.
 */
export function findBreakingChanges(before: Contract, after: Contract): string[] {
  const comparison = new Comparison(before, after);
  for (const [pattern, schema] of entries(before.documents))
    comparison.reads(pattern, schema, after.documents[pattern], `the document ${pattern}`);
  for (const [name, { input, output }] of entries(before.callables)) {
    const now = after.callables[name];
    comparison.sends(`${name} input`, input, now?.input, `the callable ${name}`);
    if (now) comparison.reads(`${name} output`, output, now.output, name);
  }
  comparison.sends('command', before.command, after.command, 'the command');
  for (const kind of ['documentReads', 'queryReads'] as const)
    for (const name of Object.keys(before[kind]))
      if (!(name in after[kind])) comparison.changes.push(`the read ${name} is gone`);
  return comparison.changes;
}

/** True where the major version of `after` is higher. */
export const isMajorRise = (before: Pick<Contract, 'version'>, after: Pick<Contract, 'version'>): boolean =>
  Number(after.version.split('.')[0]) > Number(before.version.split('.')[0]);

const entries = <V>(record: Readonly<Record<string, V>>): [string, V][] => Object.entries(record);

class Comparison {
  readonly changes: string[] = [];
  /** Pairs that were compared, since records contain themselves. */
  readonly #compared = new Set<string>();

  constructor(
    readonly before: Contract,
    readonly after: Contract,
  ) {}

  reads(path: string, before: Schema, after: Schema | undefined, what: string): void {
    if (!after) return void this.changes.push(`${what} is gone`);
    this.#compare(path, before, after, 'read');
  }

  sends(path: string, before: Schema, after: Schema | undefined, what: string): void {
    if (!after) return void this.changes.push(`${what} is gone`);
    this.#compare(path, before, after, 'send');
  }

  #compare(path: string, given: Schema, now: Schema, direction: 'read' | 'send'): void {
    const key = `${direction} ${given.$ref ?? path} ${now.$ref ?? path}`;
    if (this.#compared.has(key)) return;
    this.#compared.add(key);
    const [before, after] = [resolve(this.before, given), resolve(this.after, now)];
    const [known, current] = [choicesOf(this.before, before), choicesOf(this.after, after)];
    if (known.length > 1 || current.length > 1) return this.#compareChoices(path, known, current, direction);
    this.#compareTypes(path, before, after);
    if (before.properties) this.#compareProperties(path, before, after, direction);
    if (before.items && after.items) this.#compare(`${path}[]`, before.items, after.items, direction);
    if (typeof before.additionalProperties === 'object' && typeof after.additionalProperties === 'object')
      this.#compare(`${path}{}`, before.additionalProperties, after.additionalProperties, direction);
    if (direction === 'send') this.#compareBounds(path, before, after);
  }

  /** Each case that apps send must still be accepted; each that they read may disappear, and new ones are unknown. */
  #compareChoices(path: string, before: readonly Schema[], after: readonly Schema[], direction: 'read' | 'send'): void {
    for (const choice of before) {
      const same = after.find((one) => tagOf(one) === tagOf(choice));
      if (same) this.#compare(`${path} ${tagOf(choice)}`, choice, same, direction);
      else if (direction === 'send') this.changes.push(`${path} no longer accepts ${tagOf(choice)}`);
    }
    const mayBeNull = (choices: readonly Schema[]) => choices.some(({ type }) => type === 'null');
    if (direction === 'read' && mayBeNull(after) && !mayBeNull(before)) this.changes.push(`${path} may now be null`);
  }

  #compareTypes(path: string, before: Schema, after: Schema): void {
    if (before.type !== undefined && after.type !== undefined && before.type !== after.type)
      this.changes.push(`${path} was ${before.type} and is ${after.type}`);
  }

  #compareProperties(path: string, before: Schema, after: Schema, direction: 'read' | 'send'): void {
    for (const [name, property] of entries(before.properties ?? {})) {
      const now = after.properties?.[name];
      if (now) this.#compare(`${path}.${name}`, property, now, direction);
      else this.changes.push(`${path}.${name} is gone`);
      const wasThere = before.required?.includes(name) === true;
      if (direction === 'read' && now && wasThere && after.required?.includes(name) !== true)
        this.changes.push(`${path}.${name} may now be absent`);
    }
    if (direction === 'read') return;
    for (const name of after.required ?? [])
      if (before.required?.includes(name) !== true) this.changes.push(`${path}.${name} is now required`);
  }

  #compareBounds(path: string, before: Schema, after: Schema): void {
    for (const lower of ['minimum', 'minLength', 'minItems'] as const)
      if ((after[lower] ?? -Infinity) > (before[lower] ?? -Infinity))
        this.#narrowed(path, lower, before[lower], after[lower]);
    for (const upper of ['maximum', 'maxLength', 'maxItems'] as const)
      if ((after[upper] ?? Infinity) < (before[upper] ?? Infinity))
        this.#narrowed(path, upper, before[upper], after[upper]);
    if (after.pattern !== undefined && after.pattern !== before.pattern)
      this.changes.push(`${path} has another pattern`);
    const values = textsOf(after);
    const refused = values && (textsOf(before) ?? []).filter((value) => !values.includes(value));
    if (refused && refused.length > 0) this.changes.push(`${path} no longer accepts ${refused.join(', ')}`);
  }

  #narrowed(path: string, bound: string, before: number | undefined, after: number | undefined): void {
    this.changes.push(`${path}: ${bound} was ${before ?? 'none'} and is ${after ?? 'none'}`);
  }
}

const REFERENCE = '#/$defs/';

function resolve(contract: Contract, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  return contract.$defs[schema.$ref.slice(REFERENCE.length)] ?? {};
}

/** The cases of a union, those of unions inside of it included; the schema itself where it is none. */
function choicesOf(contract: Contract, schema: Schema): Schema[] {
  if (Array.isArray(schema.type)) return schema.type.map((type: string) => ({ ...schema, type }));
  const choices = schema.anyOf ?? schema.oneOf;
  return choices ? choices.flatMap((one) => choicesOf(contract, resolve(contract, one))) : [schema];
}

/** What tells a case apart: its constant properties, or its type. */
function tagOf({ properties, type, enum: values }: Schema): string {
  const constants = entries(properties ?? {}).flatMap(([name, { const: value }]) =>
    value === undefined ? [] : [`${name} ${String(value)}`],
  );
  if (constants.length > 0) return constants.join(', ');
  return values ? 'text' : String(type ?? 'anything');
}

function textsOf({ enum: values, const: value }: Schema): readonly string[] | undefined {
  if (values) return values.map(String);
  return value === undefined ? undefined : [String(value)];
}
