import { type HttpResponse } from '../rest/http.js';
import { formatChunk } from './frames.js';
import { type Numbered } from './outbox.js';

/** The time limits of a channel. */
export interface ChannelTimes {
  /** The longest silence. A client abandons a back channel after one and a half times this. */
  readonly keepAliveMs: number;
  /** The lifetime of a back channel; the client then opens another. */
  readonly streamMs: number;
  /** A session without a back channel is closed after this time. */
  readonly expiryMs: number;
}

/** The first two are those of the official emulator, which never closes a session. */
export const TIMES: ChannelTimes = { keepAliveMs: 30_000, streamMs: 60_000, expiryMs: 180_000 };

const HEADERS = {
  'Content-Type': 'text/plain; charset=utf-8',
  // Without this header a browser delays the first bytes to guess their type.
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'private,max-age=0',
};

export interface BackChannelOwner {
  /** Called when nothing was sent for `keepAliveMs`. */
  onSilence(): void;
  /** Called when the response ended, by either side. */
  onClosed(): void;
}

/**
 * The open GET request whose response delivers a session's messages: a stream, or one message batch in long polling.
 */
export class BackChannel {
  private readonly lifetime: NodeJS.Timeout;
  private silence: NodeJS.Timeout;
  private isOver = false;

  constructor(
    private readonly response: HttpResponse,
    private readonly isStreaming: boolean,
    private readonly times: ChannelTimes,
    private readonly owner: BackChannelOwner,
  ) {
    response.writeHead(200, HEADERS);
    response.flushHeaders?.();
    response.on('close', () => this.end());
    this.silence = this.startSilence();
    this.lifetime = setTimeout(() => this.end(), times.streamMs).unref();
  }

  write(messages: readonly Numbered[]): void {
    if (this.isOver || messages.length === 0) return;
    this.response.write(formatChunk(messages));
    if (!this.isStreaming) return this.end();
    clearTimeout(this.silence);
    this.silence = this.startSilence();
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.silence);
    clearTimeout(this.lifetime);
    this.response.end();
    this.owner.onClosed();
  }

  private startSilence(): NodeJS.Timeout {
    return setTimeout(() => this.owner.onSilence(), this.times.keepAliveMs).unref();
  }
}
