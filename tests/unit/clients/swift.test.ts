import assert from 'node:assert/strict';
import { toCamel } from '#local/clients/model/names.js';
import {
  createParser,
  findRepeated,
  findReserved,
  findSyntaxErrors,
  findUndeclared,
  loadContract,
  parseExamples,
  parsePackage,
  toPlace,
  words,
  type Source,
  type Vocabulary,
} from './grammar.js';

const LANGUAGE = words(`
  Any Array Bool CancellationError Codable Comparable Decodable Decoder Dictionary Double Element Encodable Encoder Error
  ExpressibleByArrayLiteral ExpressibleByBooleanLiteral ExpressibleByDictionaryLiteral ExpressibleByFloatLiteral
  ExpressibleByIntegerLiteral ExpressibleByStringLiteral AsyncThrowingStream Hashable Never Int Int16
  Int32 Int64 Key Optional Result Sendable String Task UInt64 Void Wrapped $0 append cString decode decodeNil encodeNil
  enumerated exactly finish init isEmpty joined mapValues nanoseconds onTermination pi prefix rawValue rounded self last
  separator insert inserted removeAll Set stride unchecked discardableResult uppercased singleValueContainer sleep some squareRoot throwing uniquingKeysWith utf8 where yield`);
const FOUNDATION = words(`
  Foundation CryptoKit Data Date JSONSerialization Locale Decimal NSDecimalNumber NSError NSNull NSNumber NSObject NumberFormatter
  SHA256 TimeInterval atan2 base64EncodedString boolValue byPowerOf10 cos currencyCode current domain doubleValue format
  NSLocalizedDescriptionKey ProcessInfo processInfo systemUptime int64Value intValue maximumFractionDigits minimumFractionDigits multiplying numberStyle objCType replacingOccurrences
  sin string timeIntervalSince1970 userInfo withJSONObject FileManager JSONDecoder URL XCTAssertEqual XCTest XCTestCase
  appendingPathComponent contentsOf currentDirectoryPath default deletingLastPathComponent fileURLWithPath testable`);
const FIREBASE = words(`
  FirebaseAppCheck FirebaseAuth FirebaseCore FirebaseFirestore FirebaseFunctions FirebaseStorage TiffinCore
  AppCheck AppCheckProvider AppCheckProviderFactory AppCheckToken Auth AuthErrorCode authDate networkError cache unauthorized
  unavailable StorageErrorCode StorageErrorDomain waitForPendingWrites DocumentReference DocumentSnapshot FieldValue
  FirebaseApp Firestore FirestoreErrorCode FirestoreErrorDomain Functions FunctionsErrorDetailsKey FunctionsErrorDomain
  HTTPSCallableOptions Query QueryDocumentSnapshot Storage StorageMetadata Timestamp addSnapshotListener afterDocument
  arrayContains currentUser delete descending documentID estimate exists expirationDate getAggregation getDocument
  QuerySnapshot documentChanges includeMetadataChanges isFromCache metadata
  getDocuments getIDTokenResult googleAppID httpsCallable isEqualTo isGreaterThan isGreaterThanOrEqualTo
  permissionDenied port projectID putDataAsync requireLimitedUseAppCheckTokens seconds server serverTimestamp
  setAppCheckProviderFactory setData source start timeoutInterval updateData useEmulator whereField withHost withPath`);
const PACKAGE = words(
  'PackageDescription Package dependencies iOS library macOS platforms product products targets testTarget v12 v15',
);

const DECLARATIONS = new Set(
  words(`class_declaration.name protocol_declaration.name type_parameter.first pattern.bound_identifier parameter.name
    enum_entry.name enum_type_parameters.first enum_type_parameters.other
    function_declaration.name lambda_parameter.name guard_statement.bound_identifier if_statement.bound_identifier`),
);

/** A reserved word may label an argument: `send(text, in: thread)`. */
const LABEL = 'parameter.external_name';

const SWIFT: Vocabulary = {
  isDeclaration: ({ role }) => DECLARATIONS.has(role) || role === LABEL,
  isFree: ({ role }) => role === LABEL,
  // Source: The Swift Programming Language, "Lexical Structure": keywords in declarations, statements and expressions.
  reserved: new Set(
    words(`associatedtype class deinit enum extension fileprivate func import init inout internal let operator private
      protocol public rethrows static struct subscript typealias var break case continue default defer do else
      fallthrough for guard if in repeat return switch where while as catch false is nil self Self super throw throws
      true try Any`),
  ),
  known: new Set([...LANGUAGE, ...FOUNDATION, ...FIREBASE, ...PACKAGE]),
};

const withoutTicks = (text: string): string => text.replaceAll('`', '');

/** Lists what each type declares itself: properties, cases and functions. Extensions add to nothing. */
function listMembers(sources: readonly Source[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const node of sources.flatMap(({ root }) => root.descendantsOfType('class_declaration'))) {
    const name = node?.childForFieldName('name');
    if (!node || name?.type !== 'type_identifier') continue;
    const members = node.childForFieldName('body')?.namedChildren ?? [];
    const names = members.flatMap((member) => {
      if (member?.type === 'property_declaration') return [member.childForFieldName('name')?.text ?? ''];
      if (member?.type === 'function_declaration') return [`${member.childForFieldName('name')?.text ?? ''}()`];
      if (member?.type !== 'enum_entry') return [];
      return member
        .childrenForFieldName('name')
        .flatMap((one) => (one?.type === 'simple_identifier' ? [one.text] : []));
    });
    found.set(name.text, [...(found.get(name.text) ?? []), ...names.map(withoutTicks)]);
  }
  return found;
}

const listTypes = (sources: readonly Source[]): string[] =>
  sources
    .flatMap(({ root }) => root.descendantsOfType(['class_declaration', 'protocol_declaration']))
    .map((node) => node?.childForFieldName('name'))
    .flatMap((name) => (name?.type === 'type_identifier' ? [name.text] : []));

const OPERATIONS = new Set(
  words(
    'ternary_expression nil_coalescing_expression additive_expression multiplicative_expression equality_expression',
  ),
);

/** Lists each `try` to the right of an operator, which the grammar accepts and the compiler refuses. */
const findLateTries = ({ path, root }: Source): string[] =>
  root.descendantsOfType('try_expression').flatMap((node) => {
    if (!node?.parent || !OPERATIONS.has(node.parent.type)) return [];
    return node.parent.startIndex === node.startIndex ? [] : [toPlace(path, node)];
  });

describe('the Swift package', function () {
  this.timeout(60_000);
  let sources: Source[];
  let members: Map<string, string[]>;
  before(async () => {
    sources = await parsePackage('swift');
    members = listMembers(sources);
  });

  it('is accepted by the grammar, each file', () => {
    assert.ok(sources.length >= 24, `${sources.length} files`);
    assert.deepEqual(sources.flatMap(findSyntaxErrors), []);
  });

  it('is shown by examples that the grammar accepts', async () => {
    const examples = await parseExamples('swift');
    assert.equal(examples.length, 4);
    assert.deepEqual(examples.flatMap(findSyntaxErrors), []);
  });

  it('declares each type once, and each property and case of a type once', () => {
    assert.deepEqual(findRepeated(listTypes(sources)), []);
    const repeated = [...members].flatMap(([type, names]) =>
      findRepeated(names.filter((name) => !name.endsWith('()'))).map((name) => `${type}.${name}`),
    );
    assert.deepEqual(repeated, []);
  });

  it('declares every name that it uses', () => assert.deepEqual(findUndeclared(sources, SWIFT), []));
  it('tries from the left of an expression', () => assert.deepEqual(sources.flatMap(findLateTries), []));
  it('declares nothing by a reserved word', () => assert.deepEqual(findReserved(sources, SWIFT), []));

  it('has every declaration of the contract with its properties, texts and cases', async () => {
    const { declarations } = await loadContract();
    const has = (type: string, names: readonly string[]) => {
      const own = members.get(type) ?? [];
      assert.deepEqual(names.filter((name) => !own.includes(name)).concat(members.has(type) ? [] : [type]), [], type);
    };
    for (const one of declarations.values()) {
      if (one.kind === 'record')
        has(
          one.name,
          one.fields.map(({ name }) => name),
        );
      if (one.kind === 'enumeration') has(one.name, [...one.values.map(toCamel), 'unknown']);
      if (one.kind !== 'union') continue;
      const texts = one.cases.flatMap(({ values }) => values.map(toCamel));
      has(one.name, one.direction === 'read' ? [...texts, 'unknown'] : texts);
      for (const { shape } of one.cases)
        if (shape.fields.length > 0)
          has(
            shape.name,
            shape.fields.map(({ name }) => name),
          );
    }
  });

  it('has every callable, reason and read', async () => {
    const { callables, reasons, documentReads, queryReads } = await loadContract();
    const missing = (type: string, names: readonly string[]) =>
      names.filter((name) => members.get(type)?.includes(name) !== true);
    assert.deepEqual(
      missing(
        'Calls',
        callables.map(({ name }) => name),
      ),
      [],
    );
    assert.deepEqual(missing('Refusal', [...Object.keys(reasons).map(toCamel), 'unknown']), []);
    assert.deepEqual(
      missing(
        'Documents',
        Object.keys(documentReads).map((name) => `${name}()`),
      ),
      [],
    );
    assert.deepEqual(
      missing(
        'Queries',
        Object.keys(queryReads).map((name) => `${name}()`),
      ),
      [],
    );
  });
});

describe('the checks of the Swift package', () => {
  let parse: (path: string, text: string) => Source;
  before(async () => {
    parse = await createParser('swift');
  });

  it('report a file that the grammar does not accept, by its line', () => {
    assert.deepEqual(findSyntaxErrors(parse('planted.swift', 'struct Box {\n  let size: Int\n}\n')), []);
    const [error] = findSyntaxErrors(parse('planted.swift', 'struct Box {\n  let size: = Int\n}\n'));
    assert.match(String(error), /^planted\.swift:2: /);
  });

  it('report a type, a member and a label that no file declares', () => {
    const check = (text: string) => findUndeclared([parse('planted.swift', text)], SWIFT);
    const box = 'struct Box { let size: Int }\n';
    assert.deepEqual(check(`${box}func grow(by box: Box) -> Box { Box(size: box.size) }`), []);
    assert.deepEqual(check(`${box}func grow(by box: Bax) -> Box { Box(size: box.size) }`), ['planted.swift:2: Bax']);
    assert.deepEqual(check(`${box}func grow(by box: Box) -> Box { Box(size: box.sice) }`), ['planted.swift:2: sice']);
    assert.deepEqual(check(`${box}func grow(by box: Box) -> Box { Box(zise: box.size) }`), ['planted.swift:2: zise']);
  });

  it('report a try to the right of an operator', () => {
    const check = (text: string) => findLateTries(parse('planted.swift', text));
    assert.deepEqual(check('let size = try isOpen ? read() : 0'), []);
    assert.deepEqual(check('let size = isOpen ? try read() : 0'), ['planted.swift:1']);
  });

  it('report a reserved word without backticks, and a repeated member', () => {
    const check = (text: string) => findReserved([parse('planted.swift', text)], SWIFT);
    assert.deepEqual(check('enum Step {\n  case `defer`\n}'), []);
    assert.deepEqual(check('enum Step {\n  case defer\n}'), ['planted.swift:2: defer']);
    const repeated = (text: string) => [...listMembers([parse('planted.swift', text)]).values()].flatMap(findRepeated);
    assert.deepEqual(repeated('enum Step { case start, stop }'), []);
    assert.deepEqual(repeated('enum Step { case start, start }'), ['start']);
  });
});
