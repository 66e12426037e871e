import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;
/** Killed processes are gone at once, but on a machine that is very busy. */
const LONGEST_WAIT_MS = 3_000;

/** Kills what is left of a process group and waits until it is gone. */
export async function endGroup(pid: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS && killGroup(pid); waitedMs += LOOK_EVERY_MS)
    await sleep(LOOK_EVERY_MS);
}

/** Whether there was anything to kill. */
export function killGroup(pid: number): boolean {
  try {
    process.kill(-pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
