import type { Callable, Contract } from '../model/contract.js';
import { docComment, HEADER } from './text.js';

/** Renders the callables: their types, and what the package must know of each to call it. */
export function renderCalls({ callables, commonReasons }: Contract): string {
  const names = [...new Set(callables.flatMap(({ input, output }) => [input, output]))].toSorted();
  const rows = callables.map(
    ({ name, output, limitedUse, reasons }) =>
      `  ${name}: { output: '${output}', limitedUse: ${limitedUse}, reasons: ${JSON.stringify(reasons)} },`,
  );
  return [
    `${HEADER}import type {\n${names.map((name) => `  ${name},`).join('\n')}\n} from './types.js';\nimport type { Reason } from './errors.js';`,
    `/** The reasons with which every callable may refuse. */\nexport const COMMON_REASONS = [${commonReasons.map((reason) => `'${reason}'`).join(', ')}] as const;\nexport type CommonReason = (typeof COMMON_REASONS)[number];`,
    `/** The callables by their names. */\nexport interface Calls {\n${callables.map(renderCall).join('\n')}\n}`,
    'export type CallName = keyof Calls;',
    `export const CALLS: { readonly [N in CallName]: { readonly output: string; readonly limitedUse: boolean; readonly reasons: readonly Reason[] } } = {\n${rows.join('\n')}\n};\n`,
  ].join('\n\n');
}

function renderCall({ name, description, audience, input, output, reasons }: Callable): string {
  const own = reasons.map((reason) => ` | '${reason}'`).join('');
  return `${docComment(`${description}. Caller: ${audience}.`, '  ')}  readonly ${name}: {
    readonly input: ${input};
    readonly output: ${output};
    readonly reasons: CommonReason${own};
  };`;
}
