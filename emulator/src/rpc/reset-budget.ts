/** How many resets nghttp2 takes from a client at once, and how many more each second. Source: nghttp2_option_set_stream_reset_rate_limit. */
const BURST = 1000;
const PER_SECOND = 33;
/** Kept for the calls that are still under way when a connection is given up. */
const RESERVE = 250;

/**
 * Counts down to the point where nghttp2, as a server, breaks a connection off with all its calls. Client
 * libraries reset the stream of each call as it ends, so a busy one gets there within seconds, and SDKs
 * then send commits again that were made. A connection that is given up in time loses no call.
 */
export class ResetBudget {
  private left = BURST;
  private atMs: number;

  constructor(private readonly nowMs: () => number = Date.now) {
    this.atMs = nowMs();
  }

  /** Counts one call that ended; true when the connection should take no more of them. */
  spend(): boolean {
    const now = this.nowMs();
    this.left = Math.min(BURST, this.left + ((now - this.atMs) / 1000) * PER_SECOND) - 1;
    this.atMs = now;
    return this.left < RESERVE;
  }
}
