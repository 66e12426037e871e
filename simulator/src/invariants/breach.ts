/** A breach where something is broken, as a list to be joined with others. */
export const when = (broken: boolean, breach: string): string[] => (broken ? [breach] : []);
export const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
