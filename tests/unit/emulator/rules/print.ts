/** Rules as text, from their tree: parentheses stand only where the grammar needs them. */
import type {
  Allow,
  BinaryOperator,
  Expression,
  ExpressionNode,
  FunctionDeclaration,
  MatchBlock,
  PatternPart,
  RulesetTree,
} from '#emulator/rules/ast.js';
import type { RulesValue } from '#emulator/rules/index.js';

/** How tightly operators bind; what binds less than its place asks for is put in parentheses. */
const BINDING: Record<BinaryOperator | 'is', number> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  in: 4,
  is: 4,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
};
const UNARY = 8;
const POSTFIX = 9;
const PRIMARY = 10;

export function printRuleset({ version, functions, services }: RulesetTree): string {
  const blocks = services.map(
    (service) => `service ${service.name} {\n${printBody(service.functions, service.matches)}\n}`,
  );
  return [`rules_version = '${version}';`, ...functions.map(printFunction), ...blocks].join('\n');
}

function printBody(functions: readonly FunctionDeclaration[], matches: readonly MatchBlock[]): string {
  return [...functions.map(printFunction), ...matches.map(printMatch)].join('\n');
}

function printMatch({ pattern, functions, matches, allows }: MatchBlock): string {
  return `match ${pattern.map(printPart).join('')} {\n${allows.map(printAllow).join('\n')}${printBody(functions, matches)}\n}`;
}

function printPart(part: PatternPart): string {
  if (part.kind === 'literal') return `/${part.text}`;
  return part.kind === 'one' ? `/{${part.name}}` : `/{${part.name}=**}`;
}

function printAllow({ methods, condition }: Allow): string {
  return `allow ${[...methods].join(', ')}${condition ? `: if ${print(condition)}` : ''};\n`;
}

function printFunction({ name, parameters, lets, body }: FunctionDeclaration): string {
  const bound = lets.map((each) => `let ${each.name.name} = ${print(each.value)}; `).join('');
  return `function ${name.name}(${parameters.map((one) => one.name).join(', ')}) { ${bound}return ${print(body)}; }`;
}

/** An expression at a place that wants it to bind at least so tightly. */
export function print(e: Expression, least = 0): string {
  const [text, binding] = printed(e);
  return binding < least ? `(${text})` : text;
}

function printed(e: ExpressionNode): [text: string, binding: number] {
  switch (e.kind) {
    case 'literal':
      return printLiteral(e.value);
    case 'name':
      return [e.name, PRIMARY];
    case 'list':
      return [`[${printAll(e.items)}]`, PRIMARY];
    case 'map':
      return [`{${e.entries.map(({ key, value }) => `${print(key)}: ${print(value)}`).join(', ')}}`, PRIMARY];
    case 'path':
      return [e.segments.map((part) => (typeof part === 'string' ? `/${part}` : `/$(${print(part)})`)).join(''), 0];
    case 'member':
      return [`${print(e.object, POSTFIX)}.${e.name}`, POSTFIX];
    case 'index':
      return [`${print(e.object, POSTFIX)}[${print(e.index)}]`, POSTFIX];
    case 'slice':
      return [`${print(e.object, POSTFIX)}[${print(e.from)}:${print(e.to)}]`, POSTFIX];
    case 'call':
      return [`${e.callee.name}(${printAll(e.args)})`, PRIMARY];
    case 'method':
      return [`${print(e.object, POSTFIX)}.${e.callee.name}(${printAll(e.args)})`, POSTFIX];
    case 'unary':
      return [`${e.op}${print(e.operand, UNARY)}`, UNARY];
    case 'binary':
      return [`${print(e.left, BINDING[e.op])} ${e.op} ${print(e.right, BINDING[e.op] + 1)}`, BINDING[e.op]];
    case 'is':
      return [`${print(e.operand, BINDING.is)} is ${e.type}`, BINDING.is];
    case 'ternary':
      return [`${print(e.condition, BINDING['||'])} ? ${print(e.whenTrue)} : ${print(e.whenFalse)}`, 0];
  }
}

const printAll = (expressions: readonly Expression[]): string => expressions.map((e) => print(e)).join(', ');

/** A number does not bind tightly enough for a dot after it. */
function printLiteral(value: RulesValue): [text: string, binding: number] {
  switch (value.kind) {
    case 'null':
      return ['null', PRIMARY];
    case 'bool':
      return [String(value.value), PRIMARY];
    case 'int':
      return [String(value.value), UNARY];
    case 'float':
      return [Number.isInteger(value.value) ? value.value.toFixed(1) : String(value.value), UNARY];
    case 'string':
      return [`'${[...value.value].map(escaped).join('')}'`, PRIMARY];
    case 'bytes':
      return [`b'${[...value.value].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`, PRIMARY];
    default:
      throw new Error(`no literal is a ${value.kind}`);
  }
}

function escaped(char: string): string {
  return /[A-Za-z0-9 ]/.test(char) ? char : `\\U${(char.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
}
