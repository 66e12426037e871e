import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;
/** The longest wait for killed processes, which end at once except on a very busy machine. */
const LONGEST_WAIT_MS = 3_000;

/** Kills the remaining processes of a process group and waits until they have ended. */
export async function endGroup(pid: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS && killGroup(pid); waitedMs += POLL_MS) await sleep(POLL_MS);
}

/** Kills a process group; returns false when it has no process left. */
export function killGroup(pid: number): boolean {
  try {
    process.kill(-pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
