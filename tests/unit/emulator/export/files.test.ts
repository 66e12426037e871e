import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExport, writeExport } from '#emulator/export/files.js';
import { readLog, writeLog } from '#emulator/export/record-log.js';

const sizes = (records: readonly Buffer[]): number[] => records.map(({ length }) => length);

describe('a record log', () => {
  it('holds each record in a fragment with its masked checksum', () => {
    // The masked CRC32C of 0x01 and "a", worked out bit by bit elsewhere; length 1; type 1; "a".
    const log = writeLog([Buffer.from('a')]);
    assert.equal(log.toString('hex'), 'b5cd0ba201000161');
    assert.deepEqual(readLog(log), [Buffer.from('a')]);
  });

  it('splits a record that does not fit into a block, and leaves less than a header empty', () => {
    const lengths = [32_768 - 7 - 6, 3, 0, 70_000, 32_768, 1];
    const records = lengths.map((length, i) => Buffer.alloc(length, i + 1));
    const log = writeLog(records);
    assert.deepEqual(log.subarray(32_762, 32_768), Buffer.alloc(6));
    assert.deepEqual(sizes(readLog(log)), lengths);
    assert.deepEqual(readLog(log), records);
  });

  it('is refused when it is damaged or truncated', () => {
    const log = writeLog([Buffer.from('hello')]);
    const damaged = Buffer.from(log);
    damaged[9] = 0;
    assert.throws(() => readLog(damaged), /Checksum doesn't validate\./);
    assert.throws(() => readLog(log.subarray(0, -1)), /Invalid record/);
    assert.throws(() => readLog(writeLog([Buffer.alloc(70_000)]).subarray(0, 32_768)), /Invalid record/);
  });
});

describe('the files of an export', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'export-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const metadata = (): string => join(folder, 'n', 'n.overall_export_metadata');

  it('are the overall metadata, those of all kinds, and the entities', () => {
    writeExport(join(folder, 'n'), [Buffer.from('one'), Buffer.from('two')], 5);
    const kinds = readdirSync(join(folder, 'n/all_namespaces/all_kinds')).sort();
    assert.deepEqual(kinds, ['all_namespaces_all_kinds.export_metadata', 'output-0']);
    assert.deepEqual(readExport(metadata()).map(String), ['one', 'two']);
    const [magic, overall] = readLog(readFileSync(metadata()));
    assert.equal(magic?.toString('hex'), '33');
    assert.ok(overall?.includes('all_namespaces/all_kinds/all_namespaces_all_kinds.export_metadata'));
  });

  it('are the overall metadata alone for an empty database, also over a former export', () => {
    writeExport(join(folder, 'n'), [Buffer.from('one')], 5);
    writeExport(join(folder, 'n'), [], 6);
    assert.ok(!existsSync(join(folder, 'n/all_namespaces/all_kinds')));
    assert.deepEqual(readExport(metadata()), []);
  });

  it('are refused when the metadata is invalid', () => {
    writeFileSync(join(folder, 'x'), writeLog([Buffer.from('x')]));
    assert.throws(() => readExport(join(folder, 'x')), /Invalid record/);
  });
});
