import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { decodeEntity, encodeEntity } from '../export/entities.js';
import { readExport, writeExport } from '../export/files.js';
import { isJsonObject, type Json } from '../protocol/schema.js';
import { type Context } from '../service/context.js';
import { parseDatabaseName } from '../values/names.js';
import { failedPrecondition, invalid } from '../values/status.js';

/** Writes all documents of a database to export_directory/export_name, in the official emulator's format. */
export function exportDatabase(context: Context, project: string, body: Json): void {
  const directory = option(body, 'export_directory', 'exportDirectory');
  const name = option(body, 'export_name', 'exportName');
  const database = context.store.database(
    parseDatabaseName(option(body, 'database') || `projects/${project}/databases/(default)`),
  );
  if (!existsSync(directory) || !statSync(directory).isDirectory())
    throw failedPrecondition('export_directory must be a directory');
  if (name === '' || name.includes('/')) throw new Error(`export_name "${name}" is not a file name`);
  const entities = [...database.allDocuments()].map((document) => encodeEntity(database.name, document));
  writeExport(join(directory, name), entities, database.clock.current());
}

/** Loads an export into a database of a project. Other documents stay, and no events are sent. */
export function importDatabase(context: Context, project: string, body: Json): void {
  const { database } = parseDatabaseName(option(body, 'database') || `projects/${project}/databases/(default)`);
  loadExport(context, project, option(body, 'export_directory', 'exportDirectory'), database);
}

/** Loads the documents of one database id from an export of any project. Throws for a missing or damaged file. */
export function loadExport(context: Context, project: string, metadataPath: string, databaseId = '(default)'): void {
  const entities = readExport(metadataPath);
  const database = context.store.database(parseDatabaseName(`projects/${project}/databases/${databaseId}`));
  const time = context.store.clock.next();
  database.load(entities.flatMap((entity) => decodeEntity(entity, database.name, time) ?? []));
}

function option(body: Json, ...names: string[]): string {
  if (!isJsonObject(body)) throw invalid("Payload isn't valid for request.");
  const found = names.map((name) => body[name]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : '';
}
