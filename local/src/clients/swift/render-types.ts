import type { Contract } from '../model/contract.js';
import { toCamel } from '../model/names.js';
import type { Case, Declaration, Direction, Field, Shape, Union } from '../model/types.js';
import { describeField, slashComment } from '../slash-comment.js';
import { escapeSwift, formatSwiftJson, formatSwiftType, SWIFT_HEADER, quoteSwift } from './text.js';

type Kind = Declaration['kind'];

/** Renders the declarations of one kind. */
export function renderSwiftTypes({ declarations }: Contract, kind: Kind): string {
  const found = [...declarations.values()].filter((one) => one.kind === kind);
  return `${SWIFT_HEADER}\n${found.map(renderDeclaration).join('\n')}`;
}

function renderDeclaration(declaration: Declaration): string {
  switch (declaration.kind) {
    case 'enumeration':
      return renderEnumeration(declaration.name, declaration.doc, declaration.values);
    case 'record':
      return renderRecord(declaration);
    case 'union':
      return renderUnion(declaration);
  }
}

/** What the server sends is also written, for a cache on the phone; what an app sends is only written. */
const protocolOf = (direction: Direction): string => (direction === 'read' ? 'ContractValue' : 'ContractInput');

function renderEnumeration(name: string, doc: string, values: readonly string[]): string {
  const rows = values.map((text) => [escapeSwift(toCamel(text)), quoteSwift(text)] as const);
  return `${slashComment(doc)}public enum ${name}: TextEnumeration {
${rows.map(([one]) => `  case ${one}\n`).join('')}  /// A text that a newer server sends.
  case unknown(String)

  /// The texts that this version knows.
  public static let known: [${name}] = [${rows.map(([one]) => `.${one}`).join(', ')}]

  public init(text: String) {
    switch text {
${rows.map(([one, text]) => `    case ${text}: self = .${one}\n`).join('')}    default: self = .unknown(text)
    }
  }

  public var text: String {
    switch self {
${rows.map(([one, text]) => `    case .${one}: return ${text}\n`).join('')}    case .unknown(let text): return text
    }
  }
}
`;
}

function renderRecord(shape: Shape): string {
  const { name, doc, fields, direction } = shape;
  const parts = [fields.map(renderField).join(''), renderInitializer(fields)];
  if (direction === 'read') parts.push(renderReading(fields));
  parts.push(renderWriting(fields));
  const body = parts.filter((part) => part !== '').join('\n');
  return `${slashComment(doc)}public struct ${name}: ${protocolOf(direction)} {\n${body}}\n`;
}

/** A property that may be absent and may be null has three states. */
function typeOf({ type, optional }: Field): string {
  if (!optional) return formatSwiftType(type);
  return type.kind === 'nullable' ? `OrNull<${formatSwiftType(type.of)}>?` : `${formatSwiftType(type)}?`;
}

const renderField = (field: Field): string =>
  `${slashComment(describeField(field.doc, field.optional, field.fallback), '  ')}  public let ${escapeSwift(field.name)}: ${typeOf(field)}\n`;

function renderInitializer(fields: readonly Field[]): string {
  if (fields.length === 0) return '  public init() {}\n';
  const parameters = fields.map(
    (field) => `    ${escapeSwift(field.name)}: ${typeOf(field)}${field.optional ? ' = nil' : ''}`,
  );
  const rows = fields.map(({ name }) => `    self.${name} = ${escapeSwift(name)}\n`);
  return `  public init(\n${parameters.join(',\n')}\n  ) {\n${rows.join('')}  }\n`;
}

function renderReading(fields: readonly Field[]): string {
  if (fields.length === 0) return '  public init(reading: Reading) throws {}\n';
  const rows = fields.map(({ name, fallback, optional, type }) => {
    const standIn = fallback === undefined ? '' : `, or: ${formatSwiftJson(fallback)}`;
    const read = optional || type.kind === 'nullable' ? 'readIfPresent' : 'read';
    return `    self.${name} = try reading.${read}(${quoteSwift(name)}${standIn})\n`;
  });
  return `  public init(reading: Reading) throws {\n${rows.join('')}  }\n`;
}

function renderWriting(fields: readonly Field[]): string {
  if (fields.length === 0) return '  public var json: JSON { .map([:]) }\n';
  const rows = fields.map(
    ({ name, optional }) => `    fields[${quoteSwift(name)}] = self.${name}${optional ? '?' : ''}.json\n`,
  );
  return `  public var json: JSON {\n    var fields: [String: JSON] = [:]\n${rows.join('')}    return .map(fields)\n  }\n`;
}

/** A text of the tag is a case; texts that share their properties share the record. */
interface SwiftCase {
  readonly text: string;
  readonly name: string;
  readonly shape: Shape;
}

function renderUnion(union: Union): string {
  const cases = union.cases.flatMap(({ values, shape }) =>
    values.map((text) => ({ text, name: escapeSwift(toCamel(text)), shape })),
  );
  const { name, doc, direction } = union;
  const isRead = direction === 'read';
  const body = [
    cases.map(renderUnionCase).join(''),
    ...(isRead
      ? ['  /// A case that a newer server sends, as it arrived.\n  case unknown(tag: String, raw: JSON)\n']
      : []),
    ...(isRead ? [`\n${renderUnionReading(union.tag, cases)}`] : []),
    `\n${renderUnionWriting(union.tag, cases, isRead)}`,
  ];
  const head = `${slashComment(doc)}public enum ${name}: ${protocolOf(direction)} {\n`;
  const records = union.cases.filter(hasRecord).map(({ shape }) => `\n${renderRecord(shape)}`);
  return `${head}${body.join('')}}\n${records.join('')}`;
}

const hasRecord = ({ shape }: Pick<Case, 'shape'>): boolean => shape.fields.length > 0;

const renderUnionCase = (one: SwiftCase): string =>
  `  case ${one.name}${hasRecord(one) ? `(${one.shape.name})` : ''}\n`;

function renderUnionReading(tag: string, cases: readonly SwiftCase[]): string {
  const rows = cases.map((one) => {
    const payload = hasRecord(one) ? `(try ${one.shape.name}(reading: reading))` : '';
    return `    case ${quoteSwift(one.text)}: self = .${one.name}${payload}\n`;
  });
  return `  public init(reading: Reading) throws {
    let tag = reading.tag(${quoteSwift(tag)})
    switch tag {
${rows.join('')}    default: self = .unknown(tag: tag, raw: reading.raw)
    }
  }
`;
}

function renderUnionWriting(tag: string, cases: readonly SwiftCase[], isRead: boolean): string {
  const rows = cases.map((one) => {
    const [pattern, payload] = hasRecord(one) ? ['(let value)', 'value.json'] : ['', '.map([:])'];
    return `    case .${one.name}${pattern}: return JSON.tagged(${quoteSwift(tag)}, ${quoteSwift(one.text)}, ${payload})\n`;
  });
  const unknown = isRead ? '    case .unknown(_, let raw): return raw\n' : '';
  return `  public var json: JSON {\n    switch self {\n${rows.join('')}${unknown}    }\n  }\n`;
}
