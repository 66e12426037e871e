import type { Contract } from '../model/contract.js';
import { toPascal } from '../model/names.js';
import type { Case, Declaration, Direction, Field, Shape, Union } from '../model/types.js';
import { indent, kdoc, renderKotlinFile, toKotlinLiteral, toKotlinName } from './text.js';
import { KotlinValues } from './values.js';

/** Renders the enumerations: texts of which a newer server may send others. */
export function renderKotlinEnumerations({ declarations }: Contract): string {
  const parts = [...declarations.values()].flatMap((one) => {
    if (one.kind !== 'enumeration') return [];
    const rows = one.values.map(
      (value) => `val ${toPascal(value)}: ${one.name} = ${one.name}(${toKotlinLiteral(value)})`,
    );
    const names = one.values.map(toPascal).join(', ');
    const known = `/** The texts that this version knows. */\nval known: List<${one.name}> = listOf(${names})`;
    const companion = `companion object {\n${indent([...rows, '', known].join('\n'))}\n}`;
    const body = `override fun toString(): String = text\n\n${companion}`;
    return [`${kdoc(one.doc)}@JvmInline\nvalue class ${one.name}(val text: String) {\n${indent(body)}\n}`];
  });
  return renderKotlinFile(parts);
}

/** Renders the records and unions that an app reads, or those that it sends. */
export function renderKotlinTypes({ declarations }: Contract, direction: Direction): string {
  const values = new KotlinValues(declarations);
  const parts = [...declarations.values()].flatMap((one) => renderDeclaration(one, direction, values));
  return renderKotlinFile(parts);
}

function renderDeclaration(one: Declaration, direction: Direction, values: KotlinValues): string[] {
  if (one.kind === 'enumeration' || one.direction !== direction) return [];
  return [one.kind === 'union' ? renderUnion(one, values) : renderRecord(one, values)];
}

const renderRecord = (shape: Shape, values: KotlinValues): string =>
  renderClass({ name: shape.name, doc: shape.doc, shape, supertype: 'Record' }, values);

interface ClassParts {
  readonly name: string;
  readonly doc: string;
  readonly shape: Shape;
  readonly supertype: string;
  /** The property and the text by which a union knows this class. */
  readonly tag?: readonly [name: string, text: string];
}

/** A class with the properties of a record. It is an object where there are none. */
function renderClass({ name, doc, shape, supertype, tag }: ClassParts, values: KotlinValues): string {
  const { fields, direction } = shape;
  const canBeRead = direction === 'read';
  const writes = [
    ...(tag ? [`put(${tag.map(toKotlinLiteral).join(', ')})`] : []),
    ...fields.map((field) => values.write(field)),
  ];
  const toMap =
    writes.length > 0
      ? `override fun toMap(): Map<String, Any?> = buildMap {\n${indent(writes.join('\n'))}\n}`
      : 'override fun toMap(): Map<String, Any?> = emptyMap()';
  if (fields.length === 0) {
    const read = canBeRead ? `\n\noverride fun read(from: Fields): ${name} = this` : '';
    const supertypes = canBeRead ? `${supertype}, Reader<${name}>` : supertype;
    return `${kdoc(doc)}data object ${name} : ${supertypes} {\n${indent(`${toMap}${read}`)}\n}`;
  }
  const properties = fields.map((field) => renderProperty(field, values)).join('\n');
  const body = canBeRead ? `${toMap}\n\n${renderCompanion(name, fields, values)}` : toMap;
  return `${kdoc(doc)}data class ${name}(\n${indent(properties)}\n) : ${supertype} {\n${indent(body)}\n}`;
}

function renderProperty(field: Field, values: KotlinValues): string {
  const { name, doc, optional, fallback } = field;
  const stands = optional && fallback !== undefined ? ` Default: \`${JSON.stringify(fallback)}\`.` : '';
  const absent = optional ? ' = null' : '';
  return `${kdoc(`${doc}${stands}`.trim())}val ${toKotlinName(name)}: ${values.fieldType(field)}${absent},`;
}

function renderCompanion(name: string, fields: readonly Field[], values: KotlinValues): string {
  const given = fields.map((field) => `${toKotlinName(field.name)} = ${values.read(field)},`).join('\n');
  const read = `override fun read(from: Fields): ${name} = ${name}(\n${indent(given)}\n)`;
  return `companion object : Reader<${name}> {\n${indent(read)}\n}`;
}

/** A sealed interface with a class for each text of the tag, and one for the texts that this version does not know. */
function renderUnion(union: Union, values: KotlinValues): string {
  const { name, doc, direction } = union;
  const classes = union.cases.flatMap((one) => one.values.map((text) => [toPascal(text), text, one] as const));
  const own = values.withHidden([...classes.map(([nested]) => nested), 'Unknown']);
  const parts = classes.map(([nested, text, one]) => renderCase(nested, text, one, union, own));
  if (direction === 'read') parts.push(renderUnknown(name), renderUnionCompanion(union, classes));
  return `${kdoc(doc)}sealed interface ${name} : Record {\n${indent(parts.join('\n\n'))}\n}`;
}

const renderCase = (name: string, text: string, { shape }: Case, union: Union, values: KotlinValues): string =>
  renderClass(
    { name, doc: shape.doc === union.doc ? '' : shape.doc, shape, supertype: union.name, tag: [union.tag, text] },
    values,
  );

const renderUnknown = (union: string): string =>
  `/** A case that a newer server sends, as it arrived. */
data class Unknown(val raw: Map<String, Any?>) : ${union} {
    override fun toMap(): Map<String, Any?> = raw
}`;

function renderUnionCompanion({ name, tag }: Union, classes: readonly (readonly [string, string, Case])[]): string {
  const rows = classes.map(([nested, text]) => `${toKotlinLiteral(text)} -> ${nested}.read(from)`);
  const choice = `when (from.tag(${toKotlinLiteral(tag)})) {\n${indent([...rows, 'else -> Unknown(from.raw)'].join('\n'))}\n}`;
  return `companion object : Reader<${name}> {\n${indent(`override fun read(from: Fields): ${name} = ${choice}`)}\n}`;
}
