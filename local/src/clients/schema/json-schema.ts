import { z } from 'zod';
import { CALLABLES } from '../../../../functions/src/calls/callables.js';
import { CommandRequest } from '../../../../functions/src/contract/commands.js';
import { DOCUMENT_READS, QUERY_READS, READABLE } from '../../../../functions/src/contract/reads.js';
import { Push } from '../../../../functions/src/contract/notifications.js';
import { CONTRACT_VERSION } from '../../../../functions/src/contract/version.js';
import { ERROR_DETAILS } from '../../../../functions/src/core/error-details.js';
import { COMMON_REASONS, REASONS } from '../../../../functions/src/core/errors.js';
import { WRITTEN } from '../model/contract.js';
import { toPascal } from '../model/names.js';
import type { Sources } from '../model/read-schema.js';
import type { Direction } from '../model/types.js';

type JsonSchema = z.core.JSONSchema.BaseSchema;
type Definitions = Record<string, JsonSchema>;

/** What `clients/contract.schema.json` holds. References lead to `$defs`. */
export interface ContractSchema {
  readonly $schema: string;
  readonly title: string;
  /** The version of the contract. */
  readonly version: string;
  readonly documents: Readonly<Record<string, JsonSchema>>;
  readonly callables: Readonly<
    Record<
      string,
      {
        readonly input: JsonSchema;
        readonly output: JsonSchema;
        /** True where a call needs an App Check token for one use. */
        readonly limitedUse: boolean;
        readonly reasons: readonly string[];
      }
    >
  >;
  readonly command: JsonSchema;
  readonly push: JsonSchema;
  /** What apps write under rules, besides ids and the server's times. */
  readonly written: Readonly<Record<string, JsonSchema>>;
  readonly commonReasons: readonly string[];
  readonly reasons: Readonly<
    Record<string, { readonly code: string; readonly meaning: string; readonly details: object }>
  >;
  readonly documentReads: object;
  readonly queryReads: object;
  readonly $defs: Readonly<Record<string, JsonSchema>>;
}

/**
 * Renders the contract as JSON Schema: documents as they are read (a Timestamp is stated in milliseconds, with `stored`),
 * inputs as they are sent. A definition that an app sends is called `…ToSend`.
 */
export function toContractSchema(sources: Sources): ContractSchema {
  const read = new Converter(sources, 'read');
  const send = new Converter(sources, 'send');
  const documents = mapValues(READABLE, (schema, pattern) => read.reference(schema, toPascal(pattern)));
  const callables = mapValues(CALLABLES, ({ input, output, limitedUse = false, reasons }, name) => ({
    input: send.reference(input, `${toPascal(name)}Input`),
    output: read.reference(output, `${toPascal(name)}Output`),
    limitedUse,
    reasons,
  }));
  const command = send.reference(CommandRequest, 'CommandRequest');
  const push = read.reference(Push, 'Push');
  const written = mapValues(WRITTEN, (schema, name) => send.reference(schema, name));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'The contract between apps and the backend',
    version: CONTRACT_VERSION,
    documents,
    callables,
    command,
    push,
    written,
    commonReasons: COMMON_REASONS,
    reasons: mapValues(REASONS, ({ code, meaning }, reason) => ({ code, meaning, details: DETAILS.get(reason) ?? {} })),
    documentReads: DOCUMENT_READS,
    queryReads: QUERY_READS,
    $defs: { ...read.definitions(), ...send.definitions() },
  };
}

const DETAILS = new Map<string, object>(Object.entries(ERROR_DETAILS));

const mapValues = <V, W>(record: Readonly<Record<string, V>>, map: (value: V, key: string) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));

/** Converts schemas of one direction; exported ones become definitions. */
class Converter {
  readonly #registry = z.registry<{ id: string }>();

  constructor(
    readonly sources: Sources,
    readonly direction: Direction,
  ) {
    for (const [schema, name] of sources.exported)
      if (isNamed(schema)) this.#registry.add(schema, { id: this.#idOf(name) });
  }

  /** Returns a reference to the definition of a schema, which gets a name here if it has none. */
  reference(schema: z.ZodType, name: string): JsonSchema {
    const id = this.#registry.get(schema)?.id ?? this.#idOf(name);
    if (!this.#registry.has(schema)) this.#registry.add(schema, { id });
    this.#roots.add(id);
    return { $ref: toReference(id) };
  }

  readonly #roots = new Set<string>();

  /** The definitions that the references need. */
  definitions(): Definitions {
    const { schemas } = z.toJSONSchema(this.#registry, {
      uri: toReference,
      io: this.direction === 'send' ? 'input' : 'output',
      unrepresentable: 'any',
    });
    const all = new Map(
      Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, this.#describe(id, schema)]),
    );
    const needed = new Set(this.#roots);
    for (const id of needed) for (const other of referencesIn(all.get(id))) needed.add(other);
    return Object.fromEntries([...needed].toSorted().flatMap((id) => (all.has(id) ? [[id, all.get(id) ?? {}]] : [])));
  }

  /** Adds the comments of the sources to a definition and its properties. */
  #describe(id: string, schema: JsonSchema): JsonSchema {
    const name = this.direction === 'send' ? id.replace(/ToSend$/, '') : id;
    const own = this.sources.docs.get(name);
    const properties = Object.entries(schema.properties ?? {}).map(([property, value]) => {
      const text = this.sources.docs.get(`${name}.${property}`);
      return [property, text === undefined || typeof value !== 'object' ? value : { ...value, description: text }];
    });
    return {
      ...(own !== undefined && { description: own }),
      ...schema,
      ...(schema.properties && { properties: Object.fromEntries(properties) }),
    };
  }

  #idOf(name: string): string {
    return this.direction === 'send' ? `${name}ToSend` : name;
  }
}

const isNamed = (schema: z.core.$ZodType): schema is z.ZodType =>
  schema instanceof z.ZodObject || schema instanceof z.ZodUnion || schema instanceof z.ZodEnum;

const REFERENCE = '#/$defs/';
const toReference = (id: string): string => `${REFERENCE}${id}`;

function referencesIn(value: unknown): string[] {
  return [...JSON.stringify(value ?? null).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map(([, id = '']) => id);
}
