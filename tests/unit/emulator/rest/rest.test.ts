import assert from 'node:assert/strict';
import { isJsonObject, type Json } from '#emulator/protocol/schema.js';
import { type RunningServer, startServer } from '#emulator/server.js';
import { rest } from '../../../conformance/emulator-client.js';

const DATABASE = 'projects/demo-rest/databases/(default)';
const DOCUMENTS = `${DATABASE}/documents`;
const OWNER = 'Bearer owner';
const token = (claims: Json, header: Json = { alg: 'none' }): string =>
  `Bearer ${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

type Ask = readonly [method: string, path: string, body?: Json | undefined, authorization?: string | null];

describe('REST', () => {
  let server: RunningServer;
  before(async () => {
    server = await startServer();
    for (const id of ['a', 'b']) await ok(['PATCH', `${DOCUMENTS}/c/${id}`, { fields: { n: { integerValue: '1' } } }]);
    await ok(['PATCH', `${DOCUMENTS}/ghosts/g/s/x`, {}]);
  });
  after(() => server.close());

  function ask([method, path, body, authorization = OWNER]: Ask): ReturnType<typeof rest> {
    const text = typeof body === 'string' ? body : body === undefined ? null : JSON.stringify(body);
    return rest(server.port, method, path.startsWith('/') ? path : `/v1/${path}`, { body: text, authorization });
  }

  async function ok(asked: Ask): Promise<Json> {
    const { status, json, text } = await ask(asked);
    assert.equal(status, 200, text);
    return json ?? null;
  }

  async function field(asked: Ask, name: string): Promise<Json | undefined> {
    const answer = await ok(asked);
    return isJsonObject(answer) ? answer[name] : undefined;
  }

  /** Each request with the status and the message that refuse it. */
  function itRefuses(
    cases: Record<string, readonly [asked: Ask, code: number, error: string, message?: string]>,
  ): void {
    for (const [what, [asked, code, error, message]] of Object.entries(cases)) {
      it(`refuses ${what}`, async () => {
        const { status, json } = await ask(asked);
        const told = isJsonObject(json) && isJsonObject(json['error']) ? json['error'] : {};
        assert.deepEqual([status, told['code'], told['status'], told['message']], [code, code, error, message]);
      });
    }
  }

  describe('the bare port', () => {
    it('answers GET, and refuses unknown paths', async () => {
      const asked = await Promise.all(
        [
          ['GET', '/'],
          ['HEAD', '/'],
          ['GET', '/none'],
          ['GET', '//'],
        ].map(async ([method = '', path = '']) => {
          const { status, text } = await ask([method, path]);
          return [status, text];
        }),
      );
      assert.deepEqual(asked, [
        [200, 'Ok\n'],
        [404, ''],
        [404, 'Not Found\n'],
        [404, 'Not Found\n'],
      ]);
    });
  });

  describe('origins', () => {
    const headersFor = async (method: string, headers: Record<string, string>): Promise<(string | null)[]> => {
      const answer = await fetch(`http://127.0.0.1:${server.port}/v1/${DOCUMENTS}/c/a`, { method, headers });
      return ['origin', 'credentials', 'methods', 'headers', 'private-network'].map((name) =>
        answer.headers.get(`access-control-allow-${name}`),
      );
    };
    const methods = 'DELETE,GET,HEAD,PATCH,POST,PUT';

    it('are returned by name, also when the request has none', async () => {
      for (const origin of ['http://localhost:3000', 'null'])
        assert.deepEqual(await headersFor('GET', { origin }), [origin, 'true', methods, null, null]);
    });
    it('get the requested headers in a preflight', async () => {
      const asked = { 'access-control-request-headers': 'x-a, x-b', 'access-control-request-private-network': 'true' };
      const answer = await headersFor('OPTIONS', { origin: 'http://a.test', ...asked });
      assert.deepEqual(answer, ['http://a.test', 'true', methods, 'x-a, x-b', 'true']);
    });
    it('are not returned when the request has none', async () => {
      assert.deepEqual(await headersFor('GET', {}), [null, null, null, null, null]);
    });
  });

  describe('names', () => {
    const get = (path: string): Ask => ['GET', path];
    it('may have a numeric id, letters of any script and what is percent-encoded', async () => {
      for (const path of ['names/__id7__', 'names/é', 'names/a%20b']) await ok(['PATCH', `${DOCUMENTS}/${path}`, {}]);
      assert.equal(await field(get(`${DOCUMENTS}/names/a%20b`), 'name'), `${DOCUMENTS}/names/a b`);
    });
    itRefuses({
      'a reserved id': [
        get(`${DOCUMENTS}/c/__x__`),
        400,
        'INVALID_ARGUMENT',
        'Resource id "__x__" is invalid because it is reserved.',
      ],
      'a numeric id for a collection': [
        get(`${DOCUMENTS}/__id7__/a`),
        400,
        'INVALID_ARGUMENT',
        'Collection id "__id7__" is invalid because it is reserved.',
      ],
      'an id of 1,501 bytes': [
        ['PATCH', `${DOCUMENTS}/c/${'x'.repeat(1501)}`, {}],
        400,
        'INVALID_ARGUMENT',
        'The key path element name is longer than 1500 bytes.',
      ],
    });
  });

  describe('credentials', () => {
    const collections = (authorization: string | null): Ask => [
      'POST',
      `${DOCUMENTS}:listCollectionIds`,
      {},
      authorization,
    ];
    const metadata = 'Metadata operations require admin authentication.';
    it('make an administrator of an owner and of a Google token', async () => {
      for (const owner of [OWNER, 'bearer OWNER', 'Bearer ya29.x'])
        assert.deepEqual(await field(collections(owner), 'collectionIds'), ['c', 'ghosts', 'names']);
    });
    it('are decoded, not verified', async () => {
      await ok(['GET', `${DOCUMENTS}/c/a`, undefined, token({ sub: 'ada', exp: 1 }, { alg: 'RS256' })]);
      await ok(['GET', `${DOCUMENTS}/c/a`, undefined, null]);
    });
    itRefuses({
      'a user to list collections': [collections(token({ sub: 'ada' })), 403, 'PERMISSION_DENIED', metadata],
      'an unauthenticated client to list collections': [collections(null), 403, 'PERMISSION_DENIED', metadata],
      'a user to list missing documents': [
        ['GET', `${DOCUMENTS}/c?showMissing=true`, undefined, null],
        403,
        'PERMISSION_DENIED',
        metadata,
      ],
      'a user to write in batches': [
        ['POST', `${DOCUMENTS}:batchWrite`, {}, null],
        403,
        'PERMISSION_DENIED',
        'Batch writes require admin authentication.',
      ],
      'what is no token': [
        ['GET', `${DOCUMENTS}/c/a`, undefined, 'Bearer x.y'],
        400,
        'INVALID_ARGUMENT',
        'invalid jwt',
      ],
      'claims that are no object': [
        ['GET', `${DOCUMENTS}/c/a`, undefined, token([])],
        400,
        'INVALID_ARGUMENT',
        'invalid jwt',
      ],
      'another scheme': [['GET', `${DOCUMENTS}/c/a`, undefined, 'Basic eA=='], 500, 'UNKNOWN'],
    });
  });

  describe('reads', () => {
    const list = (query: string): Ask => ['GET', `${DOCUMENTS}/${query}`];
    const aggregate = (aggregations: Json): Ask => [
      'POST',
      `${DOCUMENTS}:runAggregationQuery`,
      { structuredAggregationQuery: { structuredQuery: { from: [{ collectionId: 'c' }] }, aggregations } },
    ];
    const names = async (asked: Ask): Promise<Json[]> => {
      const documents = await field(asked, 'documents');
      return Array.isArray(documents)
        ? documents.map((each: Json) => (isJsonObject(each) ? String(each['name']).slice(DOCUMENTS.length + 1) : each))
        : [];
    };
    it('list page after page, and missing documents on request', async () => {
      const first = await ok(list('c?pageSize=1'));
      assert.ok(isJsonObject(first));
      assert.deepEqual(await names(list(`c?pageSize=1&pageToken=${String(first['nextPageToken'])}`)), ['c/b']);
      assert.deepEqual([await names(list('ghosts')), await names(list('ghosts?showMissing=true'))], [[], ['ghosts/g']]);
    });
    itRefuses({
      'a document that is not there': [list('c/none'), 404, 'NOT_FOUND', `Document (${DOCUMENTS}/c/none) not found.`],
      'a time to come': [
        list('c/a?readTime=2999-01-01T00:00:00Z'),
        400,
        'INVALID_ARGUMENT',
        "The requested 'read_time' cannot be in the future.",
      ],
      'a page of less than nothing': [list('c?pageSize=-1'), 400, 'INVALID_ARGUMENT', 'Page size must be nonnegative.'],
      'names backwards': [
        list('c?orderBy=__name__%20desc'),
        400,
        'FAILED_PRECONDITION',
        'Firestore does not support descending key scans',
      ],
      'missing documents in an order': [
        list('c?showMissing=true&orderBy=n'),
        400,
        'INVALID_ARGUMENT',
        'cannot specify an order when show_missing is true',
      ],
      'a query that is none': [
        ['POST', `${DOCUMENTS}:runQuery`, {}],
        400,
        'INVALID_ARGUMENT',
        'only structured queries are supported',
      ],
      'a search for neighbours that names no field': [
        [
          'POST',
          `${DOCUMENTS}:runQuery`,
          { structuredQuery: { from: [{ collectionId: 'c' }], findNearest: { limit: 1 } } },
        ],
        400,
        'INVALID_ARGUMENT',
        'FindNearest vector_field must be set.',
      ],
      'no aggregation': [aggregate([]), 400, 'INVALID_ARGUMENT', 'Aggregations can not be empty.'],
      'six aggregations': [
        aggregate(Array<Json>(6).fill({ count: {} })),
        400,
        'INVALID_ARGUMENT',
        'The maximum number of aggregations allowed in an aggregation query is 5. Received: 6',
      ],
      'two aggregations of one name': [
        aggregate([
          { alias: 'x', count: {} },
          { alias: 'x', count: {} },
        ]),
        400,
        'INVALID_ARGUMENT',
        'Aggregation aliases contain duplicate alias: x.',
      ],
      partitions: [
        ['POST', `${DOCUMENTS}:partitionQuery`, {}],
        501,
        'UNIMPLEMENTED',
        'Method google.firestore.v1.Firestore/PartitionQuery is unimplemented',
      ],
      'a pipeline': [
        ['POST', `${DOCUMENTS}:executePipeline`, {}],
        400,
        'INVALID_ARGUMENT',
        'ExecutePipeline requires the Database Edition to be `enterprise`.',
      ],
    });
  });

  describe('writes', () => {
    const patch = (path: string, fields: Json = {}): Ask => ['PATCH', `${DOCUMENTS}/${path}`, { fields }];
    const commit = (...writes: Json[]): Ask => ['POST', `${DOCUMENTS}:commit`, { writes }];
    const update = (path: string, more: { readonly [name: string]: Json } = {}): Json => ({
      update: { name: `${DOCUMENTS}/${path}` },
      ...more,
    });
    const exists = (path: string, present: boolean): Json => update(path, { currentDocument: { exists: present } });
    const verified = { verify: `${DOCUMENTS}/c/a`, currentDocument: { exists: true } };

    it('keep the time of a document that they do not change', async () => {
      const first = await field(patch('w/same', { n: { integerValue: '1' } }), 'updateTime');
      assert.equal(await field(patch('w/same', { n: { integerValue: '1' } }), 'updateTime'), first);
      assert.notEqual(await field(patch('w/same', { n: { doubleValue: 1 } }), 'updateTime'), first);
    });
    it('set the fields of a mask that the input has, and delete the others', async () => {
      await ok(patch('w/mask', { a: { integerValue: '1' }, b: { integerValue: '2' }, c: { integerValue: '3' } }));
      const masked = patch('w/mask?updateMask.fieldPaths=a&updateMask.fieldPaths=b', { a: { integerValue: '9' } });
      assert.deepEqual(await field(masked, 'fields'), { a: { integerValue: '9' }, c: { integerValue: '3' } });
    });
    it('create under a given id, or one of twenty letters and digits', async () => {
      assert.equal(await field(['POST', `${DOCUMENTS}/w?documentId=given`, {}], 'name'), `${DOCUMENTS}/w/given`);
      assert.match(String(await field(['POST', `${DOCUMENTS}/w`, {}], 'name')), /\/w\/[A-Za-z0-9]{20}$/);
    });
    it('apply in order within a commit, and independently in batches', async () => {
      const increment = { fieldTransforms: [{ fieldPath: 'n', increment: { integerValue: '2' } }] };
      const twice = { transform: { document: `${DOCUMENTS}/w/n`, ...increment } };
      const results = await field(commit(twice, twice), 'writeResults');
      assert.deepEqual(
        Array.isArray(results) && results.map((each: Json) => isJsonObject(each) && each['transformResults']),
        [[{ integerValue: '2' }], [{ integerValue: '4' }]],
      );
      const batch = await field(
        ['POST', `${DOCUMENTS}:batchWrite`, { writes: [exists('w/none', true), update('w/one')] }],
        'status',
      );
      assert.ok(Array.isArray(batch));
      assert.deepEqual(
        batch.map((status: Json) => isJsonObject(status) && (status['code'] ?? 0)),
        [5, 0],
      );
    });
    itRefuses({
      'to change what is not there': [
        commit(exists('c/none', true)),
        404,
        'NOT_FOUND',
        `No document to update: ${DOCUMENTS}/c/none`,
      ],
      'to create what is there': [
        commit(exists('c/a', false)),
        409,
        'ALREADY_EXISTS',
        `Document already exists: ${DOCUMENTS}/c/a`,
      ],
      'a write without an operation': [commit({}), 400, 'INVALID_ARGUMENT', 'empty write operation'],
      'a delete with a mask': [
        commit({ delete: `${DOCUMENTS}/c/a`, updateMask: { fieldPaths: ['n'] } }),
        400,
        'INVALID_ARGUMENT',
        'a delete must not specify a document mask.',
      ],
      'a document twice in a batch': [
        ['POST', `${DOCUMENTS}:batchWrite`, { writes: [update('c/x'), update('c/x')] }],
        400,
        'INVALID_ARGUMENT',
        'the same document cannot be written more than once in a single request',
      ],
      'an increment by text': [
        commit(update('c/x', { updateTransforms: [{ fieldPath: 'n', increment: { stringValue: '1' } }] })),
        400,
        'INVALID_ARGUMENT',
        'Input must be int64 or double.',
      ],
      'a mask that is no path': [
        ['PATCH', `${DOCUMENTS}/c/x?updateMask.fieldPaths=a..b`, {}],
        400,
        'INVALID_ARGUMENT',
        'Invalid property path "a..b". Unquoted property paths must match regex ([a-zA-Z_][a-zA-Z_0-9]*), and quoted property paths must match regex (`(?:[^`\\\\]|(?:\\\\.))+`)',
      ],
      'an array in an array': [
        patch('c/x', { f: { arrayValue: { values: [{ arrayValue: {} }] } } }),
        400,
        'INVALID_ARGUMENT',
        'Nested arrays are not allowed',
      ],
      'a value without a type': [
        patch('c/x', { f: {} }),
        400,
        'INVALID_ARGUMENT',
        'Cannot convert firestore.v1.Value with type unset.',
      ],
      'a reserved field': [
        patch('c/x', { __f__: { nullValue: null } }),
        400,
        'INVALID_ARGUMENT',
        'field name __f__ is reserved',
      ],
      'a text of 1,048,488 bytes': [
        patch('c/x', { f: { stringValue: 'x'.repeat(1_048_488) } }),
        400,
        'INVALID_ARGUMENT',
        'The value of property "f" is longer than 1048487 bytes.',
      ],
      'a place off the globe': [
        patch('c/x', { f: { geoPointValue: { latitude: 91 } } }),
        400,
        'INVALID_ARGUMENT',
        "Geo point latitude '91.0' outside permitted range -90.0 to 90.0.",
      ],
      'a field of the request that is not known': [
        ['POST', `${DOCUMENTS}:commit`, { wirtes: [] }],
        400,
        'INVALID_ARGUMENT',
        "Payload isn't valid for request.",
      ],
      'what is no JSON': [
        ['POST', `${DOCUMENTS}:commit`, '{'],
        400,
        'INVALID_ARGUMENT',
        "Payload isn't valid for request.",
      ],
    });
    it('accept a document in one verification, and not also in a write', async () => {
      await ok(commit(verified));
      assert.equal((await ask(commit(verified, verified))).status, 400);
      assert.equal((await ask(commit(verified, update('c/a')))).status, 400);
    });
  });

  describe('commits under rules', () => {
    const RULES = `rules_version = '2';
      service cloud.firestore { match /databases/{d}/documents {
        function counter() { return /databases/$(d)/documents/ruled/counter; }
        match /entries/{id} {
          allow create: if !exists(counter()) && getAfter(counter()).data.last == id;
        }
        match /ruled/counter { allow write: if existsAfter(/databases/$(d)/documents/entries/$(request.resource.data.last)); }
      } }`;
    const documents = DOCUMENTS.replace('demo-rest', 'demo-ruled');
    const entry = { update: { name: `${documents}/entries/e1` } };
    const counter = (last: string): Json => ({
      update: { name: `${documents}/ruled/counter`, fields: { last: { stringValue: last } } },
    });
    const commit = async (writes: Json[]): Promise<number> =>
      (await ask(['POST', `${documents}:commit`, { writes }, token({ sub: 'ada' })])).status;

    before(() =>
      ok(['PUT', '/emulator/v1/projects/demo-ruled:securityRules', { rules: { files: [{ content: RULES }] } }]),
    );

    it('are decided by the state after all of their writes, and by the state before', async () => {
      assert.equal(await commit([entry]), 403);
      assert.equal(await commit([counter('e1')]), 403);
      assert.equal(await commit([entry, counter('e2')]), 403);
      assert.equal(await commit([entry, counter('e1')]), 200);
    });
  });

  describe('transactions', () => {
    const begin = async (options: Json = {}): Promise<Json> =>
      (await field(['POST', `${DOCUMENTS}:beginTransaction`, { options }], 'transaction')) ?? null;
    const end = (verb: string, transaction: Json, writes: Json = []): Ask => [
      'POST',
      `${DOCUMENTS}:${verb}`,
      { transaction, ...(verb === 'commit' ? { writes } : {}) },
    ];
    it('have ids of nine bytes that count', async () => {
      const [first, second] = [await begin(), await begin()].map((id) => Buffer.from(String(id), 'base64'));
      assert.ok(first && second);
      assert.deepEqual([first[0], first.length], [0x11, 9]);
      assert.equal(second.readBigUInt64LE(1) - first.readBigUInt64LE(1), 1n);
    });
    it('end once: a second commit is refused, a second rollback is not', async () => {
      const id = await begin();
      await ok(end('commit', id));
      const { status, text } = await ask(end('commit', id));
      assert.equal(status, 409);
      assert.match(text, /The referenced transaction has expired or is no longer valid\..*ABORTED/);
      await ok(end('rollback', id));
    });
    it('do not write when they only read', async () => {
      const { status, text } = await ask(
        end('commit', await begin({ readOnly: {} }), [{ delete: `${DOCUMENTS}/c/none` }]),
      );
      assert.equal(status, 400);
      assert.match(text, /Cannot modify entities in a read-only transaction\./);
    });
    itRefuses({
      'an id that none has': [end('commit', 'AAAA'), 400, 'INVALID_ARGUMENT', 'Invalid transaction.'],
    });
  });
});
