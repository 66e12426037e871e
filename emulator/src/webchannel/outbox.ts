import { type Json } from '../protocol/schema.js';

/** A message to the client with its number in the session. */
export type Numbered = readonly [id: number, payload: Json];

/** What a session has told and the client has not acknowledged. Numbers start at 1, no-operations included. */
export class Outbox {
  private entries: Numbered[] = [];
  private last = 0;

  get lastId(): number {
    return this.last;
  }

  /** All that has to be sent again on a new back channel. */
  get unacknowledged(): readonly Numbered[] {
    return this.entries;
  }

  add(payloads: readonly Json[]): readonly Numbered[] {
    const added = payloads.map((payload): Numbered => [++this.last, payload]);
    this.entries.push(...added);
    return added;
  }

  /** The client has had everything up to this number. */
  acknowledge(id: number): void {
    this.entries = this.entries.filter(([sent]) => sent > id);
  }
}
