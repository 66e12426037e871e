/** Models the time that people take. No correctness depends on the length of a pause. */
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
