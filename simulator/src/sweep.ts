import type { Stack } from './stack.js';

/** The scheduled sweep, as the scheduler would call it at that time. */
export async function sweepAt({ host, ports, projectId, region }: Stack, atMs: number): Promise<void> {
  const response = await fetch(`http://${host}:${ports.functions}/${projectId}/${region}/sweep-0`, {
    method: 'POST',
    headers: { 'X-CloudScheduler-ScheduleTime': new Date(atMs).toISOString() },
  });
  if (!response.ok) throw new Error(`the sweep answered ${response.status}`);
}
