/** Returns the violation in a list where `broken` is true, else an empty list. */
export const listIf = (broken: boolean, breach: string): string[] => (broken ? [breach] : []);
export const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
