import type { ReadBillsOutputBillCustomer, Order } from '../../../clients/typescript/src/index.js';
import type { Ordering } from './customer.js';
import { doorPhoto } from './photos.js';
import type { Plan } from './plan.js';

const TEXTS = {
  missing: 'It is on the bill, not in the bag.',
  damaged: 'All over the bag.',
  quality: 'Cold, and too much salt.',
} as const;

/** Opens a claim for the first dish. An operator decides it where the rules do not settle it. */
export async function complain(
  ordering: Ordering,
  orderId: string,
  { payment }: Order,
  kind: NonNullable<Plan['claim']>,
): Promise<void> {
  const { app, events, operator, random } = ordering;
  const photo = kind === 'damaged' ? { photoPath: await photograph(ordering, orderId) } : {};
  const lines = [{ line: 0, quantity: 1 }];
  const wish = { orderId, idempotencyKey: crypto.randomUUID(), kind, lines, text: TEXTS[kind], ...photo };
  const { claimId, status } = await app.call('openClaim', wish);
  if (status === 'refunded') return events.emit({ type: 'happened', what: 'claimPaidAtOnce' });
  const isRight = random.chance(0.6);
  await operator.decideClaim(orderId, claimId, isRight, payment.method === 'cash' ? 'credit' : 'card');
}

async function photograph({ app }: Ordering, orderId: string): Promise<string> {
  const path = `claims/${orderId}/${app.user.uid}/photo.png`;
  await app.upload(path, doorPhoto(`claim ${orderId}`), 'image/png');
  return path;
}

/** An order without a charge has nothing to refund. */
export const mayComplain = ({ capturedMinor }: ReadBillsOutputBillCustomer): boolean => capturedMinor > 0;
