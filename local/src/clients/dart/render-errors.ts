import { ERROR_DETAILS, type DetailType } from '../../../../functions/src/core/error-details.js';
import type { Contract } from '../model/contract.js';
import { toPascal } from '../model/names.js';
import { slashComment } from '../slash-comment.js';
import { escapeDart, DART_HEADER, quoteDart, DART_SCALARS } from './text.js';

interface DartReason {
  readonly text: string;
  readonly name: string;
  readonly meaning: string;
  readonly facts: readonly (readonly [name: string, type: DetailType])[];
}

/** Renders the reasons of refusals as classes with their facts. */
export function renderDartErrors({ reasons }: Contract): string {
  const details = new Map<string, Readonly<Record<string, DetailType>>>(Object.entries(ERROR_DETAILS));
  const all = Object.entries(reasons).map(([text, { meaning }]) => ({
    text,
    name: `Refused${toPascal(text.toLowerCase())}`,
    meaning,
    facts: Object.entries(details.get(text) ?? {}),
  }));
  return `${DART_HEADER}
import '../reading.dart';
import '../scalars.dart';

/// Why the server refused, with the facts that it may send along. Each fact may be absent.
sealed class Refusal {
  const Refusal(this.reason);

  /// Reads a refusal. It never throws: a fact of another type is absent.
  factory Refusal.read(String reason, Map<String, Object?> details) {
    final facts = Reading(details);
    return switch (reason) {
${all.map(renderReading).join('')}      _ => RefusedUnknown(reason, details),
    };
  }

  /// The text of the reason, for example \`ORDER_NOT_FOUND\`.
  final String reason;
}

${all.map(renderClass).join('\n')}
/// A reason of a newer server, or \`INTERNAL\` for a failure that only the server's log describes.
final class RefusedUnknown extends Refusal {
  const RefusedUnknown(super.reason, this.details);

  final Map<String, Object?> details;
}
`;
}

function renderReading({ name, text, facts }: DartReason): string {
  if (facts.length === 0) return `      ${quoteDart(text)} => const ${name}(),\n`;
  const given = facts.map(
    ([fact, type]) => `          ${escapeDart(fact)}: facts.field(${quoteDart(fact)}).fact((one) => one.${type}()),\n`,
  );
  return `      ${quoteDart(text)} => ${name}(\n${given.join('')}        ),\n`;
}

function renderClass({ name, text, meaning, facts }: DartReason): string {
  const parameters = facts.length > 0 ? `{${facts.map(([fact]) => `this.${escapeDart(fact)}`).join(', ')}}` : '';
  const fields = facts.map(([fact, type]) => `  final ${DART_SCALARS[type]}? ${escapeDart(fact)};\n`);
  const body = fields.length > 0 ? `\n${fields.join('')}` : '';
  return `${slashComment(meaning)}final class ${name} extends Refusal {\n  const ${name}(${parameters}) : super(${quoteDart(text)});\n${body}}\n`;
}
