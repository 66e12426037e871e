import { defineSecret, defineString } from 'firebase-functions/params';

/** The differences between local, staging and production: configuration, never a branch in the domain's code. */
export const STRIPE_SECRET_KEY = defineSecret('STRIPE_SECRET_KEY');
export const STRIPE_WEBHOOK_SECRET = defineSecret('STRIPE_WEBHOOK_SECRET');
/**
 * The PINs at the door, the links of shared orders and the marks of checked files are derived from it: changing it
 * changes those of orders under way, and files are checked once more.
 */
export const PIN_SECRET = defineSecret('PIN_SECRET');

/** The key of the routing service that zones name, or OSRM's address. Unused by zones that measure great circles. */
export const ROUTES_KEY = defineSecret('ROUTES_KEY');

export const REGION = defineString('REGION', { default: 'europe-west1' });
/** Empty in production. A `host:port` replaces the provider. */
export const STRIPE_HOST = defineString('STRIPE_HOST', { default: '' });
export const FCM_HOST = defineString('FCM_HOST', { default: '' });
/** The merchants' app: the redirect target of the payment provider's form. */
export const MERCHANT_URL = defineString('MERCHANT_URL', { default: 'http://127.0.0.1:5050/merchant' });
/** The couriers' app: the same for couriers. */
export const COURIER_URL = defineString('COURIER_URL', { default: 'http://127.0.0.1:5050/courier' });
export const TASKS_HOST = defineString('TASKS_HOST', { default: '' });
/** The service account of the functions; `default` is the platform's. Tasks are signed with it. */
export const SERVICE_ACCOUNT = defineString('SERVICE_ACCOUNT', { default: 'default' });
