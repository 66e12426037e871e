import { strict as assert } from 'node:assert';
import { setImmediate as turn } from 'node:timers/promises';
import type { Order } from '#functions/contract/orders.js';
import { toFailure } from '#functions/platform/failure.js';
import type { Backend } from '#fixtures/backend.js';
import { MINUTE } from '#fixtures/catalogue.js';
import type { Journey } from '#fixtures/journey.js';
import { deliverAll, type Wish } from './wishes.js';

/** How two requests overlap. */
export interface Way {
  /** The first request's process dies before its response, and the client repeats it later. */
  dies: boolean;
  /** The second request starts so many turns of the event loop after the first. */
  delay: number;
}

/** Runs both requests at once. Throws where one fails without a reason for the client. */
export async function race(journey: Journey, [first, second]: readonly [Wish, Wish], way: Way): Promise<void> {
  const { conduct } = journey.backend;
  const begun = way.dies
    ? conduct.process('after firestore.commit', () => first(journey)).then(() => null)
    : first(journey);
  const late = async () => {
    for (let turns = 0; turns < way.delay; turns += 1) await turn();
    return second(journey);
  };
  const answers = await Promise.allSettled([begun, late()]);
  await settle(journey.backend);
  if (way.dies) {
    answers.push(...(await Promise.allSettled([first(journey)])));
    await settle(journey.backend);
  }
  for (const answer of answers) if (answer.status === 'rejected') requireReason(answer.reason);
}

/** The provider's events arrive twice, and every recovery task and sweep that is due has run. */
async function settle(backend: Backend): Promise<void> {
  await deliverAll(backend);
  await backend.advance(MINUTE);
  await deliverAll(backend);
}

/** Throws an error again that the client would receive without a stable reason. */
export function requireReason(error: unknown): void {
  if (toFailure(error).reason === 'INTERNAL') throw error;
}

/** The provider holds, took and gave back what the order's payment says. */
export function assertProvider({ fake }: Backend, orderId: string, { payment }: Order): void {
  const intents = [...fake.intents.values()].filter(
    (one) => one.orderId === orderId && !one.purpose.startsWith('tip-'),
  );
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const heldMinor = sum(intents.filter(({ status }) => status === 'authorized').map(({ amountMinor }) => amountMinor));
  const takenMinor = sum(intents.map(({ capturedMinor }) => capturedMinor));
  const isHeld = payment.status === 'authorized';
  const expected = { heldMinor: isHeld ? payment.authorizedMinor : 0, takenMinor: payment.capturedMinor };
  assert.deepEqual({ heldMinor, takenMinor }, expected, `the payment is ${payment.status}`);
  assert.notEqual(payment.status, 'voiding');
}
