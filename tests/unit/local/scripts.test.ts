import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { wholeNumber } from '#local/command-line.js';

const ROOT = join(import.meta.dirname, '../../..');
const { scripts, engines }: { scripts: Record<string, string>; engines: { node: string } } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
);
const RUN = 'node local/bin/run.js ';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(script: string, ...args: string[]): Promise<Ended> {
  const command = [...(scripts[script] ?? '').split(' ').slice(1), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT, timeout: 60_000 }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

describe('scripts', function () {
  this.timeout(120_000);
  // The arguments of npm test are mocha's.
  const ours = Object.keys(scripts).filter((name) => scripts[name]?.startsWith(RUN) && name !== 'test');

  it('are all run after Node has been checked', () => {
    assert.deepEqual(ours.sort(), [
      'bench:cold',
      'bench:emulator',
      'bill:naive',
      'clients',
      'dispatch:replay',
      'docs:api',
      'dst',
      'emulators',
      'fuzz',
      'mutate',
      'prove',
      'simulate',
      'start',
    ]);
    assert.ok(scripts['test']?.startsWith(RUN));
    assert.deepEqual(
      Object.values(scripts).filter((command) => command.startsWith('tsx ')),
      [],
    );
  });

  for (const script of ours) {
    it(`${script} has a --help`, async () => {
      const { code, out, err } = await run(script, '--help');
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, new RegExp(`npm (run )?${script}`));
    });

    it(`${script} refuses an unknown option in one sentence`, async () => {
      const { code, out, err } = await run(script, '--nonsense');
      assert.deepEqual([code, out, err], [2, '', "Unknown option '--nonsense'. --help lists the options.\n"]);
    });
  }

  it('refuse a value that is no number', async () => {
    const { code, err } = await run('start', '--seed', 'abc');
    assert.deepEqual(
      [code, err],
      [2, '--seed is "abc", but it must be a whole number of at least 0. --help lists the options.\n'],
    );
    for (const text of ['', ' ', '1.5', '-1', '1e3', '0x10']) assert.throws(() => wholeNumber(text, 'seed'));
    assert.equal(wholeNumber('42', 'seed'), 42);
  });
});

describe('the version of Node', () => {
  const { refusal }: { refusal: (version: string, engines: string) => string | undefined } = createRequire(
    import.meta.url,
  )('../../../local/bin/node-version.js');

  it('is at least that of package.json', () => {
    const served = [
      '18.20.4',
      '20.11.1',
      '20.18.3',
      '20.19.0',
      '21.7.3',
      '22.12.0',
      '22.13.0',
      '23.0.0',
      '24.0.0',
      '26.1.0',
    ];
    assert.deepEqual(
      served.filter((version) => refusal(version, engines.node) === undefined),
      ['20.19.0', '22.13.0', '24.0.0', '26.1.0'],
    );
  });

  it('is refused in one sentence that names what to install', () => {
    assert.equal(
      refusal('20.11.1', engines.node),
      'Node 20.11.1 cannot run this project: install Node 20.19+ (20.x), 22.13+ (22.x) or 24+.',
    );
  });

  it('is checked by code that any version of Node can read', async () => {
    for (const file of ['run.js', 'node-version.js'])
      await transform(readFileSync(join(ROOT, 'local/bin', file), 'utf8'), { target: 'es5' });
    await assert.rejects(transform('const a = 1', { target: 'es5' }));
  });

  it('is the one in the README', () => {
    for (const file of ['README.md', 'CONTRIBUTING.md'])
      assert.match(readFileSync(join(ROOT, file), 'utf8'), /Node 20\.19 or later \(22\.13 or later of 22, or 24\)/);
  });
});
