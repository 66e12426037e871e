import { randomBytes } from 'node:crypto';
import { type HttpResponse } from '../rest/http.js';
import { type Json } from '../protocol/schema.js';
import { type StreamSink } from '../service/stream.js';
import { type StatusError, STATUSES } from '../values/status.js';
import { BackChannel, type ChannelTimes } from './back-channel.js';
import { type JsonStream } from './json-stream.js';
import { Outbox } from './outbox.js';

const SID_BYTES = 16;
/** The negotiated version of the protocol, and the version of the server. */
const NEGOTIATED_VERSION = 8;
const SERVER_VERSION = 12;
/** The number of outstanding bytes in the state; the official emulator always sends this constant. */
const OUTSTANDING = 7;

/** One client's channel. Requests arrive in numbered POSTs; messages wait until a back channel sends them. */
export class ChannelSession implements StreamSink<Json> {
  readonly id = randomBytes(SID_BYTES).toString('base64url');
  private readonly stream: JsonStream;
  private readonly outbox = new Outbox();
  private back: BackChannel | undefined;
  private expiry: NodeJS.Timeout | undefined;
  /** The number of requests passed on. A request that arrives early waits for those before it. */
  private received = 0;
  private readonly early = new Map<number, string>();
  /**
   * True after the stream ended or failed: further requests are ignored, and the client still receives the pending
   * messages.
   */
  private isDone = false;
  private isOver = false;

  constructor(
    start: (sink: StreamSink<Json>) => JsonStream,
    private readonly times: ChannelTimes,
    private readonly onGone: () => void,
  ) {
    this.awaitBackChannel();
    this.stream = start(this);
  }

  /** The response to the handshake. */
  get welcome(): Json {
    return [[0, ['c', this.id, '', NEGOTIATED_VERSION, SERVER_VERSION, this.times.keepAliveMs]]];
  }

  /** The response to a POST: whether a back channel is open, and the number of the last message. */
  get state(): Json {
    return [this.back ? 1 : 0, this.outbox.lastId, OUTSTANDING];
  }

  acknowledge(id: number): void {
    this.outbox.acknowledge(id);
  }

  /** Passes new messages on. Clients send a POST again when they did not receive its response. */
  receive(offset: number, messages: readonly string[]): void {
    for (const [i, message] of messages.entries()) {
      if (offset + i >= this.received) this.early.set(offset + i, message);
    }
    for (let next = this.early.get(this.received); next !== undefined; next = this.early.get(this.received)) {
      this.early.delete(this.received++);
      if (!this.isDone) this.stream.receive(next);
    }
  }

  /** Opens a back channel, which replaces an earlier one and sends unacknowledged messages again. */
  openBackChannel(response: HttpResponse, isStreaming: boolean): void {
    this.back?.end();
    clearTimeout(this.expiry);
    const back: BackChannel = new BackChannel(response, isStreaming, this.times, {
      onSilence: () => this.queue(['noop']),
      onClosed: () => this.forgetBackChannel(back),
    });
    this.back = back;
    back.write(this.outbox.unacknowledged);
    // Early bytes show the client that no proxy buffers the stream.
    if (isStreaming) this.queue(['noop']);
  }

  send(messages: readonly Json[]): void {
    this.queue(...messages.map((message) => [message]));
  }

  end(): void {
    this.isDone = true;
    this.queue(['close']);
  }

  fail({ status, message }: StatusError): void {
    this.isDone = true;
    const text = message === '' ? status : `${status}: ${message}`;
    this.queue([{ error: { code: STATUSES[status].http, message: text, status } }]);
  }

  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.expiry);
    this.stream.close();
    this.back?.end();
    this.onGone();
  }

  private queue(...payloads: Json[]): void {
    const numbered = this.outbox.add(payloads);
    this.back?.write(numbered);
  }

  private forgetBackChannel(back: BackChannel): void {
    if (this.back !== back) return;
    this.back = undefined;
    if (!this.isOver) this.awaitBackChannel();
  }

  /** Closes the session unless a back channel is opened in time: its client has disconnected. */
  private awaitBackChannel(): void {
    clearTimeout(this.expiry);
    this.expiry = setTimeout(() => this.close(), this.times.expiryMs).unref();
  }
}
