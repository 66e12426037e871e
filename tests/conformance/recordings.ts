import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GAPS } from './gaps.js';

const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The folder of the recorded responses: `RECORDINGS`, or the one beside this repository. */
const RECORDINGS = resolve(REPOSITORY, process.env['RECORDINGS'] ?? '../shared/official-emulator-recordings');

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

const answered = new Map<string, number>();
let gaps = 0;

/** How many recordings a process replayed. */
export interface Replayed {
  cases: number;
  files: readonly string[];
  gaps: number;
}

export function replayedHere(): Replayed {
  const cases = [...answered.values()].reduce((sum, count) => sum + count, 0);
  return { cases, files: [...answered.keys()], gaps };
}

/** Adds up the processes of one run and describes them in one sentence. */
export function replayedFigure(parts: readonly Replayed[]): string | undefined {
  const files = new Set(parts.flatMap((part) => part.files));
  const sum = (count: (part: Replayed) => number) => parts.reduce((total, part) => total + count(part), 0);
  if (files.size === 0) return undefined;
  return `recordings: ${sum((part) => part.cases)} cases of ${files.size} files as recorded, ${sum((part) => part.gaps)} known gaps.`;
}

/** One recorded case. A case listed in GAPS must fail, or the list is out of date. */
export function itAnswers(file: string, name: string, check: () => void | Promise<void>): void {
  const gap = GAPS[`${file}#${name}`];
  if (gap === undefined) {
    it(name, async () => {
      await check();
      answered.set(file, (answered.get(file) ?? 0) + 1);
    });
    return;
  }
  it(`${name} (known gap: ${gap})`, async () => {
    await assert.rejects(async () => check(), Error, `${file}#${name} is a gap no longer: unlist it`);
    gaps++;
  });
}
