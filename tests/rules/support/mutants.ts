import type { Expression, NodeOf } from '#emulator/rules/ast.js';
import { Parser } from '#emulator/rules/parser.js';
import { Source } from '#emulator/rules/source.js';
import { rootExpressions, withNested } from '#emulator/rules/tree-walk.js';

/** The rules with one fault put in. */
export interface Mutant {
  readonly line: number;
  /** What stood there and what stands there now. */
  readonly change: string;
  readonly text: string;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/** Every fault of these kinds, one at a time: a conjunct dropped, && and || swapped, a bound moved, a door widened. */
export function mutantsOf(text: string, file: string): Mutant[] {
  const source = new Source(text, file);
  const tree = new Parser(source).ruleset();
  const edits = [...rootExpressions(tree)].flatMap((root) =>
    [...withNested(root)].flatMap((node) => editsOf(text, node)),
  );
  return [...edits, ...widerDoors(text)].map(({ start, end, by }) => ({
    line: source.line(start),
    change: `${oneLine(text.slice(start, end))} → ${oneLine(by)}`,
    text: text.slice(0, start) + by + text.slice(end),
  }));
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 110 ? `${line.slice(0, 80)} … ${line.slice(-25)}` : line;
}

function editsOf(text: string, node: Expression): Edit[] {
  const put = (...replacements: readonly string[]): Edit[] =>
    replacements.map((by) => ({ start: node.start, end: node.end, by: `(${by})` }));
  const of = ({ start, end }: Expression): string => text.slice(start, end);
  switch (node.kind) {
    case 'binary':
      return put(...binaries(node, `(${of(node.left)})`, `(${of(node.right)})`));
    case 'unary':
      return node.op === '!' ? put(of(node.operand)) : [];
    case 'ternary':
      return put(of(node.whenTrue), of(node.whenFalse));
    case 'is':
      return put('true');
    case 'method':
      return ['hasOnly', 'hasAll', 'matches'].includes(node.callee.name) ? put('true') : [];
    case 'list':
      return node.items.length > 1
        ? put(
            ...node.items.map(
              (left) =>
                `[${node.items
                  .filter((item) => item !== left)
                  .map(of)
                  .join(', ')}]`,
            ),
          )
        : [];
    case 'literal':
      return node.value.kind === 'int' ? put(...numbers(Number(node.value.value))) : [];
    default:
      return [];
  }
}

function binaries({ op }: NodeOf<'binary'>, left: string, right: string): string[] {
  switch (op) {
    case '&&':
      return [left, right, `${left} || ${right}`];
    case '||':
      return [left, right, `${left} && ${right}`];
    case '<=':
    case '>=':
      return [`${left} ${op.slice(0, 1)} ${right}`, 'true'];
    case '<':
    case '>':
      return [`${left} ${op}= ${right}`, 'true'];
    case '==':
    case 'in':
      return ['true'];
    default:
      return [];
  }
}

/** A size a little larger or smaller, a time much longer or shorter. */
const numbers = (value: number): string[] =>
  (value < 100_000 ? [value + 1, value - 1] : [value * 2, value / 2]).map((n) => String(Math.floor(n)));

const WIDER: Readonly<Record<string, string>> = {
  get: 'read',
  list: 'read',
  create: 'write',
  update: 'write',
  delete: 'write',
};

function widerDoors(text: string): Edit[] {
  return [...text.matchAll(/allow ([a-z, ]+):/g)].flatMap(({ 0: whole, 1: methods = '', index }) =>
    methods
      .split(', ')
      .map((method) => ({ start: index, end: index + whole.length, by: `allow ${methods}, ${WIDER[method] ?? ''}:` })),
  );
}
