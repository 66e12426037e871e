import type { Courier } from '../city/population.js';
import { ZONE_ID } from '../city/population.js';
import type { Events } from '../events.js';
import type { Stack } from '../stack.js';
import { App } from './app.js';
import type { Operator } from './operator.js';
import { PAPER } from './photos.js';

/** Recruits a courier: signs up, applies with documents, is approved, and takes a shift that has begun. */
export async function recruitCourier(
  stack: Stack,
  operator: Operator,
  events: Events,
  { name, start }: Pick<Courier, 'name' | 'start'>,
): Promise<{ app: App; person: Courier }> {
  const { app, person } = await App.signUp(stack, name);
  const { uid } = person;
  const papers = (['identity', 'licence'] as const).map((kind) => ({
    kind,
    path: `courier-documents/${uid}/${kind}-1.pdf`,
  }));
  await Promise.all(papers.map(({ path }) => app.upload(path, PAPER, 'application/pdf')));
  await app.call('applyAsCourier', { zoneId: ZONE_ID, vehicle: 'scooter', papers });
  await operator.approveCourier(uid);
  // The approval made the applicant a courier; only a new token has that claim.
  await app.refreshToken();
  events.emit({ type: 'happened', what: 'courierRecruited' });
  await takeShifts(app, operator, events);
  return { app, person: { ...person, vehicle: 'scooter', start } };
}

/** Takes today's and tomorrow's shift, and gives tomorrow's back. */
async function takeShifts(app: App, operator: Operator, events: Events): Promise<void> {
  const [now, tomorrow] = [await operator.publishShift('now'), await operator.publishShift('tomorrow')];
  for (const shiftId of [now, tomorrow]) {
    await app.call('claimShift', { shiftId, answer: 'take' });
    events.emit({ type: 'happened', what: 'shiftTaken' });
  }
  await app.call('claimShift', { shiftId: tomorrow, answer: 'giveBack' });
  events.emit({ type: 'happened', what: 'shiftGivenBack' });
}
