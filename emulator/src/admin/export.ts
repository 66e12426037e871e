import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Document } from '../protocol/documents.js';
import { isJsonObject, type Json } from '../protocol/schema.js';
import { type Context } from '../service/context.js';
import { type StoredDocument } from '../store/document.js';
import { type Database } from '../store/database.js';
import { parseDatabaseName, parseDocumentName } from '../values/names.js';
import { failedPrecondition, invalid } from '../values/status.js';

/** Names the format: JSON lines of documents, one file, inside the names that firebase-tools looks for. */
const FORMAT = 'documents-as-json-lines-1';
const OUTPUT = join('all_namespaces', 'all_kinds', 'output-0');

/** Writes all documents of a database to D/N: the metadata, and the documents if there are any. */
export function exportDatabase(context: Context, project: string, body: Json): void {
  const directory = option(body, 'export_directory', 'exportDirectory');
  const name = option(body, 'export_name', 'exportName');
  const database = context.store.database(
    parseDatabaseName(option(body, 'database') || `projects/${project}/databases/(default)`),
  );
  if (!existsSync(directory) || !statSync(directory).isDirectory())
    throw failedPrecondition('export_directory must be a directory');
  if (name === '' || name.includes('/')) throw new Error(`export_name "${name}" is not a file name`);
  const target = join(directory, name);
  mkdirSync(dirname(join(target, OUTPUT)), { recursive: true });
  const lines = [...database.allDocuments()].map((document) => `${JSON.stringify(exported(document))}\n`);
  writeFileSync(join(target, OUTPUT), lines.join(''));
  writeFileSync(metadataFile(target), JSON.stringify({ format: FORMAT, database: database.name.name }));
}

function exported(document: StoredDocument): Json {
  return Document.toJson({
    name: document.name,
    fields: document.fields,
    createTime: undefined,
    updateTime: undefined,
  });
}

function metadataFile(target: string): string {
  return join(target, `${target.slice(target.lastIndexOf('/') + 1)}.overall_export_metadata`);
}

/** Loads an export into a database of a project; other documents stay and no events are sent. */
export function importDatabase(context: Context, project: string, body: Json): void {
  loadExport(context, project, option(body, 'export_directory', 'exportDirectory'));
}

/** Throws when the file is no export of this program. */
export function loadExport(context: Context, project: string, metadataPath: string): void {
  const metadata: Json = JSON.parse(readFileSync(metadataPath, 'utf8'));
  if (!isJsonObject(metadata) || metadata['format'] !== FORMAT)
    throw invalid(`${metadataPath} is not an export of this emulator.`);
  const { database: databaseId } = parseDatabaseName(String(metadata['database']));
  const database = context.store.database(parseDatabaseName(`projects/${project}/databases/${databaseId}`));
  const output = join(dirname(metadataPath), OUTPUT);
  const lines = existsSync(output) ? readFileSync(output, 'utf8').split('\n') : [];
  const time = context.store.clock.next();
  database.load(lines.filter((line) => line !== '').map((line) => imported(database, line, time)));
}

/** The project's id in the data gives way to the one imported into. */
function imported(database: Database, line: string, time: number): StoredDocument {
  const json: Json = JSON.parse(line);
  const { name, fields } = Document.fromJson(json);
  const { segments } = parseDocumentName(name);
  return {
    name: `${database.name.name}/documents/${segments.join('/')}`,
    segments,
    fields,
    createTime: time,
    updateTime: time,
  };
}

function option(body: Json, ...names: string[]): string {
  if (!isJsonObject(body)) throw invalid("Payload isn't valid for request.");
  const found = names.map((name) => body[name]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : '';
}
