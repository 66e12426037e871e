import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CALLABLES, type CallableName } from '../../../../functions/src/calls/callables.js';
import { Device } from '../../../../functions/src/contract/accounts.js';
import { SavedAddress } from '../../../../functions/src/contract/app-documents.js';
import { CommandStep } from '../../../../functions/src/contract/commands.js';
import { EpochMs, Minor, NonNegativeMinor, Stamp } from '../../../../functions/src/contract/common.js';
import {
  DENIED_IF_MISSING,
  DOCUMENT_READS,
  QUERY_READS,
  READABLE,
  type DocumentRead,
  type ReadablePattern,
} from '../../../../functions/src/contract/reads.js';
import { CartLine, MenuDraft } from '../../../../functions/src/contract/restaurants.js';
import { COMMON_REASONS, REASONS } from '../../../../functions/src/core/errors.js';
import { describeAudience } from '../../audience.js';
import { lookUp } from '../../../../functions/src/core/look-up.js';
import { toPascal } from './names.js';
import { SchemaReader, type Sources } from './read-schema.js';
import { readDocstrings } from './docstrings.js';
import type { Declaration, Scalar } from './types.js';

const SOURCES = join(import.meta.dirname, '../../../../functions/src');
const FOLDERS = ['contract', 'calls'];

/** A callable function of the backend. */
export interface Callable {
  readonly name: CallableName;
  readonly description: string;
  readonly audience: string;
  readonly limitedUse: boolean;
  /** The names of its records. */
  readonly input: string;
  readonly output: string;
  readonly reasons: readonly string[];
}

/** A document that apps read, or write under rules. */
interface ContractDocument {
  readonly pattern: ReadablePattern;
  readonly type: string;
}

/** All that a client package has to know. */
export interface Contract {
  readonly declarations: ReadonlyMap<string, Declaration>;
  readonly documents: readonly ContractDocument[];
  readonly callables: readonly Callable[];
  readonly reasons: typeof REASONS;
  readonly commonReasons: readonly string[];
  /** With what the rules do where the document does not exist. */
  readonly documentReads: Readonly<Record<string, DocumentRead>>;
  readonly queryReads: typeof QUERY_READS;
}

/** What apps write under rules, besides ids and the server's times. */
export const WRITTEN = { Device, SavedAddress, CartLine, MenuDraft, CommandStep };

/** Reads the contract from the schemas and the sources of the functions. */
export function readContract(sources: Sources): Contract {
  const reader = new SchemaReader(sources);
  const documents = listDocuments().map((pattern) => readDocument(reader, pattern));
  const callables = CALLABLE_NAMES.map((name) => readCallable(reader, name));
  for (const [name, schema] of Object.entries(WRITTEN)) reader.read(schema, name, 'send');
  return {
    declarations: reader.declarations,
    documents,
    callables,
    reasons: REASONS,
    commonReasons: COMMON_REASONS,
    documentReads: describeDocumentReads(),
    queryReads: QUERY_READS,
  };
}

const describeDocumentReads = (): Record<string, DocumentRead> =>
  Object.fromEntries(
    Object.entries<DocumentRead>(DOCUMENT_READS).map(([name, read]) => {
      const isDenied = DENIED_IF_MISSING.some((one) => one === name);
      const description = `${read.description}${isDenied ? '. The rules deny it where it does not exist' : ''}`;
      return [name, { ...read, description }];
    }),
  );

const isCallable = (name: string): name is CallableName => name in CALLABLES;
const CALLABLE_NAMES = Object.keys(CALLABLES).filter(isCallable);

function listDocuments(): ReadablePattern[] {
  const read = [
    ...Object.values(DOCUMENT_READS).map(({ document }) => document),
    ...Object.values(QUERY_READS).map((one) => one.of),
  ];
  return [...new Set(read)].toSorted();
}

function readDocument(reader: SchemaReader, pattern: ReadablePattern): ContractDocument {
  const type = reader.read(READABLE[pattern], toPascal(pattern.replaceAll(/\{\w+\}/g, '')), 'read');
  if (type.kind !== 'named') throw new Error(`${pattern} is no record`);
  return { pattern, type: type.name };
}

function readCallable(reader: SchemaReader, name: CallableName): Callable {
  const { description, limitedUse, input, output, reasons } = CALLABLES[name];
  const inputType = reader.read(input, `${toPascal(name)}Input`, 'send');
  const outputType = reader.read(output, `${toPascal(name)}Output`, 'read');
  if (inputType.kind !== 'named' || outputType.kind !== 'named')
    throw new Error(`${name}: input and output are records`);
  return {
    name,
    description,
    audience: describeAudience(name),
    limitedUse: limitedUse ?? false,
    input: inputType.name,
    output: outputType.name,
    reasons,
  };
}

/** An order is for apps what is stored of it in plain; an operator alone reads the whole of it. */
const RENAMED = {
  OrderDocument: 'Order',
  Order: 'WholeOrder',
  OrderEvent: 'WholeOrderEvent',
  OrderFlag: 'WholeOrderFlag',
  OrderRider: 'WholeOrderRider',
  RefundDocument: 'Refund',
  Refund: 'WholeRefund',
};

/** Imports the exported schemas and reads their comments. */
export async function readSources(): Promise<Sources> {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(SOURCES, folder)).map((name) => join(SOURCES, folder, name)),
  ).filter((file) => file.endsWith('.ts'));
  const exported = new Map<z.core.$ZodType, string>();
  for (const file of files) {
    const module: Record<string, unknown> = await import(file);
    for (const [name, value] of Object.entries(module))
      if (value instanceof z.ZodType && !exported.has(value)) exported.set(value, lookUp(RENAMED, name) ?? name);
  }
  return {
    exported,
    scalars: SCALARS,
    isStamp,
    docs: readDocstrings(files.map((file) => readFileSync(file, 'utf8'))),
  };
}

const SCALARS = new Map<z.core.$ZodType, Scalar>([
  [Minor, 'minor'],
  [NonNegativeMinor, 'minor'],
  [EpochMs, 'time'],
  [Stamp, 'time'],
]);

/** True where the converter of the server stores a Timestamp: see platform/stored.ts. */
function isStamp(schema: z.core.$ZodType): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return isStamp(schema.def.innerType);
  return schema instanceof z.ZodType && schema.meta()?.['stored'] === 'timestamp';
}
