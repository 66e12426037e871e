import { randomBytes } from 'node:crypto';
import { type HttpResponse } from '../rest/http.js';
import { type Json } from '../protocol/schema.js';
import { type StreamSink } from '../service/stream.js';
import { type StatusError, STATUSES } from '../values/status.js';
import { BackChannel, type ChannelTimes } from './back-channel.js';
import { type JsonStream } from './json-stream.js';
import { Outbox } from './outbox.js';

const SID_BYTES = 16;
/** The versions of the protocol that are agreed on and that the server speaks. */
const NEGOTIATED_VERSION = 8;
const SERVER_VERSION = 12;
/** Stands where bytes still to be received are told; always the same in the official emulator's answers. */
const OUTSTANDING = 7;

/** One client's channel: requests come in numbered POSTs, answers wait until a back channel takes them. */
export class ChannelSession implements StreamSink<Json> {
  readonly id = randomBytes(SID_BYTES).toString('base64url');
  private readonly stream: JsonStream;
  private readonly outbox = new Outbox();
  private back: BackChannel | undefined;
  private expiry: NodeJS.Timeout | undefined;
  /** How many requests were passed on; those that came early wait for the ones before them. */
  private received = 0;
  private readonly early = new Map<number, string>();
  /** The stream ended or failed: nothing more is taken, and the client is left to fetch that news. */
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

  /** The answer to the handshake. */
  get welcome(): Json {
    return [[0, ['c', this.id, '', NEGOTIATED_VERSION, SERVER_VERSION, this.times.keepAliveMs]]];
  }

  /** The answer to a POST: whether a back channel is open, and the last message told. */
  get state(): Json {
    return [this.back ? 1 : 0, this.outbox.lastId, OUTSTANDING];
  }

  acknowledge(id: number): void {
    this.outbox.acknowledge(id);
  }

  /** Passes on what was not had before: clients repeat a POST whose answer they missed. */
  receive(offset: number, messages: readonly string[]): void {
    for (const [i, message] of messages.entries()) {
      if (offset + i >= this.received) this.early.set(offset + i, message);
    }
    for (let next = this.early.get(this.received); next !== undefined; next = this.early.get(this.received)) {
      this.early.delete(this.received++);
      if (!this.isDone) this.stream.receive(next);
    }
  }

  /** A later back channel takes the place of an earlier one, and gets again what was not acknowledged. */
  openBackChannel(response: HttpResponse, isStreaming: boolean): void {
    this.back?.end();
    clearTimeout(this.expiry);
    const back: BackChannel = new BackChannel(response, isStreaming, this.times, {
      onSilence: () => this.queue(['noop']),
      onClosed: () => this.forgetBackChannel(back),
    });
    this.back = back;
    back.write(this.outbox.unacknowledged);
    // Early bytes tell the client that no proxy on the way holds a stream back.
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

  /** Only a client that vanished leaves its session without one for long. */
  private awaitBackChannel(): void {
    clearTimeout(this.expiry);
    this.expiry = setTimeout(() => this.close(), this.times.expiryMs).unref();
  }
}
