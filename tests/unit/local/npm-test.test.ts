import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { splitPortOffset, toMochaArguments } from '#local/mocha-arguments.js';

const REPOSITORY = join(import.meta.dirname, '../../..');

describe('npm test', () => {
  it('runs all files in parallel on at most four cores, and prints progress', () => {
    const args = toMochaArguments(['--grep', 'pricing'], 8);
    assert.deepEqual(args.slice(0, 7), [
      '--parallel',
      '--jobs',
      '4',
      '--reporter',
      './tests/progress-reporter.ts',
      '--grep',
      'pricing',
    ]);
    assert.ok(args.includes('tests/functions/**/*.test.ts'));
  });

  it('lists every test with --verbose', () => {
    assert.deepEqual(toMochaArguments(['--verbose'], 2).slice(0, 4), [
      '--parallel',
      '--jobs',
      '2',
      'tests/journeys/all.ts',
    ]);
  });

  it('uses the number of processes and the reporter of the arguments', () => {
    const args = toMochaArguments(['--jobs=1', '--reporter', 'dot'], 2);
    assert.deepEqual(args.slice(0, 4), ['--parallel', '--jobs=1', '--reporter', 'dot']);
  });

  it('does not pass a port offset on', () => {
    assert.deepEqual(splitPortOffset(['--grep', 'x', '--port-offset', '200', 'a.ts']), {
      offset: '200',
      rest: ['--grep', 'x', 'a.ts'],
    });
    assert.deepEqual(splitPortOffset(['--port-offset=300']), { offset: '300', rest: [] });
    assert.deepEqual(splitPortOffset(['a.ts']), { offset: '0', rest: ['a.ts'] });
  });

  it('runs named files alone, in one process', () => {
    assert.deepEqual(toMochaArguments(['--spec', 'tests/rules/orders.test.ts']), [
      '--spec',
      'tests/rules/orders.test.ts',
    ]);
  });

  describe('in its progress', () => {
    let folder: string;
    before(async () => void (folder = await mkdtemp(join(tmpdir(), 'progress-'))));
    after(() => rm(folder, { recursive: true }));

    it('prints a failure at once, and ends with pending tests, the counts and the failure in full', async function () {
      this.timeout(60_000);
      const file = join(folder, 'sums.test.cjs');
      await writeFile(
        file,
        `describe('a sum', () => {
          it('adds', () => {});
          it('carries', () => { throw new Error('1 is not 2'); });
          it('overflows (no numbers that large)');
        });`,
      );
      const printed = await mocha('--no-config', '--parallel', '--reporter', './tests/progress-reporter.ts', file);
      const inOrder = [
        '✖ a sum carries',
        '1 passed',
        'pending: a sum overflows (no numbers that large)',
        '1 passing',
        '1 pending',
        '1 failing',
        'Error: 1 is not 2',
      ];
      const places = inOrder.map((text) => printed.indexOf(text));
      assert.ok(!places.includes(-1), printed);
      assert.deepEqual(
        places,
        places.toSorted((a, b) => a - b),
      );
    });
  });
});

/** What mocha prints to a log, whether or not the tests pass. */
function mocha(...args: string[]): Promise<string> {
  const command = ['--import=tsx', join(REPOSITORY, 'node_modules/mocha/bin/mocha.js'), '--import=tsx', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: REPOSITORY }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
}
