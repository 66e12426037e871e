import assert from 'node:assert/strict';
import { int, list, map, str } from '#emulator/rules/values.js';
import type { LookedUpDocument, LookupBudget, RulesRequest } from '#emulator/rules/index.js';
import { decideWith, reasonsOf, ROOT, verdict } from './support.js';

const all = (condition: string): string => `match /{all=**} { allow read, write: if ${condition}; }`;
const document = (id: string): string => `/databases/$(database)/documents/users/${id}`;
const exists = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, i) => `exists(${document(`u${i + from}`)})`).join(' && ');

/** Users exist whose id starts with `u`; `after` has them all, with a role. */
const lookups: RulesRequest['lookups'] = {
  before: (segments) => (segments.at(-1)?.startsWith('u') ? found(segments, 'none') : null),
  after: (segments) => found(segments, 'courier'),
};
const found = (segments: readonly string[], role: string): LookedUpDocument => ({
  segments,
  data: map({ role: str(role) }),
});

describe('rules: look-ups', () => {
  it('read the state before, and after the whole commit', () => {
    const get = `get(${document('u1')}).data.role == 'none' && get(${document('u1')}).id == 'u1'`;
    assert.equal(verdict(get, { lookups }), 'true');
    assert.equal(
      verdict(`getAfter(${document('x')}).data.role == 'courier' && existsAfter(${document('x')})`, { lookups }),
      'true',
    );
    assert.equal(verdict(`exists(${document('x')})`, { lookups }), 'false');
  });

  it('answer null for a missing document', () => {
    assert.equal(verdict(`get(${document('x')}) == null`, { lookups }), 'true');
    assert.equal(verdict(`get(${document('x')}).data.role == 'a'`, { lookups }), 'Null value error.');
  });

  it('fail on what is not the path of a document', () => {
    assert.match(
      verdict(`exists(/databases/$(database)/documents/users)`, { lookups }),
      /^Service call error\. Function: \[exists\]/,
    );
    assert.equal(
      verdict(`exists('users/u1')`, { lookups }),
      'Unsupported operation error. Received: exists(string). Expected: exists(path).',
    );
  });

  it('accept 10 distinct documents and no 11th', () => {
    assert.deepEqual(decideWith(all(exists(10)), { lookups }), { allowed: true, lookups: 10, logs: [] });
    const [reason] = reasonsOf(decideWith(all(exists(11)), { lookups }));
    assert.match(
      reason ?? '',
      /^Service call error\. Function: \[exists\], Argument: \[path_value \{\n  segments \{\n    simple: "databases"\n  \}\n/,
    );
    assert.match(reason ?? '', /simple: "u10"/);
  });

  it('count the same document once, before or after', () => {
    const again = `${exists(10)} && get(${document('u3')}) != null && existsAfter(${document('u3')})`;
    assert.equal(verdict(again, { lookups }), 'true');
  });

  it('count over all statements of a request', () => {
    assert.equal(decideWith(all(`${exists(6)} && false`) + all(exists(5, 6)), { lookups }).allowed, false);
  });

  it('share 20 over the parts of a multi-document request', () => {
    const sharedBudget: LookupBudget = { seen: new Set(), max: 20 };
    const part = (from: number): boolean => decideWith(all(exists(10, from)), { lookups, sharedBudget }).allowed;
    assert.deepEqual([part(0), part(10), part(5), part(20)], [true, true, true, false]);
  });

  it("pass on the caller's exceptions", () => {
    const signal = new Error('not fetched yet');
    const before = (): null => {
      throw signal;
    };
    assert.throws(() => decideWith(all(exists(1)), { lookups: { before } }), signal);
  });
});

describe('rules: the budget of 1000 expressions', () => {
  const EXHAUSTED =
    'Unable to evaluate the expression as the maximum of 1000 expressions to evaluate has been reached.';
  /** `f2` costs a hundred calls of `f0`. */
  const functions = (body: string): string => {
    const ten = (name: string): string => Array<string>(10).fill(`${name}()`).join(' && ');
    return `function f0() { return ${body}; } function f1() { return ${ten('f0')}; } function f2() { return ${ten('f1')}; }`;
  };
  const spend = (rest: number): string =>
    `[${Array<string>(rest - 1)
      .fill('1')
      .join(', ')}] is list`;

  it('is spent by calls, operators and operands', () => {
    // f0 costs 2 with its body, f1 10 × 2 + 9 + 1 = 30, f2 10 × 30 + 9 + 1 = 310.
    assert.equal(verdict('f2() && f2() && f2()', {}, functions('true')), 'true');
    assert.equal(verdict('f2() && f2() && f2() && f2()', {}, functions('true')), EXHAUSTED);
  });

  it('reaches exactly 1000', () => {
    // 932 for three f2 and two &&, 1 for the third &&, 2 for `is`, and the list.
    const used = 'f2() && f2() && f2()';
    assert.equal(verdict(`${used} && ${spend(65)}`, {}, functions('true')), 'true');
    assert.equal(verdict(`${used} && ${spend(66)}`, {}, functions('true')), EXHAUSTED);
  });

  it('counts each segment of a path', () => {
    const path = `/a/$('b')/c is path`; // 2 + 1 + 3
    assert.equal(verdict(`f2() && f2() && f2() && ${spend(65 - 7)} && ${path}`, {}, functions('true')), 'true');
    assert.equal(verdict(`f2() && f2() && f2() && ${spend(65 - 6)} && ${path}`, {}, functions('true')), EXHAUSTED);
  });

  it('is not absorbed by || nor renewed by the next statement', () => {
    const body = `${functions('true')} ${all('(f2() && f2() && f2() && f2()) || true')}\n${all('true')}`;
    assert.deepEqual(reasonsOf(decideWith(body)), [`${EXHAUSTED} for 'get' @ L4`]);
  });

  it('spares what a decided || skips', () => {
    assert.equal(verdict('true || (f2() && f2() && f2() && f2())', {}, functions('true')), 'true');
  });

  it('is spent by unused lets', () => {
    const f3 = 'function f3() { let a = f2(); let b = f2(); let c = f2(); let d = f2(); return true; }';
    assert.equal(verdict('f3()', {}, functions('true') + f3), EXHAUSTED);
  });
});

describe('rules: the effort of one request', () => {
  const TOO_MANY = 'Unable to evaluate the expression as it takes too many steps.';
  const wide = {
    resource: map({
      data: map({ ids: list(Array.from({ length: 50_000 }, (_, i) => int(i))), text: str('a'.repeat(50_000)) }),
    }),
  };
  const ids = 'resource.data.ids';
  const text = 'resource.data.text';
  /** `d0` doubles its argument so many times over. */
  const doubling = (times: number, twice: string): string =>
    Array.from(
      { length: times + 1 },
      (_, i) => `function d${i}(x) { return ${i === times ? 'x' : `d${i + 1}(${twice})`}; }`,
    ).join('\n');

  it('is enough to compare long lists with each other', () => {
    assert.equal(verdict(`${ids}.hasAll(${ids}) && ${ids}.toSet() == ${ids}.concat(${ids}).toSet()`, wide), 'true');
  });

  it('is enough for a list or a text that doubles a few times, and not for twenty', () => {
    for (const [large, twice] of [
      [ids, 'x.concat(x)'],
      [text, 'x + x'],
    ] as const) {
      assert.equal(verdict(`d0(${large}).size() == 200000`, wide, doubling(2, twice)), 'true');
      assert.equal(verdict(`d0(${large}).size() > 0`, wide, doubling(20, twice)), TOO_MANY);
    }
  });

  it('is enough for one match of a costly pattern, and is shared by all of them', () => {
    const search = `!${text}.matches('(a?b?c?)*d')`;
    assert.equal(verdict(search, wide), 'true');
    assert.equal(verdict(Array<string>(20).fill(search).join(' && '), wide), TOO_MANY);
  });

  it('is not enough for a text concatenated many times', () => {
    assert.equal(verdict(`['a', 'b'].join(${text}).size() == 50002`, wide), 'true');
    assert.equal(verdict(`${ids}.join(${text}).size() > 0`, wide), TOO_MANY);
    assert.equal(verdict(`${text}.replace('a', ${text}).size() > 0`, wide), TOO_MANY);
  });

  it('is not absorbed by || nor renewed by the next statement', () => {
    const body = `${all(`${ids}.join(${text}).size() > 0 || true`)}\n${all('true')}`;
    assert.deepEqual(reasonsOf(decideWith(body, wide)), [`${TOO_MANY} for 'get' @ L4`]);
  });
});

it('rules: a document path has pairs of a collection and an id', () => {
  assert.equal(verdict(`exists(/${ROOT.join('/')}/a/b/c)`, { lookups }).startsWith('Service call error'), true);
});
