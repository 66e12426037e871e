import type { CartLineToSend } from './generated/types.js';

/** The most ids that a cart may list: the rules refuse more. */
const MAX_IDS = 200;

type Chosen = NonNullable<CartLineToSend['modifiers']>[number] | { readonly optionId: string };

/** Lists the ids of the items and options in the lines: by them the server finds the carts with what is sold out. */
export function idsInCart(lines: readonly CartLineToSend[]): string[] {
  const ids = lines.flatMap(({ itemId, modifiers = [] }) => [itemId, ...modifiers.flatMap(idsOf)]);
  return [...new Set(ids)].slice(0, MAX_IDS);
}

const idsOf = (chosen: Chosen): string[] => [
  chosen.optionId,
  ...('modifiers' in chosen ? (chosen.modifiers ?? []).flatMap(idsOf) : []),
];
