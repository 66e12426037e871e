import type { Stack } from '../stack.js';
import { isTooLate, type App } from './app.js';
import type { Ordering } from './customer.js';

/** Shares a tracking link and opens it without an account, during the delivery and after it has ended. */
export async function share(ordering: Ordering, orderId: string): Promise<void> {
  const { app, stack, customer, events, afterHours } = ordering;
  const token = await createLink(app, orderId);
  if (token === null) return;
  const page = await visit(stack, token);
  const personal = [customer.name, ...customer.name.split(' '), customer.addressLine, app.user.uid];
  const leaked = personal.find((one) => page.text.includes(one));
  if (leaked !== undefined) throw new Error(`the public page of ${orderId} contains ${leaked}`);
  if (page.isThere) events.emit({ type: 'happened', what: 'linkSeen' });
  else if (!(await isOver(ordering, orderId))) throw new Error(`the public page of ${orderId} does not open`);
  afterHours.push(async () => {
    if ((await visit(stack, token)).isThere) throw new Error(`the link of ${orderId} still opens after the delivery`);
    events.emit({ type: 'happened', what: 'linkDead' });
  });
}

/** Null where the order was delivered first. */
async function createLink(app: App, orderId: string): Promise<string | null> {
  try {
    return (await app.call('shareTracking', { orderId, answer: 'share' })).token;
  } catch (error) {
    if (isTooLate(error)) return null;
    throw error;
  }
}

async function visit(
  { host, ports, projectId, region }: Stack,
  token: string,
): Promise<{ isThere: boolean; text: string }> {
  const page = await fetch(`http://${host}:${ports.functions}/${projectId}/${region}/track?t=${token}`);
  return { isThere: page.ok, text: await page.text() };
}

/** True where the order was delivered before the link was opened. */
async function isOver({ app }: Ordering, orderId: string): Promise<boolean> {
  const order = await app.tiffin.get('order', { orderId });
  return order?.status === 'delivered' || order?.status === 'completed';
}
