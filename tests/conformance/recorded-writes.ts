import { FieldTransform, Write } from '#emulator/protocol/documents.js';
import { integerValue, type Value } from '#emulator/values/value.js';

/** A write in the recordings' short form: paths without their database, and at most the number field `n`. */
export interface RecordedWrite {
  update?: string;
  delete?: string;
  verify?: string;
  n?: number;
  exists?: boolean;
  /** Adds the reserved field `__x__`. */
  reserved?: boolean;
  mask?: string[];
  increment?: string;
  serverTime?: string;
}

export function toWrite(database: string, write: RecordedWrite): Write {
  const name = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : `${database}/documents/${path}`;
  const update = name(write.update);
  return Write.make({
    update:
      update === undefined
        ? undefined
        : { name: update, fields: fieldsOf(write), createTime: undefined, updateTime: undefined },
    delete: name(write.delete),
    verify: name(write.verify),
    updateMask: write.mask && { fieldPaths: write.mask },
    currentDocument: write.exists === undefined ? undefined : { exists: write.exists, updateTime: undefined },
    updateTransforms: [
      ...(write.increment === undefined
        ? []
        : [FieldTransform.make({ fieldPath: write.increment, increment: integerValue(1) })]),
      ...(write.serverTime === undefined
        ? []
        : [FieldTransform.make({ fieldPath: write.serverTime, setToServerValue: 'REQUEST_TIME' })]),
    ],
  });
}

function fieldsOf(write: RecordedWrite): Map<string, Value> {
  const fields = new Map<string, Value>();
  if (write.n !== undefined) fields.set('n', integerValue(write.n));
  if (write.reserved) fields.set('__x__', integerValue(1));
  return fields;
}

const HALF_SECOND_MS = 500;

/** Seconds since a start, rounded to halves, as in the recordings. */
export function elapsedSince(startMs: number): number {
  return Math.round((performance.now() - startMs) / HALF_SECOND_MS) / 2;
}
