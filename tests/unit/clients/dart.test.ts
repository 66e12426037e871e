import assert from 'node:assert/strict';
import { toCamel, toPascal } from '#local/clients/model/names.js';
import {
  createParser,
  findRepeated,
  findReserved,
  findSyntaxErrors,
  findUndeclared,
  listNames,
  loadContract,
  parseExamples,
  parsePackage,
  words,
  type Source,
  type Vocabulary,
} from './grammar.js';

const LANGUAGE = words(`
  $1 $2 StateError RegExp add codeUnitAt fromCharCode lastOrNull onError parse removeWhere replaceFirst
  replaceFirstMapped split then toUpperCase unicode DateTime Duration Exception Future List Map MapEntry Object Stream String StringBuffer Uint8List Uri abs any bool
  containsKey delayed double dynamic entries every firstWhere fold fromMillisecondsSinceEpoch hashAll hashAllUnordered
  http ignore indexed int isEmpty isEven join keys last length millisecondsSinceEpoch num override padLeft replaceAll
  Intl localeExists onFailure timeout verifiedLocale ArgumentError Stopwatch distinct elapsed isNotEmpty isRunning reset skipWhile start round runtimeType seconds substring toDouble toInt toList truncateToDouble where write`);
const LIBRARIES = words(`
  DeepCollectionEquality equals Platform isAndroid DECIMAL_SEP ZERO_DIGIT symbols ContentType File HttpClient HttpException atan2 base64Url close convert cos decoder encode headers jsonDecode jsonEncode pi
  postUrl pow set sha256 sin sqrt statusCode transform utf8 NumberFormat decimalDigits expect format readAsStringSync
  simpleCurrency test`);
const FIREBASE = words(`
  FirebaseAuthException GetOptions Source cache plugin source waitForPendingWrites
  docChanges includeMetadataChanges isFromCache metadata
  DocumentReference DocumentSnapshot FieldValue FirebaseApp FirebaseAuth FirebaseException FirebaseFirestore
  FirebaseFunctions FirebaseFunctionsException FirebaseOptions FirebaseStorage HttpsCallableOptions Query QuerySnapshot
  SettableMetadata Timestamp app arrayContains currentUser delete descending doc docs exists get getIdToken
  getIdTokenResult httpsCallable instanceFor isEqualTo isGreaterThan isGreaterThanOrEqualTo isNull
  limitedUseAppCheckToken orderBy putData ref serverTimestamp snapshots startAfterDocument update useAuthEmulator
  useFirestoreEmulator useStorageEmulator whereIn`);

const DECLARATIONS = new Set(
  words(`class_definition.name constructor_param.first constructor_param.other initialized_identifier.first
    formal_parameter.name formal_parameter.first function_signature.name constructor_signature.name
    factory_constructor_signature.first factory_constructor_signature.other constant_constructor_signature.first
    constant_constructor_signature.other initialized_variable_definition.name static_final_declaration.first
    representation_declaration.name getter_signature.name extension_type_declaration.name extension_declaration.name
    enum_declaration.name enum_constant.name variable_pattern.first variable_pattern.other for_loop_parts.name
    catch_parameters.first super_formal_parameter.other typed_identifier.other constant_pattern.first
    import_specification.other`),
);

const DART: Vocabulary = {
  isDeclaration: ({ role, isType }) => (DECLARATIONS.has(role) && !isType) || role === 'type_parameter.first',
  isFree: () => false,
  // Source: Dart language tour, "Keywords": the reserved words, and the built-in identifiers.
  reserved: new Set(
    words(`assert break case catch class const continue default do else enum extends false final finally for if in is
      new null rethrow return super switch this throw true try var void while with abstract as covariant deferred
      dynamic export extension external factory Function get implements import interface late library mixin operator
      part required set static typedef await yield`),
  ),
  known: new Set([...LANGUAGE, ...LIBRARIES, ...FIREBASE]),
};

const CLASSES = ['class_definition', 'extension_type_declaration', 'enum_declaration'];
const MEMBERS = new Set(
  words('initialized_identifier.first static_final_declaration.first function_signature.name getter_signature.name'),
);

interface Class {
  readonly name: string;
  readonly parent: string | undefined;
  readonly members: readonly string[];
}

/** Lists the classes with their properties, constants and methods. */
const listClasses = (sources: readonly Source[]): Class[] =>
  sources.flatMap(({ path, root }) =>
    root.descendantsOfType(CLASSES).flatMap((node) => {
      if (!node) return [];
      const parent = node.childForFieldName('superclass')?.firstNamedChild?.text;
      const names = listNames({ path, root: node }).filter(({ role, isType }) => MEMBERS.has(role) && !isType);
      return [{ name: node.childForFieldName('name')?.text ?? '', parent, members: names.map(({ text }) => text) }];
    }),
  );

/** A reserved word has an underscore in the package. */
const unescape = (name: string): string => name.replace(/_$/, '');

describe('the Dart package', function () {
  this.timeout(60_000);
  let sources: Source[];
  let classes: Map<string, Class>;
  before(async () => {
    sources = await parsePackage('dart');
    classes = new Map(listClasses(sources).map((one) => [one.name, one]));
  });

  const missing = (type: string, names: readonly string[]): string[] => {
    const own = classes.get(type)?.members.map(unescape);
    return own ? names.filter((name) => !own.includes(name)).map((name) => `${type}.${name}`) : [type];
  };

  it('is accepted by the grammar, each file', () => {
    assert.ok(sources.length >= 25, `${sources.length} files`);
    assert.deepEqual(sources.flatMap(findSyntaxErrors), []);
  });

  it('is shown by examples that the grammar accepts', async () => {
    const examples = await parseExamples('dart');
    assert.equal(examples.length, 4);
    assert.deepEqual(examples.flatMap(findSyntaxErrors), []);
  });

  it('declares each class once, and each member of a class once', () => {
    const all = listClasses(sources);
    assert.deepEqual(findRepeated(all.map(({ name }) => name)), []);
    const repeated = all.flatMap(({ name, members }) => findRepeated(members).map((member) => `${name}.${member}`));
    assert.deepEqual(repeated, []);
  });

  it('declares every name that it uses', () => assert.deepEqual(findUndeclared(sources, DART), []));
  it('declares nothing by a reserved word', () => assert.deepEqual(findReserved(sources, DART), []));

  it('has every declaration of the contract with its properties, texts and cases', async () => {
    const { declarations } = await loadContract();
    const found = [...declarations.values()].flatMap((one) => {
      if (one.kind === 'record')
        return missing(
          one.name,
          one.fields.map(({ name }) => name),
        );
      if (one.kind === 'enumeration') return missing(one.name, one.values.map(toCamel));
      const unknown = one.direction === 'read' ? [`${one.name}Unknown`] : [];
      const cases = [...one.cases.map(({ shape }) => shape.name), ...unknown];
      return [
        ...cases.filter((name) => classes.get(name)?.parent !== one.name),
        ...one.cases.flatMap(({ shape }) =>
          missing(
            shape.name,
            shape.fields.map(({ name }) => name),
          ),
        ),
      ];
    });
    assert.deepEqual(found, []);
  });

  it('has every callable, reason and read', async () => {
    const { callables, reasons, documentReads, queryReads } = await loadContract();
    assert.deepEqual(
      missing(
        'Calls',
        callables.map(({ name }) => name),
      ),
      [],
    );
    const refusals = Object.keys(reasons).map((reason) => `Refused${toPascal(reason.toLowerCase())}`);
    assert.deepEqual(
      refusals.filter((name) => classes.get(name)?.parent !== 'Refusal'),
      [],
    );
    assert.deepEqual(missing('Documents', Object.keys(documentReads)), []);
    assert.deepEqual(missing('Queries', Object.keys(queryReads)), []);
  });

  it('imports no package below lib/src/core', () => {
    const core = sources.filter(({ path }) => path.includes('/src/core/'));
    const imports = core.flatMap(({ root }) => root.descendantsOfType('uri').map((uri) => uri?.text ?? ''));
    assert.ok(imports.includes("'dart:math'"));
    assert.deepEqual(
      imports.filter((uri) => uri.startsWith("'package:")),
      [],
    );
  });
});

describe('the checks of the Dart package', () => {
  let parse: (path: string, text: string) => Source;
  before(async () => {
    parse = await createParser('dart');
  });

  it('report a file that the grammar does not accept, by its line', () => {
    assert.deepEqual(findSyntaxErrors(parse('planted.dart', 'class Box {\n  final int size = 1;\n}\n')), []);
    const [error] = findSyntaxErrors(parse('planted.dart', 'class Box {\n  final int = = 1;\n}\n'));
    assert.match(String(error), /^planted\.dart:2: /);
  });

  it('report a type, a member and a label that no file declares', () => {
    const check = (text: string) => findUndeclared([parse('planted.dart', text)], DART);
    const box = 'class Box { const Box({required this.size}); final int size; }\n';
    assert.deepEqual(check(`${box}Box grow(Box box) => Box(size: box.size);`), []);
    assert.deepEqual(check(`${box}Box grow(Bax box) => Box(size: box.size);`), ['planted.dart:2: Bax']);
    assert.deepEqual(check(`${box}Box grow(Box box) => Box(size: box.sice);`), ['planted.dart:2: sice']);
    assert.deepEqual(check(`${box}Box grow(Box box) => Box(zise: box.size);`), ['planted.dart:2: zise']);
  });

  it('report a reserved word, and a repeated member', () => {
    const check = (text: string) => findReserved([parse('planted.dart', text)], DART);
    assert.deepEqual(check('class Step {\n  final int part_ = 1;\n}'), []);
    assert.deepEqual(check('class Step {\n  final int part = 1;\n}'), ['planted.dart:2: part']);
    const repeated = (text: string) =>
      listClasses([parse('planted.dart', text)]).flatMap(({ members }) => findRepeated(members));
    assert.deepEqual(repeated('class Step { final int start = 1; final int stop = 2; }'), []);
    assert.deepEqual(repeated('class Step { final int start = 1; final int start = 2; }'), ['start']);
  });
});
