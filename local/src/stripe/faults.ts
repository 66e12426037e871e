import { z } from 'zod';

/**
 * A fault for the next `count` calls that match. With `before` the call has no effect; with `after` the call takes
 * effect and only its answer is lost. `disconnect` drops the connection, `status` answers with an error, `delayMs`
 * (real time) delays the answer and may be used alone. `saved` is true when the error is kept under the idempotency
 * key; Stripe keeps 500s and does not keep 409 and 429. The stripe package sends a dropped request once more even
 * without retries: for a call that fails in the end, set `count` to 2.
 */
export const Fault = z.strictObject({
  method: z.enum(['DELETE', 'GET', 'POST']).optional(),
  /** The beginning of the path, e.g. `/v1/payment_intents`, or a pattern with `*` for one segment. */
  path: z.string().default('/v1/'),
  when: z.enum(['before', 'after']).default('before'),
  status: z.int().min(400).max(599).optional(),
  disconnect: z.boolean().default(false),
  delayMs: z.int().min(0).default(0),
  saved: z.boolean().optional(),
  count: z.int().min(1).default(1),
});
export type Fault = z.infer<typeof Fault>;

/** The faults that are still to occur, in the order in which they were added. */
export class Faults {
  private pending: Fault[] = [];

  add(fault: Fault): void {
    this.pending.push({ ...fault });
  }

  list(): readonly Fault[] {
    return this.pending;
  }

  clear(): void {
    this.pending = [];
  }

  /** Takes the first fault for this call and decreases its count. */
  take(method: string, path: string): Fault | undefined {
    const fault = this.pending.find((candidate) => matchesCall(candidate, method, path));
    if (!fault) return undefined;
    fault.count -= 1;
    this.pending = this.pending.filter((candidate) => candidate.count > 0);
    return fault;
  }
}

function matchesCall(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  if (!fault.path.includes('*')) return path.startsWith(fault.path);
  const actual = path.split('/');
  const expected = fault.path.split('/');
  return (
    expected.length === actual.length &&
    expected.every((segment, index) => segment === '*' || segment === actual[index])
  );
}
