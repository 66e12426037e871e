import { TOKENS_LAPSE_MS } from '../../functions/src/contract/privacy.js';
import type { Stack } from './stack.js';

/** Calls the scheduled sweep as the scheduler would at that time. */
export const sweepAt = (stack: Stack, atMs: number): Promise<void> => runAt(stack, 'sweep', atMs);

/** Runs the nightly tidy-up as the scheduler would once the ID tokens of today have expired. */
export const tidyUpAfterTokens = (stack: Stack): Promise<void> => runAt(stack, 'tidyUp', Date.now() + TOKENS_LAPSE_MS);

export async function runAt({ host, ports, projectId, region }: Stack, name: string, atMs: number): Promise<void> {
  const response = await fetch(`http://${host}:${ports.functions}/${projectId}/${region}/${name}-0`, {
    method: 'POST',
    headers: { 'X-CloudScheduler-ScheduleTime': new Date(atMs).toISOString() },
  });
  if (!response.ok) throw new Error(`${name} answered ${response.status}`);
}
