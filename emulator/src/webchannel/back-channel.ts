import { type HttpResponse } from '../rest/http.js';
import { frame } from './frames.js';
import { type Numbered } from './outbox.js';

/** How long things last on a channel. */
export interface ChannelTimes {
  /** The longest silence; the client gives a back channel up after one and a half of these. */
  readonly keepAliveMs: number;
  /** After this a stream ends and the client opens another. */
  readonly streamMs: number;
  /** A session without a back channel is forgotten after this. */
  readonly expiryMs: number;
}

/** The first two as the official emulator has them. It never forgets a session. */
export const TIMES: ChannelTimes = { keepAliveMs: 30_000, streamMs: 60_000, expiryMs: 180_000 };

const HEADERS = {
  'Content-Type': 'text/plain; charset=utf-8',
  // Without it a browser holds the first bytes back to guess their type.
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'private,max-age=0',
};

export interface BackChannelOwner {
  /** Nothing was said for a while. */
  onSilence(): void;
  /** The answer ended, by either side. */
  onClosed(): void;
}

/** The hanging GET on which a session's messages go out: a stream, or in long polling one answer and the end. */
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
    this.response.write(frame(messages));
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
