import type { Stack } from './stack.js';

/** Calls the scheduled sweep as the scheduler would at that time. */
export const sweepAt = (stack: Stack, atMs: number): Promise<void> => runAt(stack, 'sweep', atMs);

export async function runAt({ host, ports, projectId, region }: Stack, name: string, atMs: number): Promise<void> {
  const response = await fetch(`http://${host}:${ports.functions}/${projectId}/${region}/${name}-0`, {
    method: 'POST',
    headers: { 'X-CloudScheduler-ScheduleTime': new Date(atMs).toISOString() },
  });
  if (!response.ok) throw new Error(`${name} answered ${response.status}`);
}
