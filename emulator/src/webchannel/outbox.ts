import { type Json } from '../protocol/schema.js';

/** A message to the client with its number in the session. */
export type Numbered = readonly [id: number, payload: Json];

/**
 * The messages that a session has sent and the client has not acknowledged. Numbers start at 1 and include
 * no-operations.
 */
export class Outbox {
  private entries: Numbered[] = [];
  private last = 0;

  get lastId(): number {
    return this.last;
  }

  /** The messages that a new back channel has to send again. */
  get unacknowledged(): readonly Numbered[] {
    return this.entries;
  }

  add(payloads: readonly Json[]): readonly Numbered[] {
    const added = payloads.map((payload): Numbered => [++this.last, payload]);
    this.entries.push(...added);
    return added;
  }

  /** Removes the messages that the client has received, up to this number. */
  acknowledge(id: number): void {
    this.entries = this.entries.filter(([sent]) => sent > id);
  }
}
