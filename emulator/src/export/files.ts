import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Micros } from '../values/time.js';
import { readLog, writeLog } from './record-log.js';
import { encode, messageField, textField, varintField, WireMessage } from './wire.js';

const KIND = join('all_namespaces', 'all_kinds');
const KIND_METADATA = join(KIND, 'all_namespaces_all_kinds.export_metadata');
const OUTPUT = 'output-0';
/** The first record of the overall metadata. */
const MAGIC = Buffer.from([0x33]);

/** Writes an export to the folder `target`; without entities only the overall metadata. */
export function writeExport(target: string, entities: readonly Buffer[], time: Micros): void {
  rmSync(join(target, KIND), { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const name = basename(target);
  const output = writeLog(entities);
  const kind = [
    messageField(1, [varintField(1, 2), varintField(3, 3)]),
    textField(2, KIND_METADATA),
    varintField(3, entities.length),
    varintField(4, output.length),
  ];
  const overall = encode(entities.length === 0 ? [] : [messageField(1, kind)]);
  writeFileSync(join(target, `${name}.overall_export_metadata`), writeLog([MAGIC, overall]));
  if (entities.length === 0) return;
  mkdirSync(join(target, KIND), { recursive: true });
  writeFileSync(join(target, KIND, OUTPUT), output);
  const kindMetadata = [
    messageField(1, [textField(1, name), varintField(2, time), varintField(3, time)]),
    messageField(2, [textField(1, ''), textField(2, OUTPUT)]),
  ];
  writeFileSync(join(target, KIND_METADATA), encode(kindMetadata));
}

/** Reads the entities of an export, given its overall metadata file. Throws when a file is missing or damaged. */
export function readExport(metadataPath: string): Buffer[] {
  const [magic, overall] = readLog(readFileSync(metadataPath));
  if (!magic?.equals(MAGIC)) throw new Error('Invalid record');
  const folder = dirname(metadataPath);
  return WireMessage.of(overall)
    .messages(1)
    .flatMap((kind) => readKind(join(folder, kind.text(2) ?? '')));
}

function readKind(metadataPath: string): Buffer[] {
  return WireMessage.of(readFileSync(metadataPath))
    .messages(2)
    .flatMap((output) => readLog(readFileSync(join(dirname(metadataPath), output.text(2) ?? ''))));
}
