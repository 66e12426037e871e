import { onRequest } from 'firebase-functions/https';
import { STRIPE_WEBHOOK_SECRET } from '../../platform/params.js';
import { COMMON, ORDERING } from '../common-options.js';

/** The public page of a shared order. */
export const track = onRequest({ ...COMMON, maxInstances: 5, memory: '256MiB' }, async (request, response) => {
  const [{ track: run }, { readClientAddress: addressOf }, { createProductionContext: productionContext }] =
    await Promise.all([import('../../tracking/track.js'), import('../../core/address.js'), import('../production.js')]);
  const address = addressOf(request.header('x-forwarded-for'));
  const { status, headers, body } = await run(productionContext(), request.query['t'], address);
  response.status(status).set(headers).send(body);
});

/** Stripe's events. */
export const stripeWebhook = onRequest(
  { ...COMMON, secrets: [...ORDERING, STRIPE_WEBHOOK_SECRET] },
  async (request, response) => {
    const [{ stripeWebhook: run }, { createProductionContext: productionContext }] = await Promise.all([
      import('../stripe-webhook.js'),
      import('../production.js'),
    ]);
    const { status, body } = await run(productionContext(), request.rawBody, request.header('stripe-signature') ?? '');
    response.status(status).send(body);
  },
);
