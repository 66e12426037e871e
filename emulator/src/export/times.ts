import { type Timestamp } from '../values/time.js';

const PER_SECOND = 1_000_000n;

/** Converts a timestamp to microseconds; a bigint is exact over the whole range of timestamps, unlike a double. */
export function timestampToMicros({ seconds, nanos }: Timestamp): bigint {
  return BigInt(seconds) * PER_SECOND + BigInt(Math.floor(nanos / 1000));
}

/** Converts microseconds since 1970, which may be negative, to a timestamp. */
export function microsToTimestamp(micros: bigint): Timestamp {
  const rest = ((micros % PER_SECOND) + PER_SECOND) % PER_SECOND;
  return { seconds: Number((micros - rest) / PER_SECOND), nanos: Number(rest) * 1000 };
}
