import { setLogLevel } from 'firebase/firestore';
import { connectAdmin } from '#local/admin.js';
import { seedCity } from '#local/seed.js';
import { drawCity } from '#simulator/city/population.js';
import { localStack } from '#simulator/stack.js';

// The SDK warns of every refusal, and some of these tests expect refusals only.
setLogLevel('error');

/** The city in which all journeys of a run take place. */
export const stack = localStack();
export const city = drawCity(11, { restaurants: 2, couriers: 3, customers: 2 });

let seeded: Promise<void> | undefined;

/** Seeds the city for the first journey. */
export function seedOnce(): Promise<void> {
  return (seeded ??= seed());
}

async function seed(): Promise<void> {
  const admin = connectAdmin();
  await seedCity(admin, city).finally(() => admin.close());
}
