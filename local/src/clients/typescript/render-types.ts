import type { Contract } from '../model/contract.js';
import type { Case, Declaration, Direction, Field, Shape, Type, Union } from '../model/types.js';
import { docComment, HEADER } from './text.js';

/** Renders the types of all documents, inputs and outputs. */
export function renderTypes({ declarations, documents }: Contract): string {
  const isOpen = (name: string) => declarations.get(name)?.kind === 'enumeration';
  const parts = [...declarations.values()].map((one) => renderDeclaration(one, isOpen));
  const rows = documents.map(({ pattern, type }) => `  readonly '${pattern}': ${type};`);
  const table = ['/** The documents that apps read, by their paths. */', 'export interface Documents {', ...rows, '}'];
  return `${HEADER}import type { EpochMs, Minor, NoFields, Open, UnknownCase } from '../scalars.js';\n\n${[...parts, table.join('\n')].join('\n\n')}\n`;
}

type IsOpen = (name: string) => boolean;

function renderDeclaration(declaration: Declaration, isOpen: IsOpen): string {
  const doc = docComment(declaration.doc);
  const { name } = declaration;
  switch (declaration.kind) {
    case 'enumeration': {
      const values = declaration.values.map((value) => JSON.stringify(value)).join(', ');
      return `${doc}export const ${name} = [${values}] as const;\nexport type ${name} = (typeof ${name})[number];`;
    }
    case 'record':
      if (declaration.fields.length === 0) return `${doc}export type ${name} = NoFields;`;
      return `${doc}export interface ${name} {\n${renderFields(declaration, isOpen)}}`;
    case 'union':
      return renderUnion(declaration, doc, isOpen);
  }
}

/** What the server sends may be a case of a newer version; an app sends only cases that it knows. */
function renderUnion({ name, tag, cases, direction }: Union, doc: string, isOpen: IsOpen): string {
  const known = cases.map(({ shape }) => shape.name);
  const names = direction === 'read' ? [...known, `UnknownCase<'${tag}'>`] : known;
  const interfaces = cases.map((one) => renderCase(one, tag, isOpen));
  return [...interfaces, `${doc}export type ${name} =\n${names.map((one) => `  | ${one}`).join('\n')};`].join('\n\n');
}

function renderCase({ values, shape }: Case, tag: string, isOpen: IsOpen): string {
  const texts = values.map((value) => JSON.stringify(value)).join(' | ');
  return `export interface ${shape.name} {\n  readonly ${tag}: ${texts};\n${renderFields(shape, isOpen)}}`;
}

const renderFields = ({ fields, direction }: Shape, isOpen: IsOpen): string =>
  fields.map((field) => renderField(field, direction, isOpen)).join('');

function renderField({ name, doc, type, optional, fallback }: Field, direction: Direction, isOpen: IsOpen): string {
  const stands = optional && fallback !== undefined ? ` Default: \`${JSON.stringify(fallback)}\`.` : '';
  const text = renderType(type, direction, isOpen);
  return `${docComment(`${doc}${stands}`.trim(), '  ')}  readonly ${name}${optional ? `?: ${text} | undefined` : `: ${text}`};\n`;
}

const SCALARS = {
  text: 'string',
  integer: 'number',
  decimal: 'number',
  boolean: 'boolean',
  minor: 'Minor',
  time: 'EpochMs',
  json: 'unknown',
};

/** Formats a type. Texts of an enumeration that the server sends may be newer than the app. */
function renderType(type: Type, direction: Direction, isOpen: IsOpen): string {
  switch (type.kind) {
    case 'named':
      return direction === 'read' && isOpen(type.name) ? `Open<${type.name}>` : type.name;
    case 'list':
      return `readonly (${renderType(type.of, direction, isOpen)})[]`;
    case 'map':
      return `Readonly<Record<string, ${renderType(type.of, direction, isOpen)}>>`;
    case 'nullable':
      return `${renderType(type.of, direction, isOpen)} | null`;
    default:
      return SCALARS[type.kind];
  }
}
