import { z } from 'zod';

/**
 * A failure to inject into the next `count` calls that match. `before`: nothing happens. `after`: the
 * call takes effect, only its answer is lost. `disconnect` drops the connection, `status` answers an
 * error, `delayMs` (real time) holds the answer back and may stand alone. `saved` says whether the error
 * is kept under the idempotency key; Stripe keeps 500s and does not keep 409 and 429. The stripe package
 * repeats a dropped request once even without retries: to lose a call for good, count 2.
 */
export const Fault = z.strictObject({
  method: z.enum(['DELETE', 'GET', 'POST']).optional(),
  /** Beginning of the path, e.g. `/v1/payment_intents`, or a pattern with `*` for one segment. */
  path: z.string().default('/v1/'),
  when: z.enum(['before', 'after']).default('before'),
  status: z.int().min(400).max(599).optional(),
  disconnect: z.boolean().default(false),
  delayMs: z.int().min(0).default(0),
  saved: z.boolean().optional(),
  count: z.int().min(1).default(1),
});
export type Fault = z.infer<typeof Fault>;

/** Faults still to come, in the order they were asked for. */
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

  /** The first fault for this call, used up by one. */
  take(method: string, path: string): Fault | undefined {
    const fault = this.pending.find((candidate) => hits(candidate, method, path));
    if (!fault) return undefined;
    fault.count -= 1;
    this.pending = this.pending.filter((candidate) => candidate.count > 0);
    return fault;
  }
}

function hits(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  if (!fault.path.includes('*')) return path.startsWith(fault.path);
  const actual = path.split('/');
  const expected = fault.path.split('/');
  return (
    expected.length === actual.length &&
    expected.every((segment, index) => segment === '*' || segment === actual[index])
  );
}
