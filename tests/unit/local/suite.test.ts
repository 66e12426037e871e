import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { serve } from '#local/http.js';
import { suiteEnvironment } from '#local/suite/environment.js';
import { readSuiteConfig } from '#local/suite/firebase-config.js';
import { requireFreePorts } from '#local/suite/ports.js';
import { endGroup, killGroup } from '#local/suite/process-group.js';
import { createTemporaryFolder } from '#local/suite/temporary-folder.js';
import { requireValidRules, watchRules } from '#local/suite/rules-check.js';

const JAVA = join(import.meta.dirname, '../../../local/bin/java');

describe('launcher', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tiffin-suite-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  describe('java stand-in', () => {
    async function java(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
      const child = spawn(JAVA, args);
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk) => {
        out += String(chunk);
      });
      child.stderr.on('data', (chunk) => {
        err += String(chunk);
      });
      const [code] = await once(child, 'close');
      return { code: typeof code === 'number' ? code : null, out, err };
    }

    it('prints the version that firebase-tools expects', async () => {
      const { code, err } = await java('-Duser.language=en', '-Dfile.encoding=UTF-8', '-version');
      assert.equal(code, 0);
      assert.match(err, /version "([1-9][0-9]*)/);
    });

    it('runs the program after -jar with its arguments and exit code, without the JVM flags', async () => {
      const program = join(folder, 'program.js');
      await writeFile(program, 'console.log(process.argv.slice(2).join()); process.exit(7);');
      const { code, out } = await java(
        '-Djava.security.manager=disallow',
        '-Duser.language=en',
        '-jar',
        program,
        'serve',
        '--port',
        '1',
      );
      assert.deepEqual([code, out.trim()], [7, 'serve,--port,1']);
    });

    it('leaves signals to the program', async () => {
      const program = join(folder, 'program.js');
      await writeFile(
        program,
        "process.on('SIGINT', () => process.exit(130)); setInterval(() => {}, 1000); console.log('up');",
      );
      const child = spawn(JAVA, ['-jar', program]);
      await once(child.stdout, 'data');
      child.kill('SIGINT');
      assert.deepEqual(await once(child, 'close'), [130, null]);
    });
  });

  describe('launcher checks', () => {
    it('names the emulator, the port and the process of a conflict', async () => {
      const server = await serve(() => ({ status: 200 }), 0);
      await assert.rejects(
        requireFreePorts({ firestore: server.port }),
        (error: Error) =>
          error.message.includes(`firestore needs port ${server.port}`) &&
          error.message.includes(`process ${process.pid}`) &&
          error.message.includes('--port-offset'),
      );
      await server.close();
      await requireFreePorts({ firestore: server.port });
    });

    it('names an offset that is free, and collides with no port of the stack itself', async () => {
      const server = await serve(() => ({ status: 200 }), 0);
      const near = server.port - 1000;
      const named = await requireFreePorts({ a: server.port, b: near }).then(
        () => NaN,
        (error: Error) => Number(/--port-offset (\d+)\.$/.exec(error.message)?.[1]),
      );
      await server.close();
      assert.ok(named > 1000 && named % 1000 === 0, `${named} would put b where a is`);
      await requireFreePorts({ a: server.port + named, b: near + named });
    });

    it('puts the stand-in first on the PATH and finds a home without HOME', () => {
      const env = suiteEnvironment(
        { PATH: '/usr/bin', HOME: '' },
        'demo-test',
        '/bin-folder',
        { firestore: '/f.js', storageRules: '/s.js' },
        folder,
      );
      assert.equal(env['PATH']?.split(delimiter)[0], '/bin-folder');
      assert.equal(env['HOME'], join(folder, 'home'));
      assert.equal(env['FIRESTORE_EMULATOR_BINARY_PATH'], '/f.js');
    });

    it("uses the machine's Java when the official programs are requested", () => {
      const env = suiteEnvironment({ PATH: '/usr/bin', HOME: folder }, 'demo-test', '/bin-folder', undefined, folder);
      assert.equal(env['PATH'], '/usr/bin');
      assert.equal(env['FIRESTORE_EMULATOR_BINARY_PATH'], undefined);
    });
  });

  describe('rules check', () => {
    const BROKEN = "rules_version = '2';\nservice cloud.firestore {\n  match /a/{id} { allow reed; }\n}\n";
    const ODD = BROKEN.replace('cloud.firestore', 'firebase.storage').replace('reed', 'read: if x');

    beforeEach(async () => {
      const config = { firestore: { rules: 'firestore.rules' }, storage: [{ bucket: 'b', rules: 'storage.rules' }] };
      await writeFile(join(folder, 'firebase.json'), JSON.stringify(config));
      await writeFile(join(folder, 'firestore.rules'), BROKEN);
      await writeFile(join(folder, 'storage.rules'), ODD);
    });

    it('refuses rules that do not compile, with the line and a caret', () => {
      assert.throws(
        () => requireValidRules(folder, ['firestore', 'storage']),
        (error: Error) =>
          error.message.includes(
            "[E] firestore.rules:3:25 - Unexpected 'reed'.\n  3 |   match /a/{id} { allow reed; }\n    |                         ^^^^ expected: a method",
          ),
      );
    });

    it('prints warnings, of the running emulators only', () => {
      const [first, ...others] = requireValidRules(folder, ['storage']);
      assert.match(first ?? '', /^\[W\] storage.rules:3:3 - Unreachable match/);
      assert.match(others.join(), /^\[W\] storage.rules:3:34 - Invalid variable name: x\./);
      assert.deepEqual(requireValidRules(folder, ['auth']), []);
    });

    it('prints the issues after a change', async () => {
      const told = new Promise<readonly string[]>((resolve) => {
        const stop = watchRules(folder, ['storage'], ({ errors }) => {
          stop();
          resolve(errors);
        });
      });
      await writeFile(join(folder, 'storage.rules'), ODD.replace('if x', 'when x'));
      assert.match((await told).join(), /storage.rules:3:31 - Missing 'if' before conditional expression/);
    });
  });

  describe('temporary folders', () => {
    it('are the suite’s own, and removed with all in them', async () => {
      const [one, other] = [createTemporaryFolder(folder), createTemporaryFolder(folder)];
      assert.notEqual(one.path, other.path);
      await writeFile(join(one.path, 'blob'), 'x');
      await one.remove();
      assert.deepEqual(await readdir(folder), [basename(other.path)]);
    });

    it('of a launcher that was killed are removed by the next one', async () => {
      const killed = spawn(process.execPath, ['-e', '']);
      await once(killed, 'exit');
      await mkdir(join(folder, `tiffin-suite-${killed.pid}-abc`));
      await mkdir(join(folder, 'firebase'));
      const own = createTemporaryFolder(folder);
      assert.deepEqual((await readdir(folder)).sort(), ['firebase', basename(own.path)]);
    });
  });

  describe('process groups', () => {
    it('are ended with processes that outlived the one that started them', async () => {
      const orphan =
        "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3)'], { stdio: 'inherit' })";
      const parent = spawn(process.execPath, ['-e', `console.log(${orphan}.pid); setInterval(() => {}, 1e3)`], {
        detached: true,
      });
      const [pid] = await once(parent.stdout, 'data');
      parent.kill('SIGKILL');
      await once(parent, 'exit');
      process.kill(Number(pid), 0);
      await endGroup(parent.pid ?? 0);
      assert.equal(killGroup(parent.pid ?? 0), false);
    });
  });

  describe('readSuiteConfig', () => {
    const config = {
      firestore: { rules: 'firestore.rules' },
      emulators: { auth: { port: 9099 }, firestore: { port: 8080, websocketPort: 9150 }, ui: { enabled: false } },
    };
    beforeEach(() => writeFile(join(folder, 'firebase.json'), JSON.stringify(config)));

    it('lists the ports of the emulators that will run', async () => {
      const { ports, file } = await readSuiteConfig(folder, ['firestore']);
      assert.deepEqual([ports, file], [{ firestore: 8080, hub: 4400, logging: 4500 }, 'firebase.json']);
    });

    it('adds the emulators that functions need', async () => {
      const { ports } = await readSuiteConfig(folder, ['functions:default']);
      assert.deepEqual(Object.keys(ports).sort(), ['eventarc', 'functions', 'hub', 'logging', 'tasks']);
    });

    it('puts the address and another folder of functions into the copy', async () => {
      await writeFile(
        join(folder, 'firebase.json'),
        JSON.stringify({ ...config, functions: [{ source: 'functions', codebase: 'default' }] }),
      );
      const { file, remove } = await readSuiteConfig(folder, undefined, { host: '0.0.0.0', functionsSource: 'other' });
      const copy = JSON.parse(await readFile(join(folder, file), 'utf8'));
      assert.deepEqual(copy.functions, [{ source: 'other', codebase: 'default' }]);
      assert.deepEqual(copy.emulators.auth, { port: 9099, host: '0.0.0.0' });
      await remove();
    });

    it('shifts every port in a copy beside the original, and removes it', async () => {
      const { ports, file, remove } = await readSuiteConfig(folder, undefined, { portOffset: 100 });
      assert.deepEqual(ports, { auth: 9199, firestore: 8180, hub: 4500, logging: 4600 });
      const copy = JSON.parse(await readFile(join(folder, file), 'utf8'));
      assert.deepEqual(copy.emulators.firestore, { port: 8180, websocketPort: 9250 });
      assert.deepEqual(copy.firestore, config.firestore);
      await remove();
      await assert.rejects(readFile(join(folder, file)));
    });
  });
});
