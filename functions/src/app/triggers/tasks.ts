import { onTaskDispatched } from 'firebase-functions/tasks';
import { COMMON, ORDERING } from '../common-options.js';

const MAX_ATTEMPTS = 10;

/** Handles deadlines of orders, and work that a stopped process left unfinished. */
export const wakeUp = onTaskDispatched(
  {
    ...COMMON,
    secrets: ORDERING,
    retryConfig: { maxAttempts: MAX_ATTEMPTS, minBackoffSeconds: 10, maxBackoffSeconds: 600 },
  },
  async ({ data, retryCount }) => {
    const [{ handleTask: run }, { WakeUp }, { createProductionContext: productionContext }] = await Promise.all([
      import('../dispatch-task.js'),
      import('../../contract/wake-ups.js'),
      import('../production.js'),
    ]);
    await run(productionContext(), WakeUp.parse(data), retryCount + 1 >= MAX_ATTEMPTS);
  },
);
