import { FirebaseError } from 'firebase/app';
import { TOKENS_LAPSE_MS } from '../../../functions/src/contract/privacy.js';
import type { Customer, Person } from '../city/population.js';
import type { Events } from '../events.js';
import type { Stack } from '../stack.js';
import { runAt } from '../sweep.js';
import { App } from './app.js';
import { pause } from './pause.js';
import type { Operator } from './operator.js';
import { COUPON, type Plan } from './plan.js';

/** So that even a short evening has each of these once: the meals of a guest who tries everything. */
export const GUEST_MEALS: readonly Partial<Plan>[] = [
  {
    story: 'delivered',
    kind: 'delivery',
    payment: 'card',
    scheduled: false,
    refundTo: null,
    disputes: false,
    promotionCodes: [COUPON.code],
    proof: 'photo',
    courierVanishes: false,
    firstCourierDeclines: true,
    tipAfterMinor: 200,
    chats: true,
    shares: true,
    claim: 'damaged',
    review: { stars: 2, fate: 'reportedAndRemoved' },
  },
  {
    story: 'delivered',
    kind: 'delivery',
    payment: 'card',
    scheduled: false,
    refundTo: null,
    disputes: false,
    proof: 'pin',
    courierVanishes: true,
    chats: false,
    shares: true,
    claim: 'quality',
    review: { stars: 1, fate: 'rude' },
  },
  { story: 'calledOff', payment: 'card', scheduled: false },
];

export async function signUpGuest(
  stack: Stack,
  events: Events,
  like: Customer,
): Promise<{ app: App; guest: Customer }> {
  const { app, person } = await App.signUp(stack, `Gast ${like.name}`);
  events.tell({ type: 'happened', what: 'signedUp' });
  return { app, guest: { ...like, ...person } };
}

/** Takes all that is known along and has the rest forgotten, with a proof; after that there is no such account. */
export async function leaveForGood(stack: Stack, operator: Operator, events: Events, person: Person): Promise<void> {
  // Only somebody who has just signed in may do it.
  const app = await App.signIn(stack, person);
  const { path } = await app.call('exportMyData', {});
  const file = await app.downloadExport(path);
  if (!file.includes(person.name)) throw new Error(`the export of ${person.uid} does not know the name`);
  events.tell({ type: 'happened', what: 'exported' });
  const { reportId } = await app.call('deleteMyAccount', {});
  await app.close();
  await untilGone(stack, person);
  // The proof comes once the last token has lapsed: nobody here waits for that.
  await runAt(stack, 'tidyUp', Date.now() + TOKENS_LAPSE_MS);
  await operator.seeErased(reportId);
  events.tell({ type: 'happened', what: 'erased' });
}

/** Nobody can sign in from the first moment; in the end there is no such account. */
async function untilGone(stack: Stack, person: Person): Promise<void> {
  for (;;) {
    const code = await App.signIn(stack, person).then(
      () => 'signed in',
      (error: unknown) => (error instanceof FirebaseError ? error.code : String(error)),
    );
    if (code === 'auth/user-not-found') return;
    if (code !== 'auth/user-disabled') throw new Error(`${person.uid} is erased, and signing in says: ${code}`);
    await pause(200);
  }
}
