import { type WriteRequest, WriteResponse } from '../protocol/streams.js';
import { parseWrites } from '../store/writes.js';
import { type DatabaseName, parseDatabaseName } from '../values/names.js';
import { asStatusError, invalid } from '../values/status.js';
import { toTimestamp } from '../values/time.js';
import { type Caller } from './caller.js';
import { commitWrites } from './commit.js';
import { type Context, type Credentials } from './context.js';
import { type StreamSession, type StreamSink } from './stream.js';

let streams = 0;

/**
 * A Write stream: a handshake, then batches. Each batch is an atomic commit, and answers follow in the order of the
 * batches.
 */
export class WriteSession implements StreamSession<WriteRequest> {
  private readonly caller: Caller;
  private database: DatabaseName | undefined;
  private tokens = 0;
  private isOver = false;
  private turn: Promise<void> = Promise.resolve();

  /** Reads the credentials. Throws for invalid ones before the session receives anything. */
  constructor(
    private readonly context: Context,
    credentials: Credentials,
    private readonly sink: StreamSink<WriteResponse>,
  ) {
    this.caller = credentials.caller();
  }

  receive(request: WriteRequest): void {
    this.inTurn(() => this.answer(request));
  }

  halfClose(): void {
    this.inTurn(() => this.end());
  }

  close(): void {
    this.isOver = true;
  }

  /** Runs a step after all earlier ones: clients send batches without waiting for answers. */
  private inTurn(step: () => Promise<void> | void): void {
    this.turn = this.turn.then(async () => {
      if (this.isOver) return;
      try {
        await step();
      } catch (thrown) {
        this.isOver = true;
        this.sink.fail(asStatusError(thrown));
      }
    });
  }

  private end(): void {
    this.isOver = true;
    this.sink.end();
  }

  private async answer(request: WriteRequest): Promise<void> {
    if (!this.database) return this.shakeHands(request);
    if (request.database !== '' && request.database !== this.database.name) {
      throw invalid(
        `Request specified a database (${request.database}) that did not match the expected database (${this.database.name})`,
      );
    }
    if (request.writes.length === 0) {
      this.send({});
      return this.end();
    }
    const writes = parseWrites(this.database, request.writes);
    const { results, time } = await commitWrites(
      this.context,
      this.context.store.database(this.database),
      this.caller,
      writes,
    );
    this.send({ writeResults: results, commitTime: toTimestamp(time) });
  }

  private shakeHands(request: WriteRequest): void {
    if (request.database === '') throw invalid("'database' must be set on an initial write request.");
    if (request.streamId !== '') throw invalid('Resuming streams is not supported, do not set stream ID.');
    if (request.streamToken && request.streamToken.length > 0) {
      throw invalid("Resuming streams is not supported, 'stream_token' must not be set on an initial write request.");
    }
    if (request.writes.length > 0) throw invalid("'writes' must not be set on an initial write request.");
    this.database = parseDatabaseName(request.database);
    this.send({ streamId: String(++streams) });
  }

  /** Sends a response. Its token is a counter as text; tokens that clients send back are not checked. */
  private send(response: Partial<WriteResponse>): void {
    if (this.isOver) return;
    this.sink.send([WriteResponse.make({ ...response, streamToken: Buffer.from(String(this.tokens++)) })]);
  }
}
