import assert from 'node:assert/strict';
import { type RunningServer } from '#emulator/server.js';
import { isJsonObject, type Json } from '#emulator/protocol/schema.js';
import { rest } from './emulator-client.js';

export interface RestStep {
  method: string;
  path: string;
  body: Json;
  status: number;
  response: Json;
}

/**
 * Times, generated ids and page tokens differ from run to run. The first value in place of a recorded one is
 * remembered, and must then appear wherever the recorded one does.
 */
class Names {
  private readonly ours = new Map<string, string>();

  /** Replaces values of the recording by those of this run in a request. */
  translate(text: string): string {
    let result = text;
    for (const [recorded, own] of this.ours) {
      result = result.replaceAll(recorded, own).replaceAll(encodeURIComponent(recorded), encodeURIComponent(own));
    }
    return result;
  }

  match(recorded: Json | undefined, own: Json | undefined, path: string): void {
    if (typeof recorded === 'string' && typeof own === 'string' && varies(path, recorded)) {
      const known = this.ours.get(recorded) ?? own;
      // No-op writes may happen at different times. Only equal times must stay equal.
      assert.equal(own, known, path);
      this.ours.set(recorded, own);
    } else if (isJsonObject(recorded) && isJsonObject(own)) this.matchObjects(recorded, own, path);
    else if (Array.isArray(recorded) && Array.isArray(own)) {
      assert.equal(own.length, recorded.length, `${path}: length`);
      for (const [i, item] of recorded.entries()) this.match(item, own[i], `${path}[${i}]`);
    } else assert.deepEqual(own, recorded, path);
  }

  private matchObjects(
    recorded: { readonly [key: string]: Json },
    own: { readonly [key: string]: Json },
    path: string,
  ): void {
    assert.deepEqual(Object.keys(own).sort(), Object.keys(recorded).sort(), `${path}: keys`);
    for (const key of Object.keys(recorded)) this.match(recorded[key], own[key], `${path}.${key}`);
  }
}

function varies(path: string, recorded: string): boolean {
  if (/[Tt]ime$|nextPageToken$|timestampValue$/.test(path)) return true;
  return path.endsWith('.name') && /\/[A-Za-z0-9]{20}$/.test(recorded);
}

/** Messages that reveal more than a client may know have other words here; their codes are compared. */
const REWORDED = /^(entity already exists|no entity to update|the stored version)/;

/** Successful metadata calls were recorded as an administrator; the recording does not hold the header. */
export async function runRestSteps(server: RunningServer, steps: readonly RestStep[]): Promise<void> {
  const names = new Names();
  for (const step of steps) {
    const isAdmin = step.status === 200 && /listCollectionIds|batchWrite|showMissing/.test(step.path);
    const answer = await rest(server.port, step.method, `/v1/${names.translate(step.path)}`, {
      body: step.body === null ? null : names.translate(JSON.stringify(step.body)),
      authorization: isAdmin ? 'Bearer owner' : null,
    });
    assert.equal(answer.status, step.status, `${step.path}: ${answer.text}`);
    const error = isJsonObject(step.response) ? step.response['error'] : undefined;
    const message = isJsonObject(error) ? error['message'] : undefined;
    if (typeof message === 'string' && REWORDED.test(message)) continue;
    names.match(step.response, answer.json, step.path);
  }
}
