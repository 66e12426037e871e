import { type StoredDocument } from '../store/document.js';
import { type DatabaseName, formatName } from '../values/names.js';
import { documentSize } from '../values/size.js';
import { type Micros } from '../values/time.js';
import { decodeKey, encodeKey, encodePath } from './keys.js';
import { decodeProperties, encodeProperties } from './properties.js';
import { encode, messageField, WireMessage } from './wire.js';

/** Encodes a document as App Engine's EntityProto: its key, its properties, and the first element of its path. */
export function encodeEntity(database: DatabaseName, { segments, fields }: StoredDocument): Buffer {
  const key = encodeKey({ database, segments });
  return encode([
    messageField(13, key),
    ...encodeProperties(fields),
    messageField(16, encodePath(segments.slice(0, 2))),
  ]);
}

/** Decodes a document into the target database; returns undefined for a document of a database with another id. */
export function decodeEntity(record: Buffer, database: DatabaseName, time: Micros): StoredDocument | undefined {
  const entity = WireMessage.of(record);
  const key = decodeKey(WireMessage.of(entity.bytes(13)));
  if (key.database !== database.database) return undefined;
  const { segments } = key;
  const fields = decodeProperties(entity, { from: key.project, to: database.project });
  return {
    name: formatName({ database, segments }),
    segments,
    fields,
    bytes: documentSize(segments, fields),
    createTime: time,
    updateTime: time,
  };
}
