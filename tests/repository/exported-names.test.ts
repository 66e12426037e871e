import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');

const PACKAGES = ['functions', 'emulator', 'local', 'simulator'];

/** Enough to resolve exports: no file outside the sources is read, and no expression is checked. */
const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  noResolve: true,
  noLib: true,
  types: [],
};

/**
 * Names that several modules export for different things, each with the places of its declarations. A re-export is the
 * symbol that it names, and a type with the schema or the codec of its name in the same module is one symbol.
 */
function findDoubles(files: readonly string[], host?: ts.CompilerHost): string[] {
  const program = ts.createProgram(files, OPTIONS, host);
  const checker = program.getTypeChecker();
  const byName = new Map<string, Set<ts.Symbol>>();
  for (const file of files) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    for (const exported of module ? checker.getExportsOfModule(module) : []) {
      const symbols = byName.get(exported.name) ?? new Set();
      byName.set(exported.name, symbols.add(followAlias(exported, checker)));
    }
  }
  return [...byName].flatMap(([name, symbols]) => {
    const meanings = [...symbols].filter((one) => ![...symbols].some((other) => deploys(one, other, checker)));
    return meanings.length < 2 ? [] : [`${name}: ${meanings.map(placeOf).join(', ')}`];
  });
}

function followAlias(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/**
 * True for a Cloud Function that loads the other symbol by its name on the first call, as `const { sweep: run } = await
 * import('…')`: the two are one function, deployed and implemented.
 */
function deploys(deployed: ts.Symbol, handler: ts.Symbol, checker: ts.TypeChecker): boolean {
  const loads = (node: ts.Node): boolean => {
    const [specifier] = isImport(node) ? node.arguments : [];
    const module = specifier && checker.getSymbolAtLocation(specifier);
    const loaded = module && checker.getExportsOfModule(module).find(({ name }) => name === handler.name);
    if (loaded && followAlias(loaded, checker) === handler) return true;
    return ts.forEachChild(node, loads) ?? false;
  };
  return (
    deployed !== handler && (deployed.declarations ?? []).some((one) => takesName(one, handler.name) && loads(one))
  );
}

function isImport(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

/** True where a declaration destructures or reads a property of that name. */
function takesName(declaration: ts.Node, wanted: string): boolean {
  const takes = (node: ts.Node): boolean => {
    if (ts.isBindingElement(node) && (node.propertyName ?? node.name).getText() === wanted) return true;
    if (ts.isPropertyAccessExpression(node) && node.name.text === wanted) return true;
    return ts.forEachChild(node, takes) ?? false;
  };
  return takes(declaration);
}

function placeOf({ declarations: [first] = [] }: ts.Symbol): string {
  if (!first) return 'unresolved';
  const source = first.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(first.getStart(source));
  return `${relative(ROOT, source.fileName)}:${line + 1}`;
}

function sourcesOf(name: string): string[] {
  const folder = join(ROOT, name, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts')).map((file) => join(folder, file));
}

/** The doubles of modules that exist only here, by their texts. */
function findDoublesIn(modules: Readonly<Record<string, string>>): string[] {
  const texts = new Map(Object.entries(modules).map(([name, text]) => [join(ROOT, `${name}.ts`), text]));
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, version) => {
    const text = texts.get(file);
    return text === undefined ? getSourceFile(file, version) : ts.createSourceFile(file, text, version);
  };
  return findDoubles([...texts.keys()], host);
}

describe('exported names', () => {
  for (const name of PACKAGES)
    it(`each mean one thing in ${name}`, () => assert.deepEqual(findDoubles(sourcesOf(name)), []));

  it('are reported with every place where they mean different things', () => {
    const modules = { one: 'export interface Cart {}', two: '\nexport const Cart = 1;', three: 'export class Menu {}' };
    assert.deepEqual(findDoublesIn(modules), ['Cart: one.ts:1, two.ts:2']);
  });

  it('may be exported again, and be a type beside the schema of its name', () => {
    const schema = 'export const Cart = { lines: [] };\nexport type Cart = typeof Cart;';
    assert.deepEqual(findDoublesIn({ one: schema, two: "export { Cart } from './one.js';" }), []);
    assert.deepEqual(findDoublesIn({ one: schema, two: "export { Cart as Basket } from './one.js';" }), []);
  });

  it('may name a deployed function and the handler that it loads, and no other function', () => {
    const handler = 'export const sweep = (): void => undefined;';
    const trigger = "export const sweep = on(async () => {\n  const { sweep: run } = await import('./one.js');\n});";
    assert.deepEqual(findDoublesIn({ one: handler, two: trigger }), []);
    assert.deepEqual(findDoublesIn({ one: handler, two: trigger.replace('{ sweep: run }', '{ clean: run }') }), [
      'sweep: one.ts:1, two.ts:1',
    ]);
    assert.deepEqual(findDoublesIn({ one: handler, two: trigger, three: handler }), ['sweep: one.ts:1, three.ts:1']);
  });
});
