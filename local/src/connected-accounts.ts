import Stripe from 'stripe';
import { CONNECT_EVENTS, createEndpoint } from './stack.js';
import { standInPorts } from './stand-ins.js';

const HOST = '127.0.0.1';

/**
 * Creates a restaurant's connected account at the Stripe stand-in and onboards it, so that completed orders pay the
 * merchant out.
 */
export const openConnectedAccount = (restaurantId: string): Promise<string> =>
  openAccount(`account-${restaurantId}`, { metadata: { restaurantId } });

/** Creates a courier's connected account and onboards it, so that the nightly run pays the courier. */
export const openCourierAccount = (courierId: string): Promise<string> =>
  openAccount(`account-courier-${courierId}`, {
    metadata: { courierId },
    business_type: 'individual',
    settings: { payouts: { schedule: { interval: 'manual' } } },
  });

async function openAccount(idempotencyKey: string, owner: Stripe.AccountCreateParams): Promise<string> {
  const stripe = new Stripe('sk_test_local', {
    host: HOST,
    port: standInPorts().stripe,
    protocol: 'http',
    telemetry: false,
  });
  const account = await stripe.accounts.create(
    { type: 'express', country: 'AT', capabilities: { transfers: { requested: true } }, ...owner },
    { idempotencyKey },
  );
  // Stands for the owner's input on Stripe's pages.
  await callStandIn(`accounts/${account.id}/onboard`);
  return account.id;
}

/**
 * Starts webhooks for connected accounts. During the seed they stay off: each event of each account would start a
 * process of the functions.
 */
export async function listenToAccounts(): Promise<void> {
  await callStandIn('webhook_endpoints', createEndpoint(CONNECT_EVENTS));
}

async function callStandIn(path: string, body: object = {}): Promise<void> {
  const answer = await fetch(`http://${HOST}:${standInPorts().stripe}/_local/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the Stripe stand-in answered ${answer.status} to ${path}`);
}
