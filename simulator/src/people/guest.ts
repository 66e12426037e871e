import { FirebaseError } from 'firebase/app';
import type { Customer, Person } from '../city/population.js';
import type { Events } from '../events.js';
import type { Stack } from '../stack.js';
import { tidyUpAfterTokens } from '../sweep.js';
import { App } from './app.js';
import { pause } from './pause.js';
import type { Operator } from './operator.js';
import { COUPON, type Plan } from './plan.js';

/** The meals of a guest who uses every feature, so that even a short run has each of them once. */
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
  events.emit({ type: 'happened', what: 'signedUp' });
  return { app, guest: { ...like, ...person } };
}

/** Exports the personal data, deletes the account, and waits for the proof of the erasure. */
export async function deleteAccount(stack: Stack, operator: Operator, events: Events, person: Person): Promise<void> {
  // The callable requires a recent sign-in.
  const app = await App.signIn(stack, person);
  const { path } = await app.call('exportMyData', {});
  const file = await app.downloadExport(path);
  if (!file.includes(person.name)) throw new Error(`the export of ${person.uid} does not contain the name`);
  events.emit({ type: 'happened', what: 'exported' });
  const { reportId } = await app.call('deleteMyAccount', {});
  await app.close();
  await waitUntilDeleted(stack, person);
  // The proof is written once the last ID token has expired. The clock of this run is advanced instead of waiting.
  await tidyUpAfterTokens(stack);
  await operator.waitForErasure(reportId);
  events.emit({ type: 'happened', what: 'erased' });
}

/** Waits until the account is deleted. Until then every sign-in is refused because the account is disabled. */
async function waitUntilDeleted(stack: Stack, person: Person): Promise<void> {
  for (;;) {
    const code = await App.signIn(stack, person).then(
      () => 'signed in',
      (error: unknown) => (error instanceof FirebaseError ? error.code : String(error)),
    );
    if (code === 'auth/user-not-found') return;
    if (code !== 'auth/user-disabled')
      throw new Error(`signing in to the erased account ${person.uid} gives ${code}, expected auth/user-disabled`);
    await pause(200);
  }
}
