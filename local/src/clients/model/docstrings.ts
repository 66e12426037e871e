import ts from 'typescript';

/**
 * The comments of a source file by the path of what they describe: `Order` or `Order.courierVehicle`. A property of a
 * case of a union has a path with the text of its tag as well: `Move(reject).itemIds`; `Move(reject)` is there for each
 * such case.
 */
export type Docstrings = ReadonlyMap<string, string>;

type Constants = ReadonlyMap<string, ts.Expression>;

/** Reads the doc comments of the constants in TypeScript sources, and of the properties of the objects in them. */
export function readDocstrings(sources: readonly string[]): Docstrings {
  const found = new Map<string, string>();
  for (const source of sources) {
    const file = ts.createSourceFile('contract.ts', source, ts.ScriptTarget.ESNext, true);
    const statements = file.statements.filter(ts.isVariableStatement);
    const constants = new Map(statements.flatMap(listConstants));
    for (const statement of statements) readStatement(statement, constants, found);
  }
  return found;
}

const listConstants = (statement: ts.VariableStatement): [string, ts.Expression][] =>
  statement.declarationList.declarations.flatMap(({ name, initializer }): [string, ts.Expression][] =>
    ts.isIdentifier(name) && initializer ? [[name.text, initializer]] : [],
  );

function readStatement(statement: ts.VariableStatement, constants: Constants, found: Map<string, string>): void {
  for (const [name, initializer] of listConstants(statement)) {
    note(name, statement, found);
    readProperties(name, initializer, constants, found);
  }
}

/** Follows calls, chains, nested objects and lists of cases: `z.array(z.strictObject({ … })).max(5)`, `[...CASES]`. */
function readProperties(path: string, node: ts.Node, constants: Constants, found: Map<string, string>): void {
  if (ts.isSpreadElement(node) && ts.isIdentifier(node.expression)) {
    const spread = constants.get(node.expression.text);
    if (spread) readProperties(path, spread, constants, found);
    return;
  }
  if (!ts.isObjectLiteralExpression(node)) {
    node.forEachChild((child) => readProperties(path, child, constants, found));
    return;
  }
  const tag = findTag(node);
  if (tag !== undefined) found.set(`${path}(${tag})`, '');
  for (const prefix of tag === undefined ? [path] : [path, `${path}(${tag})`])
    for (const property of node.properties) {
      if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) continue;
      const own = `${prefix}.${property.name.text}`;
      note(own, property, found);
      readProperties(own, property.initializer, constants, found);
    }
}

/** The text by which a union knows an object: that of its first property, `type: z.literal('pin')`. */
const findTag = ({ properties: [first] }: ts.ObjectLiteralExpression): string | undefined =>
  /^\w+: z\.literal\('(.*)'\)$/.exec(first?.getText() ?? '')?.[1];

/** The first comment wins where several objects are under one path. */
function note(path: string, node: ts.Node, found: Map<string, string>): void {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  const text = comment && ts.getTextOfJSDocComment(comment.comment);
  if (text !== undefined && !found.has(path)) found.set(path, text.replaceAll(/\s*\n\s*/g, ' ').trim());
}
