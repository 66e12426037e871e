import assert from 'node:assert/strict';
import { isJsonObject, type Json } from '#emulator/protocol/schema.js';
import { type RunningServer, startServer } from '#emulator/server.js';
import { rest } from './emulator-client.js';
import { describeRecording, itAnswers } from './recordings.js';

type Shape = [kind: string, ...rest: Json[]];
interface Recorded {
  cases: {
    name: string;
    path: (string | [string, string, number])[];
    fields: Record<string, Shape>;
    outcome: { status: number; message: string };
  }[];
}

const FILE = 'limits.json';

/** Builds the value that a shape in the recording describes. */
function valueOf([kind, first, second]: Json[]): Json {
  switch (kind) {
    case 'int':
      return { integerValue: '1' };
    case 'string':
      return { stringValue: String(second).repeat(Number(first)) };
    case 'bytes':
      return { bytesValue: Buffer.alloc(Number(first)).toString('base64') };
    case 'array':
      return { arrayValue: { values: Array.isArray(first) ? first.map((item: Json[]) => valueOf(item)) : [] } };
    case 'map':
      return { mapValue: { fields: fieldsOf(first) } };
    case 'nest':
      return nested(Number(first), second === true);
    default:
      throw new Error(`unknown shape ${String(kind)}`);
  }
}

function fieldsOf(shapes: Json | undefined): { [key: string]: Json } {
  if (!isJsonObject(shapes)) throw new Error('a map of shapes was expected');
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, valueOf(Array.isArray(shape) ? shape : [])]),
  );
}

/** This many levels of maps, or of maps and arrays alternating with an array innermost. */
function nested(levels: number, withArrays: boolean): Json {
  let value: Json = { integerValue: '1' };
  for (let level = 1; level <= levels; level++) {
    value =
      withArrays && level % 2 === 1 ? { arrayValue: { values: [value] } } : { mapValue: { fields: { k: value } } };
  }
  return value;
}

describeRecording<Recorded>(FILE, ({ cases }) => {
  let server: RunningServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  for (const { name, path, fields, outcome } of cases) {
    itAnswers(FILE, name, async () => {
      const ids = path.map((part) => (typeof part === 'string' ? part : part[1].repeat(part[2])));
      const database = 'projects/limits/databases/(default)';
      const update = { name: `${database}/documents/${ids.join('/')}`, fields: fieldsOf(fields) };
      const answer = await rest(server.port, 'POST', `/v1/${database}/documents:commit`, {
        body: JSON.stringify({ writes: [{ update }] }),
      });
      const error = isJsonObject(answer.json) ? answer.json['error'] : undefined;
      assert.deepEqual({ status: answer.status, message: isJsonObject(error) ? error['message'] : '' }, outcome);
    });
  }
});
