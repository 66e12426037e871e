import ts from 'typescript';
import type { Query, SortField } from '#emulator/query/query.js';
import { parseFieldPath } from '#emulator/values/field-path.js';
import { parseDatabaseName } from '#emulator/values/names.js';
import { NULL } from '#emulator/values/value.js';

/** A query in the source, in any form of chain and arguments. */
export interface WrittenQuery {
  readonly place: string;
  readonly collectionGroup: string;
  readonly isGroup: boolean;
  readonly filters: readonly { field: string; operator: string }[];
  readonly orders: readonly { field: string; descending: boolean }[];
}

type Step = { name: string; call: ts.CallExpression };

/** The collection of each entry of `paths`, read from its source. */
export type Collections = ReadonlyMap<string, string>;

export function collectionsOf(pathsSource: string): Collections {
  const found = new Map<string, string>();
  visit(parse('firestore.ts', pathsSource), (node) => {
    if (
      !ts.isPropertyAssignment(node) ||
      !ts.isArrowFunction(node.initializer) ||
      !ts.isCallExpression(node.initializer.body)
    )
      return;
    const [, path] = node.initializer.body.arguments;
    if (node.initializer.body.expression.getText() === 'collection' && path)
      found.set(node.name.getText(), collectionOf(path));
    // A collection with a converter of its own.
    const [, plain] = /^db\s*\.collection\('(\w+)'\)\s*\.withConverter\(/.exec(node.initializer.body.getText()) ?? [];
    if (plain !== undefined) found.set(node.name.getText(), plain);
  });
  return found;
}

/**
 * Every query of a source file, in the words of the Admin SDK or of the client SDK. Throws for one that it cannot read.
 */
export function queriesIn(fileName: string, text: string, collections: Collections): WrittenQuery[] {
  const source = parse(fileName, text);
  const found: WrittenQuery[] = [];
  visit(source, (node) => {
    if (!ts.isCallExpression(node)) return;
    if (isChainEnd(node)) found.push(written(source, node, chainOf(source, node), collections));
    else if (node.expression.getText() === 'query') found.push(written(source, node, argumentsOf(node), collections));
  });
  return found;
}

/** The query as the emulator has it once it was compiled; operands do not matter to an index. */
export function compiled({ collectionGroup, isGroup, filters, orders }: WrittenQuery): Query {
  const database = parseDatabaseName('projects/demo-tiffin/databases/(default)');
  const conditions = filters.map(({ field, operator }) => ({
    path: parseFieldPath(field),
    op: comparison(operator),
    value: NULL,
  }));
  const explicitOrder = orders.map(({ field, descending }): SortField => ({
    path: parseFieldPath(field),
    direction: descending ? -1 : 1,
  }));
  const ranged = conditions
    .filter(({ op }) => op !== '==' && op !== 'array-contains')
    .map(({ path }): SortField => ({ path, direction: 1 }));
  const order = explicitOrder.length > 0 ? explicitOrder : ranged.slice(0, 1);
  return {
    scope: { database, parent: [], collectionId: collectionGroup, allDescendants: isGroup },
    disjuncts: [conditions],
    explicitOrder,
    order: [...order, { path: ['__name__'], direction: order.at(-1)?.direction ?? 1 }],
    start: undefined,
    end: undefined,
    offset: 0,
    limit: undefined,
    projection: undefined,
  };
}

function comparison(operator: string): '==' | '!=' | '<' | '<=' | '>' | '>=' | 'not-in' | 'array-contains' {
  switch (operator) {
    case 'in':
    case '==':
      return '==';
    case 'array-contains-any':
    case 'array-contains':
      return 'array-contains';
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'not-in':
      return operator;
    default:
      throw new Error(`unknown operator ${operator}`);
  }
}

const QUERY_STEPS = ['where', 'orderBy'];

/** The last where or orderBy of a chain; what follows it (limit, get) does not matter to an index. */
function isChainEnd(call: ts.CallExpression): boolean {
  if (!ts.isPropertyAccessExpression(call.expression) || !QUERY_STEPS.includes(call.expression.name.text)) return false;
  for (let up: ts.Node = call.parent; ts.isPropertyAccessExpression(up) || ts.isCallExpression(up); up = up.parent) {
    if (ts.isPropertyAccessExpression(up) && QUERY_STEPS.includes(up.name.text)) return false;
  }
  return true;
}

/** The calls of a chain from its end to its root, through constants that hold its beginning. */
function chainOf(source: ts.SourceFile, expression: ts.Expression): Step[] {
  if (ts.isIdentifier(expression)) return chainOf(source, initializerOf(source, expression));
  if (!ts.isCallExpression(expression)) throw unreadable(source, expression);
  if (!ts.isPropertyAccessExpression(expression.expression)) throw unreadable(source, expression);
  const { expression: owner, name } = expression.expression;
  const step = { name: name.text, call: expression };
  return isRoot(owner.getText(), name.text) ? [step] : [...chainOf(source, owner), step];
}

const isRoot = (owner: string, name: string): boolean =>
  owner === 'paths' || ['collection', 'collectionGroup'].includes(name);

function initializerOf(source: ts.SourceFile, { text }: ts.Identifier): ts.Expression {
  const found: ts.Expression[] = [];
  visit(source, (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === text && node.initializer)
      found.push(node.initializer);
  });
  const [only, ...more] = found;
  if (!only || more.length > 0)
    throw new Error(`${source.fileName}: the beginning of a query is not one constant ${text}`);
  return only;
}

/** `query(collection(db, 'orders'), where(…), …)` */
function argumentsOf(call: ts.CallExpression): Step[] {
  return call.arguments
    .filter(ts.isCallExpression)
    .map((argument) => ({ name: argument.expression.getText(), call: argument }));
}

function written(source: ts.SourceFile, node: ts.Node, steps: readonly Step[], collections: Collections): WrittenQuery {
  const [root, ...rest] = steps;
  if (!root) throw unreadable(source, node);
  const text = (call: ts.CallExpression, index: number): string => {
    const argument = call.arguments[index];
    if (!argument || !ts.isStringLiteral(argument)) throw unreadable(source, call);
    return argument.text;
  };
  const named = (name: string): ts.CallExpression[] =>
    rest.filter((step) => step.name === name).map(({ call }) => call);
  return {
    place: placeOf(source, node),
    collectionGroup: collections.get(root.name) ?? lastSegment(root.call.arguments.at(-1)),
    isGroup: root.name === 'collectionGroup',
    filters: named('where').map((call) => ({ field: text(call, 0), operator: text(call, 1) })),
    orders: named('orderBy').map((call) => ({
      field: text(call, 0),
      descending: call.arguments.length > 1 && text(call, 1) === 'desc',
    })),
  };
}

/** The id of the collection of a document's pattern, such as `orders/{orderId}`. */
function collectionOf(pattern: ts.Expression): string {
  return pattern.getText().replaceAll(/['"`]/g, '').split('/').at(-2) ?? '';
}

/** The id of the collection that a path, written as text or template, ends with. */
function lastSegment(path: ts.Expression | undefined): string {
  return path?.getText().replaceAll(/['"`]/g, '').split('/').at(-1) ?? '';
}

const parse = (fileName: string, text: string): ts.SourceFile =>
  ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2023, true);

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  node.forEachChild((child) => visit(child, look));
}

function placeOf(source: ts.SourceFile, node: ts.Node): string {
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function unreadable(source: ts.SourceFile, node: ts.Node): Error {
  return new Error(`${placeOf(source, node)}: this test cannot read the query ${node.getText().slice(0, 80)}`);
}
