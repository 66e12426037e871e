/** People take their time; nothing waits for a pause to be long enough. */
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
