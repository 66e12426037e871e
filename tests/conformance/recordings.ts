import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GAPS } from './gaps.js';

const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where the recorded answers lie: `RECORDINGS`, or the folder beside this repository. */
export const RECORDINGS = resolve(REPOSITORY, process.env['RECORDINGS'] ?? '../shared/official-emulator-recordings');

/**
 * One recording parsed, or undefined in a clone that has no recordings. The caller names the
 * shape: a recording is fixed data, so a wrong shape fails its cases rather than being parsed.
 */
export function recordings<Recorded = unknown>(file: string): Recorded | undefined {
  const path = join(RECORDINGS, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** A suite made from one recording; pending where the recording is absent. */
export function describeRecording<Recorded>(file: string, define: (recorded: Recorded) => void): void {
  describe(`recording: ${file}`, () => {
    const recorded = recordings<Recorded>(file);
    if (recorded === undefined) it(`answers as recorded (no recordings at ${RECORDINGS})`);
    else define(recorded);
  });
}

/** One recorded case. A case listed in GAPS must fail, or the list is out of date. */
export function itAnswers(file: string, name: string, check: () => void | Promise<void>): void {
  const gap = GAPS[`${file}#${name}`];
  if (gap === undefined) {
    it(name, check);
    return;
  }
  it(`${name} (known gap: ${gap})`, () =>
    assert.rejects(async () => check(), Error, `${file}#${name} is a gap no longer: unlist it`));
}
