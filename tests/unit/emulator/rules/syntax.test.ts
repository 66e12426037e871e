import assert from 'node:assert/strict';
import { compiled, firestoreRules, issuesOf, itHolds, shownIssues } from './support.js';

const allow = (condition: string): string => firestoreRules(`match /a/{id} { allow read: if ${condition}; }`);

describe('rules: literals', () => {
  itHolds([
    `'\\\\ \\' \\" \\n \\r \\t \\/'.size() == 13`,
    `"\\x41\\u0042\\U00000043" == 'ABC'`,
    `'\\U0001F600'.size() == 2`,
    `"it's" == 'it\\'s'`,
    `b'a\\xFF' == b'\\x61\\xFF'`,
    `b'\\n\\u00e9'.toHexString() == '0AC3A9'`,
    `1e3 == 1000.0 && 1.5e-1 == 0.15`,
    `-9223372036854775808 < -9223372036854775807`,
    `{'a': [1, {'b': null}]}.a[1].b == null`,
  ]);

  it('refuses an escape that the language does not have', () => {
    assert.deepEqual(shownIssues(allow(`'\\q' == 'q'`)), [`4:32 Unexpected ''\\q''.`]);
  });

  it('refuses an int beyond 64 bits', () => {
    assert.deepEqual(shownIssues(allow('9223372036854775808 > 0')), [`4:32 Unexpected '9223372036854775808'.`]);
  });

  it('refuses a string that does not end on its line', () => {
    assert.deepEqual(shownIssues(allow(`'abc\n' == 'abc'`)), [`4:32 Unexpected '''.`]);
  });
});

describe('rules: precedence', () => {
  itHolds(
    [
      `1 + 2 * 3 == 7`,
      `(1 + 2) * 3 == 9`,
      `10 - 4 - 3 == 3`,
      `true || false && false`,
      `1 in [1] == true`,
      `1 is int == true`,
      `!false == true`,
      `-2 * -3 == 6`,
      `1 < 2 == true`,
      `false ? false : true ? true : false`,
      `[1, 2][0] + 1 == 2`,
      `{'in': 1, 'match': 2}.match == 2`,
      `/* a comment */ true // and another`,
    ].map((condition) => (condition.includes('//') ? `${condition}\n` : condition)),
  );
});

describe('rules: paths', () => {
  itHolds([
    `/a/b == path('/a/b')`,
    `/a/$('b')/c-d.e == path('/a/b/c-d.e')`,
    `/a/$(/b/c)/d == path('/a/b/c/d')`,
    `/databases/(default)/documents[1] == '(default)'`,
    `/a/$('b' + 'c')[1] == 'bc'`,
    `6 / 2 == 3`,
  ]);
});

describe('rules: statements', () => {
  it('accepts functions at file, service and match level', () => {
    compiled(`rules_version = '2'; function f() { return true; }
      service cloud.firestore { function g() { return f(); }
        match /a/{b} { function h() { return g(); } allow get, list: if h(); allow write; } }`);
  });

  it('finds no issue in a valid ruleset', () => {
    assert.deepEqual(issuesOf(allow('request.auth != null')), []);
  });

  const faults: Record<string, [source: string, issues: string[]]> = {
    'an import': [`rules_version = '2';\nimport {f} from 'x';`, [`2:8 Unexpected '{'.`]],
    'a version that comes late': [`service a {}\nrules_version = '2';`, [`2:1 Unexpected 'rules_version'.`]],
    'a version that does not exist': [`rules_version = '3';`, [`1:17 Unexpected ''3''.`]],
    'a block without an end': [`service a {`, [`1:12 Unexpected '<EOF>'.`]],
    'an if without a condition': [
      `service a { match /b {\n  allow read: if; } }`,
      [`2:15 Missing conditional expression after 'if'.`],
    ],
    'a condition without if': [
      `service a { match /b {\n  allow read: true; } }`,
      [`2:15 Missing 'if' before conditional expression.`],
    ],
    'an unknown method': [`service a { match /b { allow reed; } }`, [`1:30 Unexpected 'reed'.`]],
    'an unknown type': [allow('1 is bogus'), [`4:37 Unexpected 'bogus'.`]],
    'null as a type': [allow('null is null'), [`4:40 Unexpected 'null'.`]],
    'an allow outside of a match': [`service a { allow read; }`, [`1:13 Unexpected 'allow'.`]],
    'a lone ampersand': [allow('true & true'), [`4:37 Unexpected '&'.`]],
    'a keyword as a variable': [allow('match == 1'), [`4:32 Unexpected 'match'.`]],
    'a let in version 1': [
      `function f() {\n  let a = 1; return a; }`,
      [`2:3 Let bindings are not allowed in rules_version="1"`],
    ],
  };
  for (const [what, [source, issues]] of Object.entries(faults)) {
    it(`refuses ${what}`, () => assert.deepEqual(shownIssues(source), issues));
  }

  it('counts offsets in code points, the end included', () => {
    const [issue] = issuesOf(`// 😀\nservice a { nonsense }`);
    assert.deepEqual(issue, {
      severity: 'ERROR',
      description: `Unexpected 'nonsense'.`,
      expected: `'match', 'function' or '}'`,
      fileName: 'firestore.rules',
      position: { line: 2, column: 13, currentOffset: 17, endOffset: 24 },
    });
  });
});

describe('rules: complexity', () => {
  const chain = (terms: number): string => Array<string>(terms).fill('true').join(' && ');
  const TOO_COMPLEX = 'Expression is too complex to evaluate safely.';

  it('accepts a chain of 98 terms and refuses one of 99', () => {
    assert.deepEqual(issuesOf(allow(chain(98))), []);
    assert.deepEqual(shownIssues(allow(chain(99))), [`4:32 ${TOO_COMPLEX}`]);
  });

  for (const [what, condition] of Object.entries({
    parentheses: `${'('.repeat(20_000)}true${')'.repeat(20_000)}`,
    negations: `${'!'.repeat(20_000)}true`,
    lists: '['.repeat(20_000),
    'terms of a chain': chain(20_000),
  })) {
    it(`refuses 20 000 ${what} without exhausting the stack`, () => {
      assert.match(shownIssues(allow(condition)).join(), /too complex/);
    });
  }

  it('refuses a source over 256 KB', () => {
    const source = allow('true');
    assert.deepEqual(issuesOf(source + ' '.repeat(256 * 1024 - source.length)), []);
    assert.match(shownIssues(source + ' '.repeat(256 * 1024 - source.length + 1)).join(), /256 KB/);
  });
});

describe('rules: semicolons', () => {
  it('may be left out after the version, an allow and a return', () => {
    const source = `rules_version='2'
      service cloud.firestore {
        match /databases/{database}/documents {
          function isOpen() { return true }
          match /a/{id} {
            allow get
            allow list: if isOpen()
            allow write: if false
          }
          match /b/{id} { allow read }
        }
      }`;
    assert.deepEqual(shownIssues(source), []);
    assert.ok(compiled(source));
  });

  it('are required after a let, and the message names what must follow', () => {
    const source = firestoreRules(`
      function f(id) { let x = id
        return x == 'a' }
      match /a/{id} { allow read: if f(id); }`);
    assert.deepEqual(shownIssues(source), [`6:9 missing ';' at 'return'`]);
  });
});

describe('rules: several faults', () => {
  it('are all named, each statement for itself', () => {
    const source = firestoreRules(`
      function f(a) { let b = a return b; }
      match /a/{id} {
        allow reed;
        allow read: if id == ;
        allow write: if f(id;
        let x = 1;
      }
      match /b/{id}.jpg { allow read: if; }
      /c/{id} { allow read: true; }
      match /d/{id} { allow read: if id.match == 'a'; }
      match e/{id} { allow read; }
      match /f/{user-id}/g/{id} { allow reed; }`);
    assert.deepEqual(shownIssues(source), [
      `5:33 missing ';' at 'return'`,
      `7:15 Unexpected 'reed'.`,
      `8:30 Unexpected ';'.`,
      `9:29 Unexpected ';'.`,
      `10:9 Unexpected 'let'.`,
      `12:20 mismatched input '.' expecting {'{', '/', PATH_SEGMENT}`,
      `12:39 Missing conditional expression after 'if'.`,
      `13:7 Missing 'match' keyword before path.`,
      `13:29 Missing 'if' before conditional expression.`,
      `15:13 Unexpected 'e'.`,
      `16:21 Unexpected '-'.`,
      `16:41 Unexpected 'reed'.`,
    ]);
  });

  it('name what was expected', () => {
    const source = firestoreRules(`match /a/{id} {\nallow reed;\nallow read: if (id == 'a';\n}`);
    assert.deepEqual(
      issuesOf(source).map(({ expected }) => expected),
      ['a method: get, list, create, update, delete, read, write', "')'"],
    );
  });

  it('do not follow from a missing brace', () => {
    const source = firestoreRules(`function f() { return true\n match /a/{id} { allow read: if f(); }`);
    assert.deepEqual(shownIssues(source), [`5:2 Unexpected 'match'.`]);
  });

  it('do not follow from a text that is not rules', () => {
    const json = '{\n  "rules": { ".read": "auth != null" }\n}';
    assert.deepEqual(shownIssues(json), [
      `1:1 mismatched input '{' expecting {'function', 'import', 'service', 'rules_version'}`,
    ]);
  });
});
