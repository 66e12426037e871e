import type { Contract } from '../model/contract.js';
import { toCamel } from '../model/names.js';
import type { Declaration, Field, Shape, Union } from '../model/types.js';
import { describeField, slashComment } from '../slash-comment.js';
import { escapeDart, formatDartJson, formatDartType, DART_HEADER, quoteDart } from './text.js';
import { formatFieldRead, formatWrite } from './values.js';

type Declarations = Contract['declarations'];
const IMPORTS = "import '../reading.dart';\nimport '../scalars.dart';\nimport '../value.dart';\n";

/** Renders the enumerations. */
export function renderDartEnumerations({ declarations }: Contract): string {
  const found = [...declarations.values()].flatMap((one) => (one.kind === 'enumeration' ? [one] : []));
  return `${DART_HEADER}\n${found.map((one) => renderEnumeration(one.name, one.doc, one.values)).join('\n')}`;
}

/** Renders the records and the unions, which refer to each other. */
export function renderDartTypes({ declarations }: Contract): string {
  const parts = [...declarations.values()].flatMap((one) => renderDeclaration(one, declarations));
  return `${DART_HEADER}\n${IMPORTS}import 'enumerations.dart';\n\n${parts.join('\n')}`;
}

function renderDeclaration(declaration: Declaration, declarations: Declarations): string[] {
  if (declaration.kind === 'enumeration') return [];
  if (declaration.kind === 'union') return [renderUnion(declaration, declarations)];
  return [renderClass(declaration, { parent: 'ContractValue', head: [] }, declarations)];
}

function renderEnumeration(name: string, doc: string, values: readonly string[]): string {
  const rows = values.map((text) => `  static const ${escapeDart(toCamel(text))} = ${name}(${quoteDart(text)});\n`);
  const known = values.map((text) => escapeDart(toCamel(text))).join(', ');
  return `${slashComment(doc)}extension type const ${name}(String text) {
${rows.join('')}
  /// The texts that this version knows. A newer server may send others.
  static const List<${name}> known = [${known}];

  bool get isKnown => known.contains(this);
}
`;
}

/** What a class has besides the properties of its shape. */
interface Role {
  readonly parent: string;
  /** Entries of its JSON before the properties, and the properties for them. */
  readonly head: readonly { readonly key: string; readonly value: string; readonly isField: boolean }[];
}

function renderClass(shape: Shape, role: Role, declarations: Declarations): string {
  const { name, doc, fields, direction } = shape;
  const tagFields = role.head.filter(({ isField }) => isField).map(({ key }) => escapeDart(key));
  const parts = [renderConstructor(name, tagFields, fields)];
  if (direction === 'read') parts.push(renderReading(shape, declarations));
  if (fields.length + tagFields.length > 0)
    parts.push([...tagFields.map((one) => `  final String ${one};\n`), ...fields.map(renderField)].join(''));
  parts.push(renderWriting(role, fields, declarations));
  return `${slashComment(doc)}final class ${name} extends ${role.parent} {\n${parts.join('\n')}}\n`;
}

function renderConstructor(name: string, tagFields: readonly string[], fields: readonly Field[]): string {
  const parameters = [
    ...tagFields.map((one) => `    required this.${one},\n`),
    ...fields.map((field) => `    ${field.optional ? '' : 'required '}this.${escapeDart(field.name)},\n`),
  ];
  return parameters.length === 0 ? `  const ${name}();\n` : `  const ${name}({\n${parameters.join('')}  });\n`;
}

function renderReading({ name, fields }: Shape, declarations: Declarations): string {
  if (fields.length === 0) return `  factory ${name}.read(Reading reading) => const ${name}();\n`;
  const rows = fields.map((field) => {
    const { fallback } = field;
    const standIn = fallback === undefined ? '' : `, or: ${formatConst(formatDartJson(fallback))}`;
    const from = `reading.field(${quoteDart(field.name)}${standIn})`;
    return `        ${escapeDart(field.name)}: ${formatFieldRead(field, from, declarations)},\n`;
  });
  return `  factory ${name}.read(Reading reading) => ${name}(\n${rows.join('')}      );\n`;
}

const formatConst = (literal: string): string => (/^[[{]/.test(literal) ? `const ${literal}` : literal);

/** A property that may be absent and may be null has three states. */
function typeOf({ type, optional }: Field): string {
  if (!optional) return formatDartType(type);
  if (type.kind === 'nullable') return `OrNull<${formatDartType(type.of)}>?`;
  return type.kind === 'json' ? 'Object?' : `${formatDartType(type)}?`;
}

const renderField = (field: Field): string =>
  `${slashComment(describeField(field.doc, field.optional, field.fallback), '  ')}  final ${typeOf(field)} ${escapeDart(field.name)};\n`;

function renderWriting({ head, parent }: Role, fields: readonly Field[], declarations: Declarations): string {
  const first = head.map(({ key, value }) => `        ${quoteDart(key)}: ${value},\n`);
  const rows = fields.map((field) => `        ${renderEntry(field, declarations)},\n`);
  if (first.length + rows.length === 0) return '  @override\n  Map<String, Object?> toJson() => const {};\n';
  const isConst = parent !== 'ContractValue' && rows.length === 0 && head.every(({ isField }) => !isField);
  return `  @override\n  Map<String, Object?> toJson() => ${isConst ? 'const ' : ''}{\n${first.join('')}${rows.join('')}      };\n`;
}

function renderEntry({ name, type, optional }: Field, declarations: Declarations): string {
  const own = escapeDart(name);
  if (!optional) return `${quoteDart(name)}: ${formatWrite(own, type, declarations)}`;
  const value =
    type.kind === 'nullable'
      ? formatWrite('present.value', type, declarations)
      : formatWrite('present', type, declarations);
  return `if (${own} case final present?) ${quoteDart(name)}: ${value}`;
}

function renderUnion(union: Union, declarations: Declarations): string {
  const { name, doc, direction, tag, cases } = union;
  const classes = cases.map(({ values, shape }) => {
    const isField = values.length > 1;
    const value = isField ? escapeDart(tag) : values.map(quoteDart).join('');
    return `\n${renderClass(shape, { parent: name, head: [{ key: tag, value, isField }] }, declarations)}`;
  });
  const isRead = direction === 'read';
  const reading = isRead ? `\n${renderUnionReading(union)}` : '';
  const head = `${slashComment(doc)}sealed class ${name} extends ContractValue {\n  const ${name}();\n${reading}}\n`;
  return [head, ...classes, ...(isRead ? [`\n${renderUnknown(name)}`] : [])].join('');
}

function renderUnionReading({ name, tag, cases }: Union): string {
  const rows = cases.flatMap(({ values, shape }) =>
    values.map((text) => `        ${quoteDart(text)} => ${shape.name}.read(reading),\n`),
  );
  return `  factory ${name}.read(Reading reading) => switch (reading.tag(${quoteDart(tag)})) {
${rows.join('')}        _ => ${name}Unknown(reading.raw),
      };
`;
}

const renderUnknown = (name: string): string => `/// A case that a newer server sends, as it arrived.
final class ${name}Unknown extends ${name} {
  const ${name}Unknown(this.raw);

  final Map<String, Object?> raw;

  @override
  Map<String, Object?> toJson() => raw;
}
`;
