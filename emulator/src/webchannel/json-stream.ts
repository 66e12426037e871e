import { type Json, type MessageCodec } from '../protocol/schema.js';
import { ListenRequest, ListenResponse, WriteRequest, WriteResponse } from '../protocol/streams.js';
import { type Context, type Credentials } from '../service/context.js';
import { ListenSession } from '../service/listen-session.js';
import { type StreamSession, type StreamSink } from '../service/stream.js';
import { WriteSession } from '../service/write-session.js';
import { asStatusError, type StatusError } from '../values/status.js';
import { parseBody } from '../rest/http.js';

/** A long-lived stream whose messages are proto3 JSON. */
export interface JsonStream {
  /** Receives JSON text; invalid JSON fails the stream. */
  receive(message: string): void;
  close(): void;
}

type Start = (context: Context, credentials: Credentials, sink: StreamSink<Json>) => JsonStream;

/** The streams that browsers open, by the name of their RPC. */
export const STREAMS: ReadonlyMap<string, Start> = new Map([
  ['Listen', toJsonStream(ListenRequest, ListenResponse, (...given) => new ListenSession(...given))],
  ['Write', toJsonStream(WriteRequest, WriteResponse, (...given) => new WriteSession(...given))],
]);

function toJsonStream<Q, A>(
  request: MessageCodec<Q>,
  answer: MessageCodec<A>,
  start: (context: Context, credentials: Credentials, sink: StreamSink<A>) => StreamSession<Q>,
): Start {
  return (context, credentials, sink) => {
    const session = startSession(sink, () =>
      start(context, credentials, {
        send: (messages) => sink.send(messages.map((message) => answer.toJson(message))),
        end: () => sink.end(),
        fail: (error) => sink.fail(error),
      }),
    );
    return {
      receive(message) {
        try {
          session?.receive(request.fromJson(parseBody(message)));
        } catch (thrown) {
          session?.close();
          sink.fail(asStatusError(thrown));
        }
      },
      close: () => session?.close(),
    };
  };
}

/**
 * Starts a session. Invalid credentials fail the stream and not the handshake, which a client would treat as a network
 * error.
 */
function startSession<Q>(sink: StreamSink<Json>, start: () => StreamSession<Q>): StreamSession<Q> | undefined {
  try {
    return start();
  } catch (thrown) {
    const error: StatusError = asStatusError(thrown);
    sink.fail(error);
    return undefined;
  }
}
