import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { StorageRulesRuntime } from '#emulator/storage-rules/runtime.js';

type Message = Record<string, unknown>;

const rules = (body: string, version = '2'): string =>
  `rules_version = '${version}';\nservice firebase.storage {\nmatch /b/{bucket}/o {\n${body}\n}\n}`;

const loading = (content: string, rulesetName = '0', id = 0): Message => ({
  action: 'load_ruleset',
  id,
  context: { rulesetName, source: { files: [{ name: 'storage.rules', content }] } },
});

const text = (value: string): Message => ({ string_value: value });
const mapOf = (fields: Message): Message => ({ map_value: { fields } });
const NULL: Message = { null_value: null };
const alice = mapOf({ uid: text('alice'), token: mapOf({}) });

interface Verify {
  id?: number;
  method?: string;
  path?: string;
  request?: Message;
  resource?: Message;
  rulesetName?: string;
}

function verifying({
  id = 7,
  method = 'get',
  path = '/b/pics/o/a/pic.png',
  request = {},
  resource = NULL,
  rulesetName = '0',
}: Verify): Message {
  const variables = {
    resource,
    request: mapOf({ auth: NULL, time: { timestamp_value: '2026-01-02T03:04:05.678Z' }, ...request }),
  };
  return { action: 'verify', id, context: { rulesetName, service: 'firebase.storage', path, method, variables } };
}

/** A runtime with rules loaded; `sent` are its answers after that. */
function aRuntime(source: string): { runtime: StorageRulesRuntime; sent: Message[]; logs: string[] } {
  const [sent, logs]: [Message[], string[]] = [[], []];
  const runtime = new StorageRulesRuntime(
    (message) => void sent.push(message),
    (line) => void logs.push(line),
  );
  runtime.receive(loading(source));
  sent.length = 0;
  return { runtime, sent, logs };
}

function verdict(body: string, request: Verify): { permit: unknown; warnings: unknown } {
  const { runtime, sent } = aRuntime(rules(body));
  runtime.receive(verifying(request));
  const [{ result, warnings } = {}] = sent;
  return { permit: Object(result).permit, warnings };
}

const permits = (condition: string, request: Verify = {}): void =>
  assert.deepEqual(verdict(`match /{all=**} { allow read, write: if ${condition}; }`, request), {
    permit: true,
    warnings: [],
  });

const answer = (id: number, result: Message, warnings: string[] = []): Message => ({
  id,
  status: 'ok',
  errors: [],
  warnings,
  result,
});
const fetching = (id: number, path: string): Message => ({
  server_request_id: id,
  action: 'fetch_firestore_document',
  status: 'ok',
  context: { path },
});

describe('storage rules: loading', () => {
  const load = (source: string): Message | undefined => {
    const sent: Message[] = [];
    new StorageRulesRuntime(
      (message) => void sent.push(message),
      () => undefined,
    ).receive(loading(source));
    return sent[0];
  };

  it('returns the version', () => assert.deepEqual(load(rules('')), answer(0, { rulesVersion: 2 })));

  it('warns of version 1', () => {
    assert.deepEqual(
      load(rules('', '1')),
      answer(0, { rulesVersion: 1 }, [
        'Ruleset uses old version (version [1]). Please update to the latest version (version [2]).',
      ]),
    );
  });

  it('returns faults with file and line, with status ok', () => {
    assert.deepEqual(load(rules('nonsense')), {
      id: 0,
      status: 'ok',
      warnings: [],
      errors: [
        JSON.stringify({
          description_: `Unexpected 'nonsense'.`,
          sourcePosition_: { fileName_: 'storage.rules', line_: 4 },
        }),
      ],
    });
  });

  it('keeps the old ruleset when a new one has faults', () => {
    const { runtime, sent } = aRuntime(rules('match /{all=**} { allow get; }'));
    runtime.receive(loading('nonsense'));
    runtime.receive(verifying({}));
    assert.deepEqual(sent[1], answer(7, { permit: true }));
  });
});

describe('storage rules: verifying', () => {
  it('takes the method from the message', () => permits(`request.method == 'delete'`, { method: 'delete' }));
  it('shows the user', () => permits(`request.auth.uid == 'alice'`, { request: { auth: alice } }));
  it('shows the time', () => permits(`request.time == timestamp.date(2026, 1, 2) + duration.time(3, 4, 5, 678000000)`));
  it('shows the path', () => permits(`bucket == 'pics' && all == /a/pic.png && request.path == /b/pics/o/a/pic.png`));

  it('shows the times of an object as timestamps', () => {
    const object = mapOf({
      size: { int_value: 12 },
      timeCreated: text('2026-01-02T03:04:05.678Z'),
      updated: NULL,
      metadata: mapOf({}),
    });
    permits(
      `request.resource.timeCreated == request.time && request.resource.size < 13 && request.resource.updated == null`,
      {
        method: 'create',
        request: { resource: object },
      },
    );
    permits(`resource.timeCreated.year() == 2026 && resource.metadata.size() == 0`, { resource: object });
  });

  it('reads every kind of value', () => {
    const values = {
      b: { bool_value: true },
      f: { float_value: 1.5 },
      i: { int_value: '9007199254740993' },
      y: { bytes_value: 'YWI=' },
      d: { duration_value: { seconds: 1, nanos: 5 } },
      g: { latlng_value: { latitude: 1, longitude: 2 } },
      l: { list_value: { values: [{ int_value: 1 }] } },
      s: { set_value: { values: [text('a'), text('a')] } },
      p: { path_value: { segments: [{ simple: 'x' }] } },
      n: NULL,
    };
    permits(
      `resource.b && resource.f == 1.5 && resource.i == 9007199254740993 && resource.y == b'ab' && resource.d == duration.time(0, 0, 1, 5)
       && resource.g == latlng.value(1, 2) && resource.l == [1] && resource.s == ['a'].toSet() && resource.p == /x && resource.n == null`,
      { resource: mapOf(values) },
    );
  });

  it('refuses without a warning, and warns when the rule broke', () => {
    assert.deepEqual(verdict('match /{all=**} { allow read: if false; }', {}), { permit: false, warnings: [] });
    assert.deepEqual(verdict('match /c { allow read; }', {}), { permit: false, warnings: [] });
    assert.deepEqual(verdict('match /{all=**} { allow read: if resource.name == ""; }', {}), {
      permit: false,
      warnings: [`Null value error. for 'get' @ L4`],
    });
  });

  it('warns once that production denies a delete allowed by a null request.resource', () => {
    const body = 'match /{all=**} { allow write: if request.resource == null || request.resource.size < 9; }';
    const { runtime, sent } = aRuntime(rules(body));
    for (const id of [1, 2]) runtime.receive(verifying({ id, method: 'delete', request: { resource: NULL } }));
    assert.deepEqual(
      sent.map(({ result, warnings }) => [result, warnings]),
      [
        [
          { permit: true },
          [
            "Production would deny this delete, because a delete has no request.resource there: Property resource is undefined on object. for 'delete' @ L4. " +
              'Allow it in a separate statement ("allow delete: …").',
          ],
        ],
        [{ permit: true }, []],
      ],
    );
  });

  it('does not warn of a delete that production allows as well', () => {
    const withoutResource = { method: 'delete', request: { resource: NULL } };
    const quiet = (body: string): void =>
      assert.deepEqual(verdict(body, withoutResource), { permit: true, warnings: [] });
    quiet('match /{all=**} { allow delete; allow write: if request.resource.size < 9; }');
    quiet("match /{all=**} { allow write: if request.method == 'delete' || request.resource.size < 9; }");
  });

  it('matches the prefix of a list unchanged', () => {
    assert.equal(verdict('match /a { allow list; }', { method: 'list', path: '/b/pics/o/a' }).permit, true);
    assert.equal(verdict('match /a/{id} { allow list; }', { method: 'list', path: '/b/pics/o/a' }).permit, false);
  });

  it('requires all methods of write', () => {
    assert.equal(verdict('match /{all=**} { allow create, update; }', { method: 'write' }).permit, false);
    assert.equal(verdict('match /{all=**} { allow write; }', { method: 'write' }).permit, true);
  });

  it('responds with an error to a request that it cannot decide', () => {
    const { runtime, sent } = aRuntime(rules(''));
    runtime.receive(verifying({ rulesetName: '9' }));
    runtime.receive(verifying({ method: 'fly' }));
    runtime.receive({ action: 'dance', id: 8 });
    assert.deepEqual(
      sent.map(({ status, errors }) => [status, errors]),
      [
        ['ok', ['Unknown ruleset.']],
        ['ok', ['Unknown method.']],
        ['ok', ['Unknown action.']],
      ],
    );
  });

  it('logs the values of debug', () => {
    const { runtime, logs } = aRuntime(rules('match /{all=**} { allow get: if debug(request.auth) == null; }'));
    runtime.receive(verifying({}));
    assert.deepEqual(logs, ['null']);
  });
});

describe('storage rules: Firestore documents', () => {
  const user = '/databases/(default)/documents/users';
  const found = (id: number, fields: Message): Message => ({
    id,
    status: 'ok',
    warnings: [],
    errors: [],
    result: { name: 'projects/p', fields },
  });
  const missing = (id: number): Message => ({ id, status: 'not_found', warnings: [], errors: [] });
  const body = `match /{u}/{file} { allow get: if firestore.get(${user}/$(u)).data.admin && !firestore.exists(${user}/banned); }`;

  it('are requested one after another, then the request is answered', () => {
    const { runtime, sent } = aRuntime(rules(body));
    runtime.receive(verifying({}));
    runtime.receive(found(7, { admin: { booleanValue: true } }));
    runtime.receive(missing(7));
    assert.deepEqual(sent, [fetching(7, `${user}/a`), fetching(7, `${user}/banned`), answer(7, { permit: true })]);
  });

  it('serve several requests at once, in any order', () => {
    const { runtime, sent } = aRuntime(
      rules(`match /{u}/{file} { allow get: if firestore.get(${user}/$(u)).data.n == 1; }`),
    );
    runtime.receive(verifying({ id: 1, path: '/b/pics/o/a/x' }));
    runtime.receive(verifying({ id: 2, path: '/b/pics/o/b/x' }));
    runtime.receive(found(2, { n: { integerValue: '1' } }));
    runtime.receive(missing(1));
    assert.deepEqual(sent.slice(2), [
      answer(2, { permit: true }),
      answer(1, { permit: false }, [`Null value error. for 'get' @ L4`]),
    ]);
  });

  it('are fetched once each, and two at most', () => {
    const exists = (...ids: string[]): string => ids.map((id) => `firestore.exists(${user}/${id})`).join(' && ');
    const { runtime, sent } = aRuntime(rules(`match /{all=**} { allow get: if ${exists('a', 'b', 'a', 'c')}; }`));
    runtime.receive(verifying({}));
    for (let i = 0; i < 2; i++) runtime.receive(found(7, {}));
    assert.deepEqual(sent.slice(0, 2), [fetching(7, `${user}/a`), fetching(7, `${user}/b`)]);
    assert.match(String(sent[2]?.['warnings']), /^Service call error\. Function: \[exists\]/);
  });

  it('have the values of Firestore', () => {
    const { runtime, sent } = aRuntime(
      rules(`match /{all=**} { allow get: if firestore.get(${user}/a).data == {
      'n': null, 'b': true, 'i': 5, 'd': 1.5, 's': 'x', 'y': b'ab', 't': timestamp.value(1000), 'g': latlng.value(1, 2),
      'r': /databases/(default)/documents/a/b, 'l': [1], 'm': {'k': 'v'}} && firestore.get(${user}/a).id == 'a'; }`),
    );
    runtime.receive(verifying({}));
    runtime.receive(
      found(7, {
        n: { nullValue: null },
        b: { booleanValue: true },
        i: { integerValue: '5' },
        d: { doubleValue: 1.5 },
        s: { stringValue: 'x' },
        y: { bytesValue: 'YWI=' },
        t: { timestampValue: '1970-01-01T00:00:01Z' },
        g: { geoPointValue: { latitude: 1, longitude: 2 } },
        r: { referenceValue: 'projects/p/databases/(default)/documents/a/b' },
        l: { arrayValue: { values: [{ integerValue: '1' }] } },
        m: { mapValue: { fields: { k: { stringValue: 'v' } } } },
      }),
    );
    assert.deepEqual(sent[1], answer(7, { permit: true }));
  });

  it('are ignored when no request waits for them', () => {
    const { runtime, sent } = aRuntime(rules(''));
    runtime.receive(missing(99));
    assert.deepEqual(sent, []);
  });
});

describe('storage rules: the program', function () {
  this.timeout(20_000);
  const MAIN = fileURLToPath(new URL('../../../../emulator/src/storage-rules/main.ts', import.meta.url));
  let program: ChildProcessWithoutNullStreams;
  let lines: AsyncIterator<string>;
  let errors = '';

  beforeEach(async () => {
    program = spawn(process.execPath, ['--import', 'tsx', MAIN, 'serve']);
    errors = '';
    program.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
    assert.deepEqual(await receive(), { id: -1, status: 'ok', errors: [], warnings: [] });
  });
  afterEach(() => {
    program.kill('SIGKILL');
    assert.equal(errors, '');
  });

  const send = (message: Message | string): void =>
    void program.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  const receive = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));

  it('responds line by line, ignoring input that is not JSON', async () => {
    send('not json');
    send(
      loading(
        rules(`match /{u}/{file} { allow get: if firestore.exists(/databases/(default)/documents/users/$(u)); }`),
      ),
    );
    assert.deepEqual(await receive(), answer(0, { rulesVersion: 2 }));
    send(verifying({}));
    assert.deepEqual(await receive(), fetching(7, '/databases/(default)/documents/users/a'));
    send({ id: 7, status: 'not_found', warnings: [], errors: [] });
    assert.deepEqual(await receive(), answer(7, { permit: false }));
  });

  it('ends when its input does', async () => {
    program.stdin.end();
    assert.deepEqual(await once(program, 'exit'), [0, null]);
  });

  it('ends with 130 on SIGINT', async () => {
    program.kill('SIGINT');
    assert.deepEqual(await once(program, 'exit'), [130, null]);
  });
});
