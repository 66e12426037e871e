import type { Courier } from '../city/population.js';
import { ZONE_ID } from '../city/population.js';
import type { Events } from '../events.js';
import type { Stack } from '../stack.js';
import { App } from './app.js';
import type { Operator } from './operator.js';
import { PAPER } from './photos.js';

/** Becomes a courier: signs up, applies with papers, is approved, and takes a place in the shift of now. */
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
  // The approval made the applicant a courier: the next token says so.
  await app.refreshToken();
  events.tell({ type: 'happened', what: 'courierRecruited' });
  await takeShifts(app, operator, events);
  return { app, person: { ...person, vehicle: 'scooter', start } };
}

/** Today's is kept, tomorrow's given back. */
async function takeShifts(app: App, operator: Operator, events: Events): Promise<void> {
  const [now, tomorrow] = [await operator.publishShift('now'), await operator.publishShift('tomorrow')];
  for (const shiftId of [now, tomorrow]) {
    await app.call('claimShift', { shiftId, answer: 'take' });
    events.tell({ type: 'happened', what: 'shiftTaken' });
  }
  await app.call('claimShift', { shiftId: tomorrow, answer: 'giveBack' });
  events.tell({ type: 'happened', what: 'shiftGivenBack' });
}
