import type { Contract } from '../model/contract.js';
import { slashComment } from '../slash-comment.js';
import { escapeDart, DART_HEADER, quoteDart } from './text.js';

/** Renders the callables: values with the types of their input and output. */
export function renderDartCalls({ callables, commonReasons }: Contract): string {
  const rows = callables.map(({ name, description, audience, limitedUse, input, output, reasons }) =>
    [
      slashComment(`${description}. Caller: ${audience}.`, '  '),
      `  static const ${escapeDart(name)} = Callable<${input}, ${output}>(\n`,
      `    name: ${quoteDart(name)},\n    read: ${output}.read,\n    isLimitedUse: ${limitedUse},\n`,
      `    reasons: [${reasons.map(quoteDart).join(', ')}],\n  );\n`,
    ].join(''),
  );
  return `${DART_HEADER}
import '../callable.dart';
import 'types.dart';

/// The callable functions of the backend.
abstract final class Calls {
  /// The reasons with which every callable may refuse.
  static const List<String> commonReasons = [${commonReasons.map(quoteDart).join(', ')}];

${rows.join('\n')}}
`;
}
