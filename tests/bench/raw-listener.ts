import { once } from 'node:events';
import { connect } from 'node:http2';
import { StructuredQuery } from '#emulator/protocol/queries.js';
import { ListenRequest } from '#emulator/protocol/streams.js';
import { frameMessage, FrameReader } from '#emulator/grpc/frames.js';

const WINDOW_BYTES = 16 * 1024 * 1024;
/** The first byte of a ListenResponse that carries a document: field 3, a message. */
const DOCUMENT_CHANGE = (3 << 3) | 2;

export interface RawListener {
  /** Resolves once that many documents were received. */
  readonly all: Promise<void>;
  stop(): void;
}

/**
 * Listens to a whole collection and only counts the documents. An SDK in the writer's process would work twice as long
 * on a batch as the server, so that its work would be measured, not the server's.
 */
export async function listenRaw(
  port: number,
  database: string,
  collection: string,
  count: number,
): Promise<RawListener> {
  const session = connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: WINDOW_BYTES } });
  await once(session, 'connect');
  session.setLocalWindowSize(WINDOW_BYTES);
  const stream = session.request({
    ':method': 'POST',
    ':path': '/google.firestore.v1.Firestore/Listen',
    'content-type': 'application/grpc',
    authorization: 'Bearer owner',
  });
  let seen = 0;
  const all = new Promise<void>((resolve) => {
    const onMessage = (message: Buffer): void => {
      if (message[0] === DOCUMENT_CHANGE && ++seen === count) resolve();
    };
    const reader = new FrameReader(WINDOW_BYTES, onMessage, () => undefined);
    stream.on('data', (chunk: Buffer) => reader.push(chunk));
  });
  stream.write(frameMessage(ListenRequest.encode(wholeCollection(database, collection))));
  await once(stream, 'data');
  return { all, stop: () => session.destroy() };
}

function wholeCollection(database: string, collectionId: string): ListenRequest {
  const structuredQuery = StructuredQuery.make({ from: [{ collectionId, allDescendants: false }] });
  const query = { parent: `${database}/documents`, structuredQuery };
  const addTarget = { targetId: 1, query, documents: undefined, resumeToken: undefined, readTime: undefined };
  return ListenRequest.make({ database, addTarget: { ...addTarget, once: false, expectedCount: undefined } });
}
