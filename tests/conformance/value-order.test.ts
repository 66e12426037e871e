import assert from 'node:assert/strict';
import { type Json } from '#emulator/protocol/schema.js';
import { value as valueCodec } from '#emulator/protocol/value-codec.js';
import { comparePaths, compareValues } from '#emulator/values/compare.js';
import { checkFields } from '#emulator/values/limits.js';
import { describeRecording, itAnswers } from './recordings.js';

interface Labelled {
  label: string;
  value: Json;
}
interface Recorded {
  values: { groups: Labelled[][]; rejected: (Labelled & { error: string })[] };
  paths: { order: string[] };
}

const FILE = 'value_order.json';

describeRecording<Recorded>(FILE, ({ values, paths }) => {
  const flat = values.groups.flatMap((group, rank) => group.map((item) => ({ ...item, rank })));
  for (const a of flat) {
    itAnswers(FILE, a.label, () => {
      for (const b of flat) {
        const order = compareValues(valueCodec.fromJson(a.value), valueCodec.fromJson(b.value));
        assert.equal(Math.sign(order), Math.sign(a.rank - b.rank), `${a.label} against ${b.label}`);
      }
    });
  }
  for (const { label, value, error } of values.rejected) {
    itAnswers(FILE, label, () => {
      assert.throws(() => checkFields(['c', 'd'], new Map([['v', valueCodec.fromJson(value)]])), { message: error });
    });
  }
  itAnswers(FILE, 'paths', () => {
    const sorted = [...paths.order]
      .reverse()
      .map((path) => path.split('/'))
      .sort(comparePaths);
    assert.deepEqual(
      sorted.map((path) => path.join('/')),
      paths.order,
    );
  });
});
