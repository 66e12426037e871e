import assert from 'node:assert/strict';
import type { ListConstraint, ListQuery, RulesRequest } from '#emulator/rules/index.js';
import { bool, int, map, RULES_NULL, str } from '#emulator/rules/values.js';
import { decideWith, reasonsOf, ROOT } from './support.js';

const where = (field: string, op: ListConstraint['op'], value: ListConstraint['value']): ListConstraint => ({
  field: field.split('.'),
  op,
  value,
});

function aList(disjuncts: ListQuery['disjuncts'], query: Partial<ListQuery> = {}): Partial<RulesRequest> {
  const base: ListQuery = {
    collectionId: 'orders',
    allDescendants: false,
    disjuncts,
    limit: null,
    offset: 0,
    orderBy: null,
  };
  return { method: 'list', path: [...ROOT, 'orders'], query: { ...base, ...query } };
}

/** True, false, or the reason why a rule on /orders/{id} does not grant the query. */
function proof(condition: string, constraints: ListConstraint[], query: Partial<ListQuery> = {}): string {
  const decision = decideWith(`match /orders/{id} { allow list: if ${condition}; }`, aList([constraints], query));
  return decision.allowed ? 'proven' : (reasonsOf(decision)[0] ?? '').replace(/ for 'list'.*/, '');
}

const UNDETERMINED = 'evaluation error at L4:37';

function itProves(cases: readonly [condition: string, constraints: ListConstraint[], expected: string][]): void {
  for (const [condition, constraints, expected] of cases) {
    const filters = constraints.map(
      ({ field, op, value }) => `${field.join('.')} ${op} ${'value' in value ? value.value : value.kind}`,
    );
    it(`${expected === 'proven' ? 'proves' : `answers "${expected.slice(0, 40)}" to`} ${condition} from [${filters.join(', ')}]`, () =>
      assert.equal(proof(condition, constraints), expected));
  }
}

describe('rules: queries, equality', () => {
  itProves([
    [`resource.data.owner == 'al'`, [where('owner', '==', str('al'))], 'proven'],
    [`resource.data.owner == 'al'`, [where('owner', '==', str('bo'))], 'false'],
    [`resource.data.owner == 'al'`, [], 'Property owner is undefined on object.'],
    [`resource.data.owner == null`, [where('owner', '==', RULES_NULL)], 'proven'],
    [`resource.data.owner != null`, [where('owner', '!=', RULES_NULL)], 'proven'],
    [`resource.data.owner != 'al'`, [where('owner', '!=', str('al'))], 'proven'],
    [`resource.data.owner == 'al'`, [where('owner', '!=', str('al'))], 'false'],
    [`resource.data.owner == 'bo'`, [where('owner', '!=', str('al'))], UNDETERMINED],
    [`resource.data.a.b == 1`, [where('a.b', '==', int(1))], 'proven'],
    [`resource.data.a.c == 1`, [where('a.b', '==', int(1))], 'Property c is undefined on object.'],
    [`resource.data.a == {'b': 1}`, [where('a.b', '==', int(1))], UNDETERMINED],
    [`resource.data.open`, [where('open', '==', bool(true))], 'proven'],
  ]);
});

describe('rules: queries, ranges', () => {
  const over5 = where('n', '>', int(5));
  const upTo5 = where('n', '<=', int(5));
  itProves([
    [`resource.data.n > 3`, [over5], 'proven'],
    [`resource.data.n > 5`, [over5], 'proven'],
    [`3 < resource.data.n`, [over5], 'proven'],
    [`resource.data.n > 6`, [over5], UNDETERMINED],
    [`resource.data.n <= 5`, [over5], 'false'],
    [`resource.data.n == 5`, [over5], 'false'],
    [`resource.data.n != 4`, [over5], 'proven'],
    [`resource.data.n > 5`, [where('n', '>=', int(5))], UNDETERMINED],
    [`resource.data.n <= 5`, [upTo5], 'proven'],
    [`resource.data.n < 6`, [upTo5], 'proven'],
    [`resource.data.n < 5`, [upTo5], UNDETERMINED],
    [`resource.data.n > 2 && resource.data.n < 9`, [over5, where('n', '<', int(8))], 'proven'],
    [`resource.data.n is number`, [over5], 'proven'],
    [`resource.data.n is string`, [over5], 'false'],
    [`resource.data.n is int`, [over5], UNDETERMINED],
    [`resource.data.n != null`, [over5], 'proven'],
    [`resource.data.n in [1, 2, 3]`, [over5], 'false'],
    [`resource.data.n in [1, 7]`, [over5], UNDETERMINED],
    [
      `resource.data.n + 1 > 3`,
      [over5],
      'Unsupported operation error. Received: constraint + int. Expected: int + int, float + float, string + string, timestamp + duration, duration + duration.',
    ],
  ]);
});

describe('rules: queries, arrays', () => {
  const tagged = where('tags', 'array-contains', str('vegan'));
  itProves([
    [`'vegan' in resource.data.tags`, [tagged], 'proven'],
    [`'halal' in resource.data.tags`, [tagged], UNDETERMINED],
    [
      `['vegan'].hasAny(resource.data.tags)`,
      [tagged],
      'Unsupported operation error. Received: list.hasAny(constraint). Expected: list.hasAny(list).',
    ],
  ]);
});

describe('rules: queries, other fields of documents', () => {
  itProves([
    [`'owner' in resource.data`, [where('owner', '==', str('al'))], 'proven'],
    [`!('secret' in resource.data)`, [], UNDETERMINED],
    [`resource.data.keys().hasOnly(['owner'])`, [where('owner', '==', str('al'))], UNDETERMINED],
    [`resource.data.size() == 1`, [where('owner', '==', str('al'))], UNDETERMINED],
    [`resource.data.get('owner', null) == 'al'`, [where('owner', '==', str('al'))], 'proven'],
    [`resource.data.get('secret', null) == null`, [], UNDETERMINED],
    [`resource.data is map && resource != null && resource.data != null`, [], 'proven'],
    [`resource.data == {}`, [], UNDETERMINED],
    [`resource.data.secret == 1 || true`, [], 'proven'],
    [`!(resource.data.secret == 1)`, [], 'Property secret is undefined on object.'],
  ]);
});

describe('rules: queries, ids', () => {
  itProves([
    [`id == 'o1'`, [], UNDETERMINED],
    [`resource.id == 'o1'`, [], UNDETERMINED],
    [`id != 'o1'`, [], UNDETERMINED],
    [`exists(/databases/$(database)/documents/a/$(id))`, [], UNDETERMINED],
    [`database == '(default)'`, [], 'proven'],
  ]);

  it('know ids that the query fixes, and need a grant for each', () => {
    assert.equal(proof(`id in ['o1', 'o2'] && resource.id == id`, [], { documentIds: ['o1', 'o2'] }), 'proven');
    assert.equal(proof(`id in ['o1']`, [], { documentIds: ['o1', 'o2'] }), 'false');
  });

  it('are not granted by a rule on one document', () => {
    const decision = decideWith('match /orders/o1 { allow list; }', aList([[]]));
    assert.deepEqual(reasonsOf(decision), ['No matching allow statements']);
  });
});

describe('rules: queries, disjunctions', () => {
  const rule = `match /orders/{id} { allow list: if resource.data.s in ['a', 'b']; }`;
  const oneOf = (...values: string[]): Partial<RulesRequest> =>
    aList(values.map((value) => [where('s', '==', str(value))]));

  it('are granted when each part is', () => {
    assert.ok(decideWith(rule, oneOf('a', 'b')).allowed);
    assert.ok(!decideWith(rule, oneOf('a', 'c')).allowed);
  });

  it('may be granted by another statement for each part', () => {
    const body = `match /orders/{id} { allow list: if resource.data.s == 'a'; allow list: if resource.data.s == 'b'; }`;
    assert.ok(decideWith(body, oneOf('a', 'b')).allowed);
  });
});

describe('rules: queries, collection groups', () => {
  const group: Partial<ListQuery> = { allDescendants: true };
  const allows = (body: string, query: Partial<ListQuery>, path = [...ROOT, 'orders']): boolean =>
    decideWith(body, { ...aList([[]], query), path }).allowed;

  it('need a recursive wildcard before the collection', () => {
    assert.ok(allows('match /{path=**}/orders/{id} { allow list; }', group));
    assert.ok(allows('match /{all=**} { allow list; }', group));
    assert.ok(!allows('match /orders/{id} { allow list; }', group));
    assert.ok(!allows('match /users/{u}/orders/{id} { allow list; }', group));
  });

  it('do not know the value of the wildcard', () => {
    assert.ok(!allows(`match /{path=**}/orders/{id} { allow list: if path[0] != 'x'; }`, group));
  });

  it('know the parent of the requested collection', () => {
    const body = 'match /users/{u}/{path=**}/orders/{id} { allow list: if u == "u1"; }';
    assert.ok(allows(body, group, [...ROOT, 'users', 'u1', 'orders']));
    assert.ok(!allows(body, group));
  });

  it('need a rule for all documents when no collection is named', () => {
    const query: ListQuery = { allDescendants: true, disjuncts: [[]], limit: null, offset: 0, orderBy: null };
    const ask = (body: string): boolean => decideWith(body, { method: 'list', path: [...ROOT], query }).allowed;
    assert.ok(ask('match /{all=**} { allow list; }'));
    assert.ok(!ask('match /{path=**}/orders/{id} { allow list; }'));
  });
});

describe('rules: request.query', () => {
  it('shows limit, offset and order', () => {
    const query: Partial<ListQuery> = { limit: 5, offset: 2, orderBy: new Map([['n', 'ASC']]) };
    assert.equal(
      proof(
        `request.query.limit <= 5 && request.query.offset == 2 && request.query.orderBy == {'n': 'ASC'}`,
        [],
        query,
      ),
      'proven',
    );
  });

  it('refuses a bound on the limit when there is none', () => {
    assert.match(proof('request.query.limit <= 10', []), /^Unsupported operation error\. Received: null <= int\./);
  });

  it('proves nothing by the order', () => {
    assert.equal(
      proof('resource.data.n > 0', [], { orderBy: new Map([['n', 'ASC']]) }),
      'Property n is undefined on object.',
    );
  });
});

it('rules: a user in a list of members is proven from array-contains', () => {
  const auth = map({ uid: str('al') });
  const request = { ...aList([[where('members', 'array-contains', str('al'))]]), auth };
  assert.ok(
    decideWith('match /orders/{id} { allow list: if request.auth.uid in resource.data.members; }', request).allowed,
  );
});
