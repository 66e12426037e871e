import ts from 'typescript';

/** The comments of a source file by the path of what they describe: `Order` or `Order.courierVehicle`. */
export type Docstrings = ReadonlyMap<string, string>;

/** Reads the doc comments of the constants in TypeScript sources, and of the properties of the objects in them. */
export function readDocstrings(sources: readonly string[]): Docstrings {
  const found = new Map<string, string>();
  for (const source of sources) {
    const file = ts.createSourceFile('contract.ts', source, ts.ScriptTarget.ESNext, true);
    for (const statement of file.statements) if (ts.isVariableStatement(statement)) readStatement(statement, found);
  }
  return found;
}

function readStatement(statement: ts.VariableStatement, found: Map<string, string>): void {
  for (const { name, initializer } of statement.declarationList.declarations) {
    if (!ts.isIdentifier(name) || !initializer) continue;
    note(name.text, statement, found);
    readProperties(name.text, initializer, found);
  }
}

/** Follows calls, chains and nested objects: `z.array(z.strictObject({ … })).max(5)`. */
function readProperties(path: string, node: ts.Node, found: Map<string, string>): void {
  if (!ts.isObjectLiteralExpression(node)) {
    node.forEachChild((child) => readProperties(path, child, found));
    return;
  }
  for (const property of node.properties) {
    if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) continue;
    const own = `${path}.${property.name.text}`;
    note(own, property, found);
    readProperties(own, property.initializer, found);
  }
}

/** The first comment wins: the cases of a union may have a property each under one path. */
function note(path: string, node: ts.Node, found: Map<string, string>): void {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  const text = comment && ts.getTextOfJSDocComment(comment.comment);
  if (text !== undefined && !found.has(path)) found.set(path, text.replaceAll(/\s*\n\s*/g, ' ').trim());
}
