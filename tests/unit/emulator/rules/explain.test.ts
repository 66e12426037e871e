import assert from 'node:assert/strict';
import { compileRules, explainIssue } from '#emulator/rules/index.js';

function explained(source: string): string {
  return compileRules(source, 'firestore.rules')
    .issues.map((issue) => explainIssue(issue, source))
    .join('\n');
}

describe('rules: explained issues', () => {
  it('show the line with a caret below the fault, and what was expected', () => {
    const source = `rules_version = '2';\nservice cloud.firestore {\n\tmatch /a/{id} { allow reed, write; }\n}`;
    assert.equal(
      explained(source),
      `[E] firestore.rules:3:24 - Unexpected 'reed'.
  3 |  match /a/{id} { allow reed, write; }
    |                        ^^^^ expected: a method: get, list, create, update, delete, read, write`,
    );
  });

  it('mark a warning, and have no line where the whole ruleset is meant', () => {
    assert.equal(
      explained('service cloud.firestore {}'),
      '[W] firestore.rules - Ruleset uses old version (version [1]). Please update to the latest version (version [2]).',
    );
  });

  it('cut a long line around the fault', () => {
    const source = `rules_version = '2'; service a { /* ${'😀'.repeat(300)} */ nonsense } // ${'x'.repeat(300)}`;
    const [, line = '', caret = ''] = explained(source).split('\n');
    assert.equal([...line].length, 126);
    assert.equal([...line].slice(caret.indexOf('^')).join('').indexOf('nonsense'), 0);
    assert.match(caret, /\^{8} expected/);
  });

  it('put the caret after the end of a source that ends too early', () => {
    assert.match(explained(`rules_version = '2'; service a {`), / {33}\^ expected: '}'$/m);
  });
});
