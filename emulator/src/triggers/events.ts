import { Document, DocumentMask } from '../protocol/documents.js';
import { message, optional } from '../protocol/schema.js';
import { type Author, type Change, type StoredDocument } from '../store/document.js';
import { identical } from '../values/compare.js';
import { formatFieldPath } from '../values/field-path.js';
import { type DatabaseName } from '../values/names.js';
import { formatTimestamp, type Micros, toTimestamp } from '../values/time.js';
import { type Fields } from '../values/value.js';
import { getKind, type Trigger } from './registry.js';

/** A request to the functions emulator. */
export interface EventPost {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A committed change that is delivered to the functions that match it. */
export interface ChangeEvent {
  readonly id: string;
  readonly database: DatabaseName;
  readonly change: Change;
  readonly time: Micros;
  readonly author: Author;
}

/** google.events.cloud.firestore.v1.DocumentEventData; its messages have the field numbers of Firestore's own. */
interface DocumentEventData {
  value: Document | undefined;
  oldValue: Document | undefined;
  updateMask: DocumentMask | undefined;
}
export const DocumentEventData = message<DocumentEventData>(
  () => ({ value: undefined, oldValue: undefined, updateMask: undefined }),
  () => ({ value: optional(1, Document), oldValue: optional(2, Document), updateMask: optional(3, DocumentMask) }),
);

/** Creates the request that delivers a change to a function, in the format of its generation. */
export function eventPost(trigger: Trigger, event: ChangeEvent): EventPost {
  return trigger.generation === 1 ? gen1Post(trigger, event) : gen2Post(trigger, event);
}

function eventDocument(document: StoredDocument | undefined): Document | undefined {
  if (!document) return undefined;
  const { name, fields, createTime, updateTime } = document;
  return { name, fields, createTime: toTimestamp(createTime), updateTime: toTimestamp(updateTime) };
}

function gen1Post(trigger: Trigger, { id, change, time }: ChangeEvent): EventPost {
  const value = eventDocument(change.after);
  const oldValue = eventDocument(change.before);
  const data = {
    value: value ? Document.toJson(value) : {},
    oldValue: oldValue ? Document.toJson(oldValue) : {},
    ...(getKind(change) === 'update' ? { updateMask: DocumentMask.toJson(updateMask(change)) } : {}),
  };
  const context = {
    eventId: id,
    timestamp: formatTimestamp(toTimestamp(time)),
    eventType: trigger.eventType,
    resource: { name: change.name, service: 'firestore.googleapis.com' },
  };
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ data, context }) };
}

/**
 * Creates a binary CloudEvent. Only its body is base64 text, which the functions emulator decodes before it passes the
 * bytes on.
 */
function gen2Post(trigger: Trigger, event: ChangeEvent): EventPost {
  const { id, database, change, time, author } = event;
  const path = change.segments.map(headerValue).join('/');
  const data = DocumentEventData.make({
    value: eventDocument(change.after),
    oldValue: eventDocument(change.before),
    updateMask: getKind(change) === 'update' ? updateMask(change) : undefined,
  });
  const headers = {
    'Content-Type': 'application/protobuf',
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-type': trigger.eventType,
    'ce-source': `//firestore.googleapis.com/${database.name}`,
    'ce-subject': `documents/${path}`,
    'ce-time': formatTimestamp(toTimestamp(time)),
    'ce-project': database.project,
    'ce-database': database.database,
    'ce-namespace': '(default)',
    'ce-document': path,
    'ce-location': 'nam5',
    ...(trigger.eventType.endsWith('.withAuthContext') ? authHeaders(author) : {}),
  };
  return { headers, body: DocumentEventData.encode(data).toString('base64') };
}

function authHeaders(author: Author): Record<string, string> {
  return { 'ce-authtype': author.type, ...(author.id === undefined ? {} : { 'ce-authid': headerValue(author.id) }) };
}

/**
 * Percent-encodes spaces, double quotes, percent signs and all characters other than printable ASCII;
 * firebase-functions decodes them. Source: CloudEvents 1.0, HTTP protocol binding, section 3.1.3.2.
 */
function headerValue(text: string): string {
  return text.replace(/[^\x21\x23\x24\x26-\x7e]+/g, encodeURIComponent);
}

/** Lists the paths at which the two sides differ, down to the deepest maps that both have. */
function updateMask({ before, after }: Change): DocumentMask {
  return { fieldPaths: differingPaths(before?.fields ?? new Map(), after?.fields ?? new Map(), []) };
}

function differingPaths(before: Fields, after: Fields, prefix: readonly string[]): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const old = before.get(key);
    const fresh = after.get(key);
    if (old && fresh && identical(old, fresh)) return [];
    if (old?.kind === 'map' && fresh?.kind === 'map') return differingPaths(old.fields, fresh.fields, [...prefix, key]);
    return [formatFieldPath([...prefix, key])];
  });
}
