import { doc, getDoc } from 'firebase/firestore';
import type { Order } from '../../../functions/src/contract/orders.js';
import type { Stack } from '../stack.js';
import type { Ordering } from './customer.js';

/** Sends a link to whoever waits at the same table; they open it without an account, now and when all is over. */
export async function share(ordering: Ordering, orderId: string): Promise<void> {
  const { app, stack, customer, events, afterHours } = ordering;
  const { token } = await app.call('shareTracking', { orderId, answer: 'share' });
  if (token === null) throw new Error(`${orderId} was shared under no link`);
  const page = await visit(stack, token);
  const personal = [customer.name, ...customer.name.split(' '), customer.addressLine, app.user.uid];
  const told = personal.find((one) => page.text.includes(one));
  if (told !== undefined) throw new Error(`the public page of ${orderId} says ${told}`);
  if (page.isThere) events.tell({ type: 'happened', what: 'linkSeen' });
  else if (!(await isOver(ordering, orderId))) throw new Error(`the public page of ${orderId} is not there`);
  afterHours.push(async () => {
    if ((await visit(stack, token)).isThere) throw new Error(`the link of ${orderId} outlives the delivery`);
    events.tell({ type: 'happened', what: 'linkDead' });
  });
}

async function visit(
  { host, ports, projectId, region }: Stack,
  token: string,
): Promise<{ isThere: boolean; text: string }> {
  const page = await fetch(`http://${host}:${ports.functions}/${projectId}/${region}/track?t=${token}`);
  return { isThere: page.ok, text: await page.text() };
}

/** So fast a ride that the stranger came too late. */
async function isOver({ app }: Ordering, orderId: string): Promise<boolean> {
  const order = (await getDoc(doc(app.db, `orders/${orderId}`))).data() as Order;
  return ['delivered', 'completed'].includes(order.status);
}
