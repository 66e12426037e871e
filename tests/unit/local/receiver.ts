import { EventEmitter, on } from 'node:events';
import { serve, type HttpRequest, type RunningServer } from '#local/http.js';

export interface Receiver extends RunningServer {
  readonly received: HttpRequest[];
  /** Statuses for the next calls; 200 when used up. */
  readonly answers: number[];
  /** Resolves when `count` calls have arrived in all. */
  until(count: number): Promise<HttpRequest[]>;
}

/** An HTTP endpoint that remembers its calls: a webhook or a task function. */
export async function startReceiver(): Promise<Receiver> {
  const received: HttpRequest[] = [];
  const answers: number[] = [];
  const arrivals = new EventEmitter();
  const server = await serve((request) => {
    received.push(request);
    arrivals.emit('call');
    return { status: answers.shift() ?? 200, body: {} };
  }, 0);
  return {
    ...server,
    received,
    answers,
    until: async (count) => {
      if (received.length >= count) return received;
      for await (const _call of on(arrivals, 'call')) if (received.length >= count) break;
      return received;
    },
  };
}
