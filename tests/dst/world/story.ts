import type { Log, LogFields } from '#functions/platform/log.js';
import type { VirtualTime } from '../virtual/time.js';

interface Sentence {
  atMs: number;
  text: string;
  isFault: boolean;
}

/** Tells a run in sentences: who did what, which fault struck, and when. */
export class Story {
  readonly #sentences: Sentence[] = [];

  constructor(private readonly time: VirtualTime) {}

  tell(text: string): void {
    this.#sentences.push({ atMs: this.time.nowMs, text, isFault: false });
  }

  /** Notes a fault that the faults caused. */
  fault(text: string): void {
    this.#sentences.push({ atMs: this.time.nowMs, text, isFault: true });
  }

  get length(): number {
    return this.#sentences.length;
  }

  /** The sentences, each with its time of day: `12:00:03.120   carla calls quote`. A fault is marked by `!`. */
  lines(): string[] {
    return this.#sentences.map(({ atMs, text, isFault }) => `${timeOfDay(atMs)} ${isFault ? '!' : ' '} ${text}`);
  }
}

const timeOfDay = (ms: number): string => new Date(ms).toISOString().slice(5, 23).replace('T', ' ');

/** Tells what the backend logs, as far as it is a warning or an error. */
export function tellLog(story: Story): Log {
  const tell =
    (level: string) =>
    (message: string, fields: LogFields = {}, cause?: unknown) => {
      const why =
        cause === undefined ? '' : `: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`;
      story.tell(`${level}: ${message} ${JSON.stringify(fields)}${why}`);
    };
  return { info: () => undefined, warn: tell('warning'), error: tell('error') };
}
