import assert from 'node:assert/strict';
import type { RulesRequest } from '#emulator/rules/index.js';
import { map, str } from '#emulator/rules/values.js';
import { aRequest, compiled, decideWith, reasonsOf, ROOT, verdict } from './support.js';

const at = (...segments: string[]): Partial<RulesRequest> => ({ path: [...ROOT, ...segments] });
const isAllowed = (body: string, changes: Partial<RulesRequest> = {}): boolean => decideWith(body, changes).allowed;

describe('rules: patterns', () => {
  it('binds a wildcard to one segment', () => {
    assert.ok(isAllowed(`match /orders/{id} { allow get: if id == 'o1' && database == '(default)'; }`));
    assert.ok(!isAllowed(`match /orders/{id} { allow get; }`, at('orders', 'o1', 'events', 'e1')));
  });

  it('matches a literal exactly', () => {
    assert.ok(!isAllowed(`match /order/{id} { allow get; }`));
    assert.ok(isAllowed(`match /orders/my-file.v2 { allow get; }`, at('orders', 'my-file.v2')));
  });

  it('binds a recursive wildcard to a path of none or more segments in version 2', () => {
    const body = `match /orders/{id}/{rest=**} { allow get: if rest == path('/events/e1'); allow list: if true; }`;
    assert.ok(isAllowed(body, at('orders', 'o1', 'events', 'e1')));
    assert.ok(isAllowed(`match /orders/{id}/{rest=**} { allow get: if rest is path; }`));
    assert.ok(
      isAllowed(
        `match /{p=**}/events/{e} { allow get: if e == 'e1' && p[1] == 'o1'; }`,
        at('orders', 'o1', 'events', 'e1'),
      ),
    );
    assert.ok(isAllowed(`match /{p=**}/events/{e} { allow get; }`, at('events', 'e1')));
  });

  it('needs at least one segment for a recursive wildcard in version 1', () => {
    const ruleset = compiled(
      `service cloud.firestore { match /databases/{d}/documents/orders/{o}/{rest=**} { allow get; } }`,
    );
    assert.ok(!ruleset.decide(aRequest()).allowed);
    assert.ok(ruleset.decide(aRequest(at('orders', 'o1', 'events', 'e1'))).allowed);
  });

  it('joins nested matches, an inner name hiding an outer one', () => {
    const body = `match /orders/{id} { match /events/{id} { allow get: if id == 'e1'; } }`;
    assert.ok(isAllowed(body, at('orders', 'o1', 'events', 'e1')));
    assert.ok(!isAllowed(body));
  });

  it('knows no block of another service', () => {
    const ruleset = compiled(
      `rules_version = '2'; service firebase.storage { match /{all=**} { allow read, write; } }`,
    );
    assert.deepEqual(reasonsOf(ruleset.decide(aRequest())), ['No matching allow statements']);
  });
});

describe('rules: deciding', () => {
  it('adds up all blocks that match: a broad grant cannot be narrowed', () => {
    assert.ok(isAllowed(`match /orders/{id} { allow get: if false; } match /{all=**} { allow get; }`));
  });

  it('continues after an error', () => {
    assert.ok(isAllowed(`match /orders/{id} { allow get: if resource.data.x == 1; allow get: if true; }`));
  });

  it('expands read and write', () => {
    const body = `match /orders/{id} { allow read; } match /drafts/{id} { allow write; }`;
    for (const method of ['get', 'list'] as const) assert.ok(isAllowed(body, { method }));
    for (const method of ['create', 'update', 'delete'] as const) {
      assert.ok(!isAllowed(body, { method }));
      assert.ok(isAllowed(body, { method, ...at('drafts', 'd1') }));
    }
  });

  it('gives one reason for each statement that names the method, in source order', () => {
    const body = `match /{all=**} {\n allow create, get: if false;\n }\n match /orders/{id} {\n allow get: if resource.data.x == 1;\n allow write: if false;\n }`;
    assert.deepEqual(reasonsOf(decideWith(body)), [`false for 'get' @ L5`, `Null value error. for 'get' @ L8`]);
    assert.deepEqual(reasonsOf(decideWith(body, { method: 'list' })), ['No matching allow statements']);
  });
});

describe('rules: request and resource', () => {
  const order = map({ data: map({ total: str('9') }), id: str('o1') });

  it('shows the data before and after a write', () => {
    const changes = {
      method: 'update' as const,
      resource: order,
      requestResource: map({ data: map({ total: str('10') }) }),
    };
    assert.equal(
      verdict(`resource.data.total == '9' && request.resource.data.total == '10' && resource.id == 'o1'`, changes),
      'true',
    );
    assert.equal(
      verdict(`request.resource.data.diff(resource.data).changedKeys() == ['total'].toSet()`, changes),
      'true',
    );
  });

  it('shows the user', () => {
    const auth = map({ uid: str('alice'), token: map({ role: str('courier') }) });
    assert.equal(verdict(`request.auth.uid == 'alice' && request.auth.token.role == 'courier'`, { auth }), 'true');
    assert.equal(verdict(`request.auth.uid == 'alice'`), 'Null value error.');
  });
});

describe('rules: functions', () => {
  it('see what surrounds their declaration, not their caller', () => {
    const body = `function who() { return id; } match /orders/{id} { function mine() { return id; } allow get: if mine() == 'o1'; allow list: if who() == 'o1'; }`;
    assert.ok(isAllowed(body));
    assert.deepEqual(reasonsOf(decideWith(body, { method: 'list' })), [
      `Variable not found error: Name: [id]. for 'list' @ L4`,
    ]);
  });

  it('bind parameters and lets in order', () => {
    assert.equal(verdict('f(1, 2)', {}, 'function f(a, b) { let c = a + b; let a = c * 2; return a == 6; }'), 'true');
  });

  it('fail when called with another number of arguments', () => {
    assert.equal(
      verdict('f(1)', {}, 'function f() { return true; }'),
      'Incorrect number of arguments. Received: 1. Expected: 0.',
    );
  });

  it('forgive a failed argument or let that the body does not need', () => {
    assert.equal(verdict('f(null.x)', {}, 'function f(a) { let b = null.y; return b || a || true; }'), 'true');
  });
});

describe('rules: coverage', () => {
  it('counts the values of each expression, nested as in the source', () => {
    const ruleset = compiled(
      `rules_version = '2'; service cloud.firestore { match /{all=**} { allow get: if request.method == 'get'; } }`,
    );
    ruleset.decide(aRequest());
    ruleset.decide(aRequest());
    const [report] = ruleset.coverage();
    assert.deepEqual(report?.values, [{ value: 'true', count: 2 }]);
    assert.equal(report?.sourcePosition?.column, 80);
    assert.deepEqual(report?.children?.[0]?.values, [{ value: '"get"', count: 2 }]);
    assert.equal(report?.children?.[0]?.children?.[0]?.values?.[0]?.value, 'map of 4');
  });

  it('leaves out the names of namespaces, which take no value', () => {
    const ruleset = compiled(
      `rules_version = '2'; service cloud.firestore { match /{all=**} { allow get: if math.abs(-1) == 1; } }`,
    );
    ruleset.decide(aRequest());
    const [call, ...others] = ruleset.coverage()[0]?.children ?? [];
    assert.deepEqual(others, []);
    assert.deepEqual(call?.values, [{ value: '1', count: 1 }]);
    assert.deepEqual(
      call?.children?.map(({ values }) => values),
      [[{ value: '-1', count: 1 }]],
    );
  });

  it('shows what never ran', () => {
    const ruleset = compiled(
      `rules_version = '2'; service cloud.firestore { match /{all=**} { allow list: if request.auth != null; } }`,
    );
    ruleset.decide(aRequest());
    assert.equal(ruleset.coverage()[0]?.values, undefined);
  });
});
