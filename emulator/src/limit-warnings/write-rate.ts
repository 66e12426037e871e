import { type Change } from '../store/document.js';
import { Tally } from './tally.js';
import { type LimitWarning } from './warnings.js';

/** Source: Firestore docs, "Best practices", "Updates to a single document": about once per second, sustained. */
const SUSTAINED_PER_SECOND = 1;
/**
 * The window of the measurement. A short burst is not reported: the average over the whole window has to exceed the
 * rate.
 */
const WINDOW_SECONDS = 10;

/** Finds documents that are written faster than production sustains. */
export class WriteRates {
  private readonly writes = new Tally(WINDOW_SECONDS * 1000);

  /** Records one write of a document; returns a warning when there are too many. */
  record({ name, segments }: Pick<Change, 'name' | 'segments'>, nowMs: number): LimitWarning | undefined {
    const perSecond = this.writes.count(name, nowMs) / WINDOW_SECONDS;
    if (perSecond <= SUSTAINED_PER_SECOND) return undefined;
    const place = segments.join('/');
    const text = `${place} is written ${perSecond} times per second over ${WINDOW_SECONDS} s; production sustains about 1.`;
    return { kind: 'writeRate', place, figure: perSecond, text };
  }
}
