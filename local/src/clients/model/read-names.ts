import type { Contract } from './contract.js';

/** Lists the records and unions that the server sends: those of the golden documents. */
export const listReadNames = ({ declarations }: Contract): string[] =>
  [...declarations.values()].flatMap((one) =>
    one.kind !== 'enumeration' && one.direction === 'read' ? [one.name] : [],
  );
