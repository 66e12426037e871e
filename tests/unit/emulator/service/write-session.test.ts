import assert from 'node:assert/strict';
import { Write } from '#emulator/protocol/documents.js';
import { WriteRequest, type WriteResponse } from '#emulator/protocol/streams.js';
import { Context, Credentials } from '#emulator/service/context.js';
import { WriteSession } from '#emulator/service/write-session.js';
import { DATABASE } from '../arbitraries.js';

const OWNER = new Credentials('Bearer owner');
const HANDSHAKE: Partial<WriteRequest> = { database: DATABASE.name };

function del(path: string, exists?: boolean): Write {
  const currentDocument = exists === undefined ? undefined : { exists, updateTime: undefined };
  return Write.make({ delete: `${DATABASE.name}/documents/${path}`, currentDocument });
}

/** What was sent, in words: the token of each answer and how many writes it tells of; then how the stream ended. */
const told = ({ streamToken, streamId, writeResults }: WriteResponse): string =>
  `${Buffer.from(streamToken ?? []).toString()}${streamId === '' ? '' : ' opened'} ${writeResults.length}`;

/** All that a stream answers to some requests, half-closed after them. */
function answersTo(...requests: Partial<WriteRequest>[]): Promise<string[]> {
  const sent: string[] = [];
  return new Promise((resolve) => {
    const session = new WriteSession(new Context(), OWNER, {
      send: (messages) => void sent.push(...messages.map(told)),
      end: () => resolve([...sent, 'end']),
      fail: ({ status, message }) => resolve([...sent, `${status} ${message}`]),
    });
    for (const request of requests) session.receive(WriteRequest.make(request));
    session.halfClose();
  });
}

describe('a Write stream', () => {
  it('answers a handshake and pipelined batches in order, with any token', async () => {
    const batch = { streamToken: Buffer.from('0'), writes: [del('c/a'), del('c/b')] };
    assert.deepEqual(await answersTo(HANDSHAKE, batch, { writes: [del('c/a')] }), ['0 opened 0', '1 2', '2 1', 'end']);
  });

  it('ends with a request that writes nothing', async () => {
    assert.deepEqual(await answersTo(HANDSHAKE, {}, { writes: [del('c/a')] }), ['0 opened 0', '1 0', 'end']);
  });

  it('fails with a batch that is refused, and accepts none after it', async () => {
    const failing = await answersTo(HANDSHAKE, { writes: [del('c/none', true)] }, { writes: [del('c/a')] });
    assert.equal(failing.length, 2);
    assert.match(failing[1] ?? '', /^NOT_FOUND /);
    assert.deepEqual(await answersTo(HANDSHAKE, { writes: [del('c/none')] }), ['0 opened 0', '1 1', 'end']);
  });

  it('fails for a handshake with other content', async () => {
    const refused: [Partial<WriteRequest>, string][] = [
      [{}, "'database' must be set on an initial write request."],
      [{ ...HANDSHAKE, writes: [del('c/a')] }, "'writes' must not be set on an initial write request."],
      [{ ...HANDSHAKE, streamId: '1' }, 'Resuming streams is not supported, do not set stream ID.'],
      [
        { ...HANDSHAKE, streamToken: Buffer.from('0') },
        "Resuming streams is not supported, 'stream_token' must not be set on an initial write request.",
      ],
    ];
    for (const [request, message] of refused)
      assert.deepEqual(await answersTo(request), [`INVALID_ARGUMENT ${message}`]);
  });
});
