import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { Language, Parser, type Node } from 'web-tree-sitter';
import type { Contract } from '#local/clients/model/contract.js';

const ROOT = join(import.meta.dirname, '../../..');
const { resolve } = createRequire(import.meta.url);

/** A source file with its syntax tree. */
export interface Source {
  /** The path in the repository. */
  readonly path: string;
  readonly root: Node;
}

/** Returns a parser of a language by its tree-sitter grammar: `(path, text)` to a Source. */
export async function createParser(language: 'swift' | 'dart'): Promise<(path: string, text: string) => Source> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(resolve(`@repomix/tree-sitter-wasms/out/tree-sitter-${language}.wasm`)));
  return (path, text) => {
    const tree = parser.parse(text);
    if (!tree) throw new Error(`${path}: not parsed`);
    return { path, root: tree.rootNode };
  };
}

/** Reads and parses the files of a package, generated and written by hand. */
export async function parsePackage(language: 'swift' | 'dart'): Promise<Source[]> {
  const folder = join(ROOT, 'clients', language);
  const parse = await createParser(language);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(`.${language}`) && !/(^|\/)\.(build|dart_tool)\//.test(name))
    .toSorted()
    .map((name) => parse(relative(ROOT, join(folder, name)), readFileSync(join(folder, name), 'utf8')));
}

/** Parses the examples in the README of a package. Those of Dart are statements of a function, but for the imports. */
export async function parseExamples(language: 'swift' | 'dart'): Promise<Source[]> {
  const path = `clients/${language}/README.md`;
  const parse = await createParser(language);
  const text = readFileSync(join(ROOT, path), 'utf8');
  const examples = [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, code = '']) => code);
  return examples.map((code) => {
    if (language === 'swift') return parse(path, code);
    const [, imports = '', body = ''] = /^((?:import .*\n)*)(.*)$/s.exec(code) ?? [];
    return parse(path, `${imports}Future<void> main() async {\n${body}}\n`);
  });
}

/** Lists what the grammar does not accept, by file and line. */
export const findSyntaxErrors = ({ path, root }: Source): string[] =>
  root.hasError
    ? descendants(root)
        .filter((node) => node.isError || node.isMissing)
        .map((node) => `${toPlace(path, node)}: ${node.isMissing ? `${node.type} missing` : node.text.slice(0, 60)}`)
    : [];

export const toPlace = (path: string, node: Node): string => `${path}:${node.startPosition.row + 1}`;

/** Every node below one, in the order of the text, also the unnamed ones. */
function descendants(node: Node): Node[] {
  return [node, ...node.children.flatMap((child) => (child ? descendants(child) : []))];
}

/** Lists the names that occur more than once. */
export function findRepeated(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.filter((name) => seen.size === seen.add(name).size);
}

const IDENTIFIERS = new Set(['identifier', 'simple_identifier', 'type_identifier']);

/** An identifier, and what it is in the tree: the kind of its parent, and its field or `first` there. */
interface Name {
  readonly text: string;
  readonly place: string;
  readonly isType: boolean;
  readonly role: string;
}

/** Lists the identifiers of a file. An escaped Swift identifier keeps its backticks. */
export const listNames = ({ path, root }: Source): Name[] =>
  descendants(root)
    .filter((node) => IDENTIFIERS.has(node.type) && node.namedChildCount === 0)
    .map((node) => ({
      text: node.text,
      place: toPlace(path, node),
      isType: node.type === 'type_identifier',
      role: roleOf(node),
    }));

function roleOf(node: Node): string {
  const { parent } = node;
  if (!parent) return '';
  const at = parent.children.findIndex((child) => child?.id === node.id);
  const field = parent.fieldNameForChild(at) ?? (parent.firstNamedChild?.id === node.id ? 'first' : 'other');
  return `${parent.type}.${field}`;
}

/** What a language calls a declaration, and the names of the language and of the SDKs. */
export interface Vocabulary {
  readonly isDeclaration: (name: Name) => boolean;
  /** True for a declaration that may be a reserved word. */
  readonly isFree: (name: Name) => boolean;
  readonly reserved: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
}

/** Splits a list of words. */
export const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Lists the names of types, members, parameters and labels that no file of the package declares. Scopes are ignored. */
export function findUndeclared(sources: readonly Source[], { isDeclaration, known }: Vocabulary): string[] {
  const names = sources.flatMap(listNames).map((name) => ({ ...name, text: name.text.replaceAll('`', '') }));
  const declared = new Set(names.filter(isDeclaration).map(({ text }) => text));
  return names
    .filter(({ text }) => !declared.has(text) && !known.has(text))
    .map(({ place, text }) => `${place}: ${text}`);
}

/** Lists the declarations whose names the language reserves. */
export const findReserved = (sources: readonly Source[], { isDeclaration, isFree, reserved }: Vocabulary): string[] =>
  sources
    .flatMap(listNames)
    .filter((name) => isDeclaration(name) && !isFree(name) && reserved.has(name.text))
    .map(({ place, text }) => `${place}: ${text}`);

/**
 * Reads the contract. Imported here, not above: the sources are imported by path, and a module that was loaded by
 * `require` would be another instance, with schemas that have no names.
 */
export async function loadContract(): Promise<Contract> {
  const { readContract, readSources } = await import('#local/clients/model/contract.js');
  return readContract(await readSources());
}
