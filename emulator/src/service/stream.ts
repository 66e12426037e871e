import { type StatusError } from '../values/status.js';

/** The output of a long-lived stream, which each wire implements. After `end` or `fail` nothing may be sent. */
export interface StreamSink<A> {
  /** Sends several messages at once, which a wire may put into one packet. */
  send(messages: readonly A[]): void;
  end(): void;
  fail(error: StatusError): void;
}

/** A long-lived stream, independent of any wire. */
export interface StreamSession<Q> {
  receive(request: Q): void;
  /** Called when the client will send no more messages. */
  halfClose(): void;
  /** Called when the client has disconnected. */
  close(): void;
}
