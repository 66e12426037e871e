import { LocalClock } from './clock.js';

export interface Schedule {
  /** The exported name of the scheduled function. */
  readonly name: string;
  readonly everyMs: number;
}

export interface TickerOptions {
  readonly schedules: readonly Schedule[];
  readonly projectId: string;
  readonly region: string;
  /** Where the functions emulator listens. */
  readonly functionsHost?: string;
  readonly clock?: LocalClock;
  /** Called for every call that did not answer 2xx; status 0 when the function could not be reached. */
  readonly onFailure?: (name: string, status: number) => void;
}

export interface Ticker {
  runNow(name: string): Promise<number>;
  stop(): void;
}

/**
 * Calls scheduled functions, which the emulators load but never run. A function whose last call is still running is
 * skipped. Source of the URL: the functions emulator registers a schedule as `<name>-0`.
 */
export function startTicker(options: TickerOptions): Ticker {
  const clock = options.clock ?? new LocalClock();
  const busy = new Set<string>();
  const cancels = new Map<string, () => void>();
  const call = async (name: string): Promise<number> => {
    const status = await trigger(options, name, clock.now());
    if (status < 200 || status >= 300) options.onFailure?.(name, status);
    return status;
  };
  const arm = ({ name, everyMs }: Schedule): void => {
    cancels.set(
      name,
      clock.at(clock.now() + everyMs, () => {
        arm({ name, everyMs });
        if (busy.has(name)) return;
        busy.add(name);
        void call(name).finally(() => busy.delete(name));
      }),
    );
  };
  options.schedules.forEach(arm);
  return {
    runNow: call,
    stop: () => {
      for (const cancel of cancels.values()) cancel();
    },
  };
}

async function trigger(
  { functionsHost = '127.0.0.1:5001', projectId, region }: TickerOptions,
  name: string,
  nowMs: number,
): Promise<number> {
  try {
    const response = await fetch(`http://${functionsHost}/${projectId}/${region}/${name}-0`, {
      method: 'POST',
      headers: { 'x-cloudscheduler-scheduletime': new Date(nowMs).toISOString(), 'x-cloudscheduler': 'true' },
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
