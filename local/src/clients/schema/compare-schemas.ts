/** JSON Schema, as far as `contract.schema.json` uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly default?: unknown;
  /** `timestamp`: Firestore stores a Timestamp where the schema has a number. */
  readonly stored?: string;
}

export type Definitions = Readonly<Record<string, Schema>>;

/** `read`: an earlier app reads what the server sends now. `send`: the server accepts what an earlier app sends. */
type Direction = 'read' | 'send';

const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'] as const;
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'] as const;

const entries = <V>(record: Readonly<Record<string, V>> = {}): [string, V][] => Object.entries(record);

/**
 * Compares schemas before and after a change, and collects the changes that break apps in use, as sentences. What the
 * server sends may gain properties, texts and cases, since packages read unknown ones; what it accepts may only grow.
 */
export class SchemaComparison {
  readonly changes: string[] = [];
  /** Pairs that were compared, since records contain themselves. */
  readonly #compared = new Set<string>();

  constructor(
    readonly before: Definitions,
    readonly after: Definitions,
  ) {}

  compare(path: string, given: Schema, now: Schema, direction: Direction): void {
    const key = `${direction} ${given.$ref ?? path} ${now.$ref ?? path}`;
    if (this.#compared.has(key)) return;
    this.#compared.add(key);
    const [before, after] = [listChoices(this.before, given), listChoices(this.after, now)];
    const [only, onlyNow] = [before[0], after[0]];
    if (before.length === 1 && after.length === 1 && only && onlyNow)
      return this.#compareOne(path, only, onlyNow, direction);
    if (direction === 'read') this.#compareReadChoices(path, before, after);
    else this.#compareSentChoices(path, before, after);
  }

  /** A new case is unknown to an app, which is no harm where both are cases of the same property. */
  #compareReadChoices(path: string, before: readonly Schema[], after: readonly Schema[]): void {
    for (const choice of after) {
      const same = findSame(before, choice);
      if (same) this.#compareOne(withTag(path, choice), same, choice, 'read');
      else if (choice.type === 'null') this.changes.push(`${path} may now be null`);
      else if (!isCaseOf(before, choice)) this.changes.push(`${path} may now be ${toTag(choice)}`);
    }
  }

  #compareSentChoices(path: string, before: readonly Schema[], after: readonly Schema[]): void {
    for (const choice of before) {
      const same = findSame(after, choice);
      if (same) this.#compareOne(withTag(path, choice), choice, same, 'send');
      else this.changes.push(`${path} no longer accepts ${toTag(choice)}`);
    }
  }

  #compareOne(path: string, before: Schema, after: Schema, direction: Direction): void {
    const [writer, reader] = direction === 'read' ? [after, before] : [before, after];
    if (!includesType(reader, writer)) {
      this.changes.push(`${path} was ${toKind(before)} and is ${toKind(after)}`);
      return;
    }
    if (before.stored !== after.stored)
      this.changes.push(
        `${path} was stored as ${before.stored ?? 'a value'} and is stored as ${after.stored ?? 'a value'}`,
      );
    if (before.properties) this.#compareProperties(path, before, after, direction);
    if (before.items && after.items) this.compare(`${path}[]`, before.items, after.items, direction);
    if (typeof before.additionalProperties === 'object' && typeof after.additionalProperties === 'object')
      this.compare(`${path}{}`, before.additionalProperties, after.additionalProperties, direction);
    if (direction === 'send') this.#compareAccepted(path, before, after);
  }

  #compareProperties(path: string, before: Schema, after: Schema, direction: Direction): void {
    for (const [name, property] of entries(before.properties)) {
      const now = after.properties?.[name];
      if (!now) this.changes.push(`${path}.${name} is gone`);
      else {
        this.compare(`${path}.${name}`, property, now, direction);
        this.#comparePresence(`${path}.${name}`, { before, after, name, property, now }, direction);
      }
    }
    if (direction === 'read') return;
    for (const name of after.required ?? [])
      if (!isRequired(before, name)) this.changes.push(`${path}.${name} is now required`);
  }

  #comparePresence(path: string, { before, after, name, property, now }: Presence, direction: Direction): void {
    if (direction === 'send') {
      if (!isRequired(before, name) && !isEqual(property.default, now.default))
        this.changes.push(`${path} has another default`);
      return;
    }
    // Documents that were stored before lack a property that has a default now.
    const hadDefault = property.default !== undefined;
    const mayLack = !isRequired(after, name) || (now.default !== undefined && !hadDefault);
    if (isRequired(before, name) && mayLack) this.changes.push(`${path} may now be absent`);
    // An app in use reads the default of its own version where the property is absent.
    else if (hadDefault && !isEqual(property.default, now.default)) this.changes.push(`${path} has another default`);
  }

  /** What was accepted and no longer is. */
  #compareAccepted(path: string, before: Schema, after: Schema): void {
    for (const bound of LOWER)
      if ((after[bound] ?? -Infinity) > (before[bound] ?? -Infinity)) this.#narrowed(path, bound, before, after);
    for (const bound of UPPER)
      if ((after[bound] ?? Infinity) < (before[bound] ?? Infinity)) this.#narrowed(path, bound, before, after);
    if (after.multipleOf !== undefined && after.multipleOf !== before.multipleOf)
      this.#narrowed(path, 'multipleOf', before, after);
    if (after.pattern !== undefined && after.pattern !== before.pattern)
      this.changes.push(`${path} has another pattern`);
    if (after.propertyNames && !isEqual(after.propertyNames, before.propertyNames))
      this.changes.push(`${path} has other names of properties`);
    if (after.properties && after.additionalProperties === false && before.additionalProperties !== false)
      this.changes.push(`${path} no longer accepts other properties`);
    this.#compareTexts(path, before, after);
  }

  #compareTexts(path: string, before: Schema, after: Schema): void {
    const [accepted, sent] = [listTexts(after), listTexts(before)];
    if (!accepted) return;
    if (!sent) return void this.changes.push(`${path} accepts only ${accepted.join(', ')}`);
    const refused = sent.filter((text) => !accepted.includes(text));
    if (refused.length > 0) this.changes.push(`${path} no longer accepts ${refused.join(', ')}`);
  }

  #narrowed(path: string, bound: keyof Schema, before: Schema, after: Schema): void {
    this.changes.push(`${path}: ${bound} was ${String(before[bound] ?? 'none')} and is ${String(after[bound])}`);
  }
}

interface Presence {
  before: Schema;
  after: Schema;
  name: string;
  property: Schema;
  now: Schema;
}

const REFERENCE = '#/$defs/';

function resolve(definitions: Definitions, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  return definitions[schema.$ref.slice(REFERENCE.length)] ?? {};
}

/** The cases of a union, those of unions inside of it included; the schema itself where it is none. */
function listChoices(definitions: Definitions, given: Schema): Schema[] {
  const schema = resolve(definitions, given);
  if (Array.isArray(schema.type)) return schema.type.map((type: string) => ({ ...schema, type }));
  const choices = schema.anyOf ?? schema.oneOf;
  return choices ? choices.flatMap((one) => listChoices(definitions, one)) : [schema];
}

const isRequired = ({ required }: Schema, name: string): boolean => required?.includes(name) === true;

/** The properties with one text each, which tell a case from the others. */
const listConstants = ({ properties }: Schema): [name: string, value: unknown][] =>
  entries(properties).flatMap(([name, { const: value }]): [string, unknown][] =>
    value === undefined ? [] : [[name, value]],
  );

/** What tells a case apart: its constant properties, or its kind. */
function toTag(schema: Schema): string {
  const constants = listConstants(schema).map(([name, value]) => `${name} ${String(value)}`);
  return constants.length > 0 ? constants.join(', ') : toKind(schema);
}

/** The type, with a map apart from a record. */
function toKind({ type, properties, additionalProperties }: Schema): string {
  if (type === 'object' && !properties && typeof additionalProperties === 'object') return 'map';
  return String(type ?? 'anything');
}

const withTag = (path: string, choice: Schema): string => `${path} ${toTag(choice)}`;

/** Texts may differ by their patterns alone. */
const findSame = (choices: readonly Schema[], choice: Schema): Schema | undefined =>
  choices.find((one) => isEqual(one, choice)) ??
  choices.find((one) => toTag(one) === toTag(choice)) ??
  choices.find(({ type }) => type === undefined);

/** True where the case has the same distinguishing properties as the other cases. */
function isCaseOf(choices: readonly Schema[], choice: Schema): boolean {
  const names = (one: Schema) =>
    listConstants(one)
      .map(([name]) => name)
      .join();
  return names(choice) !== '' && choices.some((one) => names(one) === names(choice));
}

/** True where each value of the writer's type is one of the reader's. */
function includesType(reader: Schema, writer: Schema): boolean {
  const [wanted, given] = [toKind(reader), toKind(writer)];
  return wanted === 'anything' || wanted === given || (wanted === 'number' && given === 'integer');
}

function listTexts({ enum: values, const: value }: Schema): readonly string[] | undefined {
  if (values) return values.map(String);
  return value === undefined ? undefined : [String(value)];
}

export const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
