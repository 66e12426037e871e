import { ERROR_DETAILS, type DetailType } from '../../../../functions/src/core/error-details.js';
import type { Contract } from '../model/contract.js';
import { toCamel } from '../model/names.js';
import { slashComment } from '../slash-comment.js';
import { escapeSwift, SWIFT_HEADER, quoteSwift, SWIFT_SCALARS } from './text.js';

interface SwiftReason {
  readonly text: string;
  readonly name: string;
  readonly meaning: string;
  readonly facts: readonly (readonly [name: string, type: DetailType])[];
}

/** Renders the reasons of refusals as cases with their facts. */
export function renderSwiftErrors({ reasons }: Contract): string {
  const details = new Map<string, Readonly<Record<string, DetailType>>>(Object.entries(ERROR_DETAILS));
  const all = Object.entries(reasons).map(([text, { meaning }]) => ({
    text,
    name: escapeSwift(toCamel(text)),
    meaning,
    facts: Object.entries(details.get(text) ?? {}),
  }));
  return `${SWIFT_HEADER}
/// Why the server refused, with the facts that it may send along. Each fact may be absent.
public enum Refusal: Hashable, Sendable {
${all.map(renderCase).join('')}  /// A reason of a newer server, or \`INTERNAL\` for a failure that only the server's log describes.
  case unknown(reason: String, details: JSON)

  /// Reads a refusal. It never throws: a fact of another type is absent.
  public init(reason: String, details: JSON) {
    let facts = Reading(details)
    switch reason {
${all.map(renderReading).join('')}    default: self = .unknown(reason: reason, details: details)
    }
  }

  /// The text of the reason, for example \`ORDER_NOT_FOUND\`.
  public var reason: String {
    switch self {
${all.map(({ name, text }) => `    case .${name}: return ${quoteSwift(text)}\n`).join('')}    case .unknown(let reason, _): return reason
    }
  }
}
`;
}

function renderCase({ name, meaning, facts }: SwiftReason): string {
  const payload = facts.map(([fact, type]) => `${escapeSwift(fact)}: ${SWIFT_SCALARS[type]}?`).join(', ');
  return `${slashComment(meaning, '  ')}  case ${name}${payload === '' ? '' : `(${payload})`}\n`;
}

function renderReading({ name, text, facts }: SwiftReason): string {
  const payload = facts.map(([fact]) => `${escapeSwift(fact)}: facts.fact(${quoteSwift(fact)})`).join(', ');
  return `    case ${quoteSwift(text)}: self = .${name}${payload === '' ? '' : `(${payload})`}\n`;
}
