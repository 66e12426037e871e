import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { CALLABLES, type CallableName } from '#functions/calls/callables.js';
import { COMMON_REASONS, REASONS } from '#functions/core/errors.js';
import { HANDLERS } from '#fixtures/handlers.js';

const SOURCES = join(import.meta.dirname, '../../functions/src');

/** A top-level declaration: the reasons that it names, and the declarations that it uses, as `file#name`. */
interface Declaration {
  reasons: Set<string>;
  uses: Set<string>;
}

const declarations = new Map(
  readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && file !== 'core/errors.ts')
    .flatMap(readDeclarations),
);

function readDeclarations(file: string): [string, Declaration][] {
  const source = ts.createSourceFile(file, readFileSync(join(SOURCES, file), 'utf8'), ts.ScriptTarget.Latest);
  const named = source.statements.flatMap(namedNodes);
  const known = new Map([
    ...named.map(([name]) => [name, `${file}#${name}`] as const),
    ...source.statements.flatMap((statement) => importedNames(file, statement)),
  ]);
  return named.map(([name, node]) => {
    const declaration: Declaration = { reasons: new Set(), uses: new Set() };
    visit(file, node, known, declaration);
    return [`${file}#${name}`, declaration];
  });
}

function namedNodes(statement: ts.Statement): [string, ts.Node][] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap((one) =>
      ts.isIdentifier(one.name) ? [[one.name.text, one] satisfies [string, ts.Node]] : [],
    );
  const isNamed = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
  return isNamed && statement.name ? [[statement.name.text, statement]] : [];
}

function importedNames(file: string, statement: ts.Statement): (readonly [string, string])[] {
  if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
  const target = resolve(file, statement.moduleSpecifier.text);
  const bindings = statement.importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return [];
  return bindings.elements.map(({ name, propertyName }) => [name.text, `${target}#${(propertyName ?? name).text}`]);
}

function resolve(file: string, target: string): string {
  return join(dirname(file), target).replaceAll('\\', '/').replace(/\.js$/, '.ts');
}

/** A compared reason is not thrown there. A module that is imported on first use is used as a whole. */
function visit(file: string, node: ts.Node, known: ReadonlyMap<string, string>, { reasons, uses }: Declaration): void {
  if (ts.isTypeNode(node)) return;
  if (ts.isBinaryExpression(node) && ts.isStringLiteral(node.right)) return;
  if (ts.isStringLiteral(node) && node.text in REASONS) reasons.add(node.text);
  if (ts.isIdentifier(node)) uses.add(known.get(node.text) ?? '');
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [target] = node.arguments;
    if (target && ts.isStringLiteral(target)) uses.add(`${resolve(file, target.text)}#*`);
  }
  ts.forEachChild(node, (child) => visit(file, child, known, { reasons, uses }));
}

/** Every reason that a declaration and what it uses name. */
function reachedFrom(start: string): Set<string> {
  const waiting = [start];
  const seen = new Set<string>();
  const reached = new Set<string>();
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const module = id.endsWith('#*') ? id.slice(0, -1) : null;
    if (module !== null) waiting.push(...[...declarations.keys()].filter((one) => one.startsWith(module)));
    const declaration = declarations.get(id);
    declaration?.reasons.forEach((reason) => reached.add(reason));
    waiting.push(...(declaration?.uses ?? []));
  }
  return reached;
}

function reachedBy(name: CallableName): Set<string> {
  const { path, exported } = HANDLERS.get(name) ?? { path: '', exported: '' };
  return reachedFrom(`${resolve('calls/callables.ts', path)}#${exported}`);
}

const isCallable = (name: string): name is CallableName => name in CALLABLES;

describe('the reasons of the callables', () => {
  it('are each thrown by code that the handler reaches', () => {
    const strays = Object.keys(CALLABLES)
      .filter(isCallable)
      .flatMap((name) => {
        const reached = reachedBy(name);
        return CALLABLES[name].reasons.filter((one) => !reached.has(one)).map((one) => `${name}: ${one}`);
      });
    assert.deepEqual(strays, []);
  });

  it('are found separately for each callable', () => {
    const reached = reachedBy('claimShift');
    assert.ok(reached.has('SHIFT_FULL'));
    assert.ok(!reached.has('ITEM_SOLD_OUT'));
  });

  it('are common where the runner of the callables throws them', () => {
    const runner = new Set([
      ...reachedFrom('app/run-callable.ts#runCallable'),
      ...reachedFrom('app/callable.ts#invoke'),
    ]);
    assert.deepEqual(
      COMMON_REASONS.filter((one) => !runner.has(one)),
      [],
    );
  });
});
