import assert from 'node:assert/strict';
import { compileRules } from '#emulator/rules/index.js';
import { firestoreRules, shownIssues, verdict } from './support.js';

const inMatch = (body: string): string => firestoreRules(`match /a/{id} {\n${body}\n}`);

describe('rules: warnings', () => {
  it('asks for version 2 when a ruleset has version 1 or none', () => {
    const old = 'warning Ruleset uses old version (version [1]). Please update to the latest version (version [2]).';
    assert.deepEqual(shownIssues(`service cloud.firestore {}`), [old]);
    assert.deepEqual(shownIssues(`rules_version = '1'; service cloud.firestore {}`), [old]);
  });

  it('names unknown variables, functions and methods', () => {
    assert.deepEqual(
      shownIssues(inMatch(`allow read: if nobody == id\n|| nothing() || 'a'.never() || math.isInfinite(1.0);`)),
      [
        'warning 5:16 Invalid variable name: nobody.',
        'warning 6:4 Invalid function name: nothing.',
        'warning 6:21 Invalid function name: never.',
        'warning 6:37 Invalid function name: isInfinite.',
      ],
    );
  });

  it('names functions that nothing calls', () => {
    assert.deepEqual(shownIssues(inMatch('function used() { return true; }\nfunction unused() { return used(); }')), [
      'warning 6:10 Unused function: unused.',
    ]);
  });

  it('names parameters and lets that nothing reads', () => {
    const source = inMatch(`function f(a, b) { let c = a; let d = 1; return c == 1; }\nallow read: if f(1, 2);`);
    assert.deepEqual(shownIssues(source), ['warning 5:15 Unused variable: b.', 'warning 5:35 Unused variable: d.']);
  });

  it('names what belongs to a request in functions that no condition reaches', () => {
    const source = inMatch(`function unused() { return inner() && exists(/a); }
function inner() { return request.auth != null; }
function used(request) { return request == 1; }
allow read: if used(resource.data.a);`);
    assert.deepEqual(shownIssues(source), [
      'warning 5:10 Unused function: unused.',
      'warning 5:39 Invalid function name: exists.',
      'warning 6:27 Invalid variable name: request.',
    ]);
  });

  const nulls: Record<string, string[]> = {
    'function f(m) { return m.keys().size() == 1; }\nallow read: if f(null);': ['6:18 map'],
    'function f(m) { return m != null && m.a == 1; }\nallow read: if f(resource == null ? null : resource.data);': [
      '6:37 map',
    ],
    "function f(m) { return 'a' in m && m.a == 1; }\nfunction g(n) { return f(n != null ? n : null); }\nallow read: if g(null);":
      ['6:42 list, map', '7:18 list, map'],
    'function f() { let m = exists(/a) ? get(/a).data : null; return m.a == 1; }\nallow read: if f();': ['5:52 map'],
    'function f() { return exists(/a) ? get(/a).data : null; }\nallow read: if f().a == 1;': ['5:51 map'],
    'function f(m) { return m.size() == 1; }\nallow read: if f(null);': ['6:18 bytes, list, map, set, string'],
    'function f(m) { return m == null; }\nallow read: if f(null) && id == null;': [],
    'function f(m) { return f(m) && m.a; }\nallow read: if id == null ? id.size() == 1 : false;': [],
  };
  for (const [body, expected] of Object.entries(nulls)) {
    it(`follows null in ${body.replaceAll('\n', ' ')}`, () => {
      const shown = shownIssues(inMatch(body)).filter((issue) => issue.includes('Received one of'));
      assert.deepEqual(
        shown,
        expected.map((one) => {
          const [, place = '', types = ''] = /^(\S+) (.*)$/.exec(one) ?? [];
          return `warning ${place} Invalid type. Received one of [null]. Expected one of [${types}].`;
        }),
      );
    });
  }

  it('knows parameters, earlier lets and enclosing wildcards, and no later lets', () => {
    const source = inMatch(
      `function f(p) { let a = p; let b = a == c; let c = id; return b && database == c; }\nallow read: if f(1);`,
    );
    assert.deepEqual(shownIssues(source), ['warning 5:41 Invalid variable name: c.']);
  });

  it('knows get in Firestore and firestore.get in Storage', () => {
    const storage = (condition: string): string =>
      `rules_version = '2'; service firebase.storage { match /b/{x}/o { allow read: if ${condition}; } }`;
    assert.deepEqual(shownIssues(storage('firestore.exists(/a)')), []);
    assert.deepEqual(shownIssues(storage('exists(/a)')), ['warning 1:81 Invalid function name: exists.']);
    assert.deepEqual(shownIssues(inMatch('allow read: if exists(/a);')), []);
    assert.deepEqual(shownIssues(inMatch('allow read: if firestore.exists(/a);')), [
      'warning 5:16 Invalid variable name: firestore.',
      'warning 5:26 Invalid function name: exists.',
    ]);
  });

  it('checks functions outside of services for the service of the request', () => {
    const source = `rules_version = '2'; function f() { return exists(/a); } service firebase.storage { match /b/{x}/o { allow read: if f(); } }`;
    assert.equal(compileRules(source, 'x').issues.length, 0);
    assert.equal(compileRules(source, 'x', 'firebase.storage').issues.length, 1);
  });

  const reaching = (service: string, pattern: string): string[] =>
    shownIssues(`rules_version = '2'; service ${service} { match ${pattern} { allow read; } }`);
  const unreachable = (column: number): string[] => [
    `warning 1:${column} Unreachable match: no request has a path of this form.`,
  ];

  it('names a match whose path no document can have', () => {
    const root = '/databases/{d}/documents';
    for (const reached of [`${root}/users/{id}`, `${root}/{all=**}`, '/{path=**}/users/{id}'])
      assert.deepEqual(reaching('cloud.firestore', reached), []);
    for (const missed of [`${root}/users`, root, '/users/{id}', '/database/{d}/documents/users/{id}', '/a/{all=**}'])
      assert.deepEqual(reaching('cloud.firestore', missed), unreachable(48));
  });

  it('names a match whose path no object can have', () => {
    for (const reached of ['/b/{bucket}/o', '/b/{bucket}/o/pics/{id}', '/{all=**}'])
      assert.deepEqual(reaching('firebase.storage', reached), []);
    for (const missed of ['/b/{bucket}', '/pics/{id}', '/c/{bucket}/o/{id}'])
      assert.deepEqual(reaching('firebase.storage', missed), unreachable(49));
  });

  it('accepts a match that only contains others', () => {
    assert.deepEqual(shownIssues(firestoreRules('match /users { match /{id} { allow read; } }')), []);
  });

  it('lets a ruleset with warnings decide', () => assert.equal(verdict('nobody == 1 || true'), 'true'));
});

describe('rules: errors found before any request', () => {
  const chain = (count: number): string =>
    Array.from(
      { length: count },
      (_, i) => `function f${i}() { return ${i === count - 1 ? 'true' : `f${i + 1}()`}; }`,
    ).join('\n');

  it('refuses recursion, direct or through others', () => {
    assert.deepEqual(shownIssues(inMatch('function f() { return f(); } allow read: if f();')), [
      '5:10 Recursive call is not allowed.',
    ]);
    assert.deepEqual(
      shownIssues(inMatch('function f() { return g(); }\nfunction g() { return f(); }\nallow read: if g();')),
      ['6:10 Recursive call is not allowed.'],
    );
  });

  it('accepts 21 functions on a stack and refuses 22', () => {
    assert.deepEqual(shownIssues(inMatch(`${chain(21)}\nallow read: if f0();`)), []);
    const [issue] = shownIssues(inMatch(`${chain(22)}\nallow read: if f0();`));
    assert.match(
      issue ?? '',
      /^26:10 Maximum allowed call depth of 20 is reached for \[f0->f1->.*->f20\] call stack\.$/,
    );
  });

  it('checks calls that branch and meet again in reasonable time', () => {
    const functions = Array.from(
      { length: 20 },
      (_, i) =>
        `function f${i}() { return f${i + 1}() || g${i + 1}(); } function g${i}() { return f${i + 1}() && g${i + 1}(); }`,
    );
    assert.deepEqual(
      shownIssues(
        inMatch(
          `${functions.join('\n')} function f20() { return true; } function g20() { return true; } allow read: if f0() || g0();`,
        ),
      ),
      [],
    );
  });

  it('accepts 11 lets and refuses 12', () => {
    const lets = (count: number): string => {
      const names = Array.from({ length: count }, (_, i) => `v${i}`);
      return `${names.map((name) => `let ${name} = 1;`).join(' ')} return ${names.join(' + ')} > 0;`;
    };
    assert.deepEqual(shownIssues(inMatch(`function f() { ${lets(11)} } allow read: if f();`)), []);
    assert.deepEqual(shownIssues(inMatch(`function f() { ${lets(12)} } allow read: if f();`)), [
      '5:10 Maximum allowed variable count of 10 for a given function has been reached.',
    ]);
  });

  it('refuses a literal pattern that is not RE2', () => {
    assert.deepEqual(shownIssues(inMatch(`allow read: if id.matches('(?=a)');`)), [
      '5:27 Invalid regular expression pattern. Pattern: (?=a).',
    ]);
  });

  it('refuses a second recursive wildcard, also in a nested match', () => {
    assert.deepEqual(shownIssues(inMatch('match /{a=**} { match /{b=**} { allow read; } }')), [
      '5:17 A path may have only one recursive wildcard.',
    ]);
  });

  it('refuses anything after a recursive wildcard in version 1', () => {
    const issues = shownIssues(`service cloud.firestore { match /{a=**}/b { allow read; } }`);
    assert.equal(issues.at(-1), '1:27 In rules_version="1" a recursive wildcard must come last.');
  });

  it('refuses the name of a package for a parameter, a let and a wildcard, and where it is read', () => {
    const refused = (place: string): string => `${place} timestamp is a package and cannot be used as variable name.`;
    assert.deepEqual(
      shownIssues(inMatch('function f(timestamp) {\nreturn timestamp == 1; }\nallow read: if f(1);')),
      ['5:12', '6:8'].map(refused),
    );
    assert.deepEqual(
      shownIssues(inMatch('function f() { let timestamp = 1;\nreturn timestamp == 1; }\nallow read: if f();')),
      ['5:20', '6:8'].map(refused),
    );
    assert.deepEqual(shownIssues(firestoreRules('match /a/{timestamp} { allow read; }')), [refused('4:11')]);
    for (const name of ['duration', 'hashing', 'latlng', 'math'])
      assert.match(shownIssues(firestoreRules(`match /a/{${name}} { allow read; }`)).join(), /is a package/);
    assert.deepEqual(shownIssues(inMatch('function timestamp() { return true; } allow read: if timestamp();')), []);
  });

  it('sorts issues by place', () => {
    const issues = shownIssues(inMatch(`allow read: if zero == 1;\nallow write: if id.matches('[') || alpha == 2;`));
    assert.deepEqual(
      issues.map((issue) => issue.replace(/^warning /, '').split(' ')[0]),
      ['5:16', '6:28', '6:36'],
    );
  });
});
