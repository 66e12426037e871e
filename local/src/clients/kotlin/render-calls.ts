import type { Callable, Contract } from '../model/contract.js';
import { indent, kdoc, renderKotlinFile, toKotlinLiteral } from './text.js';

/** Renders the callables: what the package must know of each to call it. */
export function renderKotlinCalls({ callables, commonReasons }: Contract): string {
  const common = `/** The reasons with which every callable may refuse. */
val commonReasons: Set<String> = setOf(${commonReasons.map(toKotlinLiteral).join(', ')})`;
  const all = `/** All callables, by their names. */
val all: List<Callable<*, *>> = listOf(${callables.map(({ name }) => name).join(', ')})`;
  const body = [common, ...callables.map(renderCall), all].join('\n\n');
  return renderKotlinFile([`/** The callables of the backend. */\nobject Calls {\n${indent(body)}\n}`]);
}

function renderCall({ name, description, audience, limitedUse, input, output, reasons }: Callable): string {
  const set = reasons.length > 0 ? `setOf(${reasons.map(toKotlinLiteral).join(', ')})` : 'emptySet()';
  const given = [
    `name = ${toKotlinLiteral(name)}`,
    `output = ${output}`,
    `limitedUse = ${limitedUse}`,
    `reasons = ${set}`,
  ];
  const rows = indent(given.map((one) => `${one},`).join('\n'));
  return `${kdoc(`${description}. Caller: ${audience}.`)}val ${name}: Callable<${input}, ${output}> = Callable(\n${rows}\n)`;
}
