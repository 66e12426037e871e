import type { Tasks } from './tasks.js';

/** Creates the task queue of the `wakeUp` function; the SDK is loaded on first use. An empty host is Google's. */
export function cloudTasks(host: string, region: string): Tasks {
  const queue = async () => {
    // The SDK reads this variable on each call, so that a local queue can replace Cloud Tasks.
    if (host !== '') process.env['CLOUD_TASKS_EMULATOR_HOST'] = host;
    const { getFunctions } = await import('firebase-admin/functions');
    return getFunctions().taskQueue(`locations/${region}/functions/wakeUp`);
  };
  return {
    async schedule(name, atMs, wakeUp) {
      try {
        await (await queue()).enqueue(wakeUp, { id: name, scheduleTime: new Date(atMs) });
        return true;
      } catch (error) {
        if (hasCode(error, 'functions/task-already-exists')) return false;
        throw error;
      }
    },
    async cancel(name) {
      await (await queue()).delete(name);
    },
  };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
