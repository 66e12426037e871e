import { type StatusError } from '../values/status.js';

/** Where a long-lived stream's answers go; a wire implements it. After `end` or `fail` nothing follows. */
export interface StreamSink<A> {
  /** Several messages at once: a wire may put them into one packet. */
  send(messages: readonly A[]): void;
  end(): void;
  fail(error: StatusError): void;
}

/** One long-lived stream, knowing no wire. */
export interface StreamSession<Q> {
  receive(request: Q): void;
  /** The client will send nothing more. */
  halfClose(): void;
  /** The client is gone. */
  close(): void;
}
