import assert from 'node:assert/strict';
import { itAnswers } from '../recordings.js';

/** A recorded call and its result. */
export interface RecordedCall {
  readonly name: string;
  readonly ok?: unknown;
  readonly error?: { readonly code: number | string };
}

/**
 * One case for each recorded call, run in order. A refusal is compared by its code, because SDKs check nothing else.
 */
export function itAnswersCalls(
  file: string,
  recorded: readonly RecordedCall[],
  calls: Readonly<Record<string, () => Promise<unknown>>>,
): void {
  for (const { name, ok, error } of recorded) {
    itAnswers(file, name, async () => {
      const call = calls[name];
      assert.ok(call, `no call is written for ${name}`);
      if (error) await assert.rejects(call(), { code: error.code });
      else assert.deepEqual(await call(), ok);
    });
  }
}
