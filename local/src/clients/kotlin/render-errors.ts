import { ERROR_DETAILS, type DetailType } from '../../../../functions/src/core/error-details.js';
import type { Contract } from '../model/contract.js';
import { toPascal } from '../model/names.js';
import { indent, kdoc, renderKotlinFile, toKotlinLiteral, toKotlinName } from './text.js';

const TYPES: Readonly<Record<DetailType, string>> = {
  text: 'String',
  integer: 'Long',
  decimal: 'Double',
  boolean: 'Boolean',
  minor: 'Minor',
  time: 'EpochMs',
};

interface Refusal {
  readonly name: string;
  readonly reason: string;
  readonly meaning: string;
  readonly facts: readonly (readonly [name: string, type: DetailType])[];
}

/** Renders the reasons of refusals as a sealed interface: a class for each, with its facts. */
export function renderKotlinRefusals({ reasons }: Contract): string {
  const details = new Map<string, Readonly<Record<string, DetailType>>>(Object.entries(ERROR_DETAILS));
  const refusals = Object.entries(reasons).map(([reason, { meaning }]) => ({
    name: toPascal(reason.toLowerCase()),
    reason,
    meaning,
    facts: Object.entries(details.get(reason) ?? {}),
  }));
  const head = `/** The server's text of the reason, such as \`ORDER_NOT_FOUND\`. */\nval reason: String`;
  const body = [head, ...refusals.map(renderRefusal), UNKNOWN, renderCompanion(refusals)];
  const doc = kdoc('Why the server refused a call. A fact is null where the server did not send it.');
  return renderKotlinFile([`${doc}sealed interface Refusal {\n${indent(body.join('\n\n'))}\n}`]);
}

const UNKNOWN = `/** A reason of a newer server, or \`INTERNAL\` for a failure that only the server's log describes. */
data class Unknown(override val reason: String, val details: Map<String, Any?>) : Refusal`;

function renderRefusal({ name, reason, meaning, facts }: Refusal): string {
  const text = `{\n    override val reason: String get() = ${toKotlinLiteral(reason)}\n}`;
  if (facts.length === 0) return `${kdoc(meaning)}data object ${name} : Refusal ${text}`;
  const properties = facts.map(([fact, type]) => `val ${toKotlinName(fact)}: ${TYPES[type]}?`);
  return `${kdoc(meaning)}data class ${name}(${properties.join(', ')}) : Refusal ${text}`;
}

function renderCompanion(refusals: readonly Refusal[]): string {
  const rows = refusals.map(({ name, reason, facts }) => {
    const given = facts.map(([fact, type]) => `facts.${type}(${toKotlinLiteral(fact)})`).join(', ');
    return `${toKotlinLiteral(reason)} -> ${facts.length > 0 ? `${name}(${given})` : name}`;
  });
  const choice = indent([...rows, 'else -> Unknown(reason, details)'].join('\n'));
  const function_ = `/** Converts the details of a refused call. Never throws. */
fun of(reason: String, details: Map<String, Any?>): Refusal {
    val facts = Facts(details)
    return when (reason) {
${indent(choice)}
    }
}`;
  return `companion object {\n${indent(function_)}\n}`;
}
