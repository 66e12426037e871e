import { ERROR_DETAILS } from '../../../../functions/src/core/error-details.js';
import type { Contract } from '../model/contract.js';
import { docComment, HEADER } from './text.js';

const TYPES = {
  text: 'string',
  integer: 'number',
  decimal: 'number',
  boolean: 'boolean',
  minor: 'Minor',
  time: 'EpochMs',
};

/** Renders the reasons of refusals with the types of their facts. */
export function renderErrors({ reasons }: Contract): string {
  const details = new Map<string, Readonly<Record<string, keyof typeof TYPES>>>(Object.entries(ERROR_DETAILS));
  const rows = Object.entries(reasons).map(([reason, { meaning }]) => {
    const fields = Object.entries(details.get(reason) ?? {}).map(
      ([name, type]) => `    readonly ${name}?: ${TYPES[type]} | null | undefined;`,
    );
    const body = fields.length > 0 ? `{\n${fields.join('\n')}\n  }` : 'NoFields';
    return `${docComment(meaning, '  ')}  readonly ${reason}: ${body};`;
  });
  const list = Object.keys(reasons).map((reason) => `  '${reason}',`);
  return `${HEADER}import type { EpochMs, Minor, NoFields } from '../scalars.js';

/** Every reason with which the server may refuse, with the facts that it may send along. */
export interface ReasonDetails {
${rows.join('\n')}
}

export type Reason = keyof ReasonDetails;

export const REASONS: readonly Reason[] = [
${list.join('\n')}
];
`;
}
