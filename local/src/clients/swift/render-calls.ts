import type { Contract } from '../model/contract.js';
import { slashComment } from '../slash-comment.js';
import { escapeSwift, SWIFT_HEADER, quoteSwift } from './text.js';

/** Renders the callables: values with the types of their input and output. */
export function renderSwiftCalls({ callables, commonReasons }: Contract): string {
  const rows = callables.map(({ name, description, audience, limitedUse, input, output, reasons }) =>
    [
      slashComment(`${description}. Caller: ${audience}.`, '  '),
      `  public static let ${escapeSwift(name)} = Callable<${input}, ${output}>(\n`,
      `    name: ${quoteSwift(name)}, isLimitedUse: ${limitedUse}, reasons: [${reasons.map(quoteSwift).join(', ')}])\n`,
    ].join(''),
  );
  return `${SWIFT_HEADER}
/// The callable functions of the backend.
public enum Calls {
  /// The reasons with which every callable may refuse.
  public static let commonReasons: [String] = [${commonReasons.map(quoteSwift).join(', ')}]

${rows.join('\n')}}
`;
}
