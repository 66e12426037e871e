import { createHmac } from 'node:crypto';
import { getApps, initializeApp, type AppOptions } from 'firebase-admin/app';
import { getFirestore, type Firestore } from 'firebase-admin/firestore';
import { logger } from 'firebase-functions';
import { stripePayments } from '../payments/stripe.js';
import { deriveKey } from '../core/seal.js';
import { createCaches } from '../platform/caches.js';
import type { Context } from '../platform/context.js';
import { setOrderKey } from '../platform/order-document.js';
import { firebaseIdentity } from '../platform/identity.js';
import {
  COURIER_URL,
  FCM_HOST,
  MERCHANT_URL,
  PIN_SECRET,
  REGION,
  ROUTES_KEY,
  SERVICE_ACCOUNT,
  STRIPE_HOST,
  STRIPE_SECRET_KEY,
  STRIPE_WEBHOOK_SECRET,
  TASKS_HOST,
} from '../platform/params.js';
import { routePlanner } from '../platform/routes/planner.js';
import { cloudTasks } from '../platform/cloud-tasks.js';
import { createPushSender } from '../notifications/fcm.js';
import { storageFiles } from '../platform/files.js';
import type { Log } from '../platform/log.js';

let context: Context | undefined;

/** Creates the context of a deployed function from parameters and secrets, once per instance. */
export function createProductionContext(): Context {
  return (context ??= createContext());
}

function createContext(): Context {
  // The functions SDK may already have created a named app; this code needs the default one.
  if (!getApps().some((app) => app.name === '[DEFAULT]')) initializeApp(appOptions());
  const db = getFirestore();
  addFunctionHeader(db);
  setOrderKey(db, () => PIN_SECRET.value());
  const now = () => Date.now();
  return {
    db,
    now,
    newId: () => db.collection('ids').doc().id,
    secretDigits: (purpose, digits) => deriveDigits(PIN_SECRET.value(), purpose, digits),
    secretKey: (purpose) => deriveKey(PIN_SECRET.value(), purpose),
    identity: firebaseIdentity(now),
    payments: stripePayments({
      secretKey: () => STRIPE_SECRET_KEY.value(),
      webhookSecret: () => STRIPE_WEBHOOK_SECRET.value(),
      merchantUrl: () => MERCHANT_URL.value(),
      courierUrl: () => COURIER_URL.value(),
      ...(STRIPE_HOST.value() !== '' && { host: STRIPE_HOST.value() }),
    }),
    push: createPushSender(FCM_HOST.value()),
    routes: routePlanner(() => ROUTES_KEY.value(), cloudLog),
    files: storageFiles(),
    tasks: cloudTasks(TASKS_HOST.value(), REGION.value()),
    caches: createCaches(now),
    log: cloudLog,
  };
}

/**
 * Adds the function's name to calls in the functions emulator, which runs each function in a process of its own, so
 * that the local Firestore can bill by function. In production nothing is added.
 */
function addFunctionHeader(db: Firestore): void {
  const { FUNCTIONS_EMULATOR: emulator, FUNCTION_TARGET: target } = process.env;
  if (emulator === 'true' && target) db.settings({ customHeaders: { 'x-emulator-function': target } });
}

/** Names the service account, which spares the SDK a request to the metadata server with each task. */
function appOptions(): AppOptions | undefined {
  const serviceAccountId = SERVICE_ACCOUNT.value();
  if (serviceAccountId === 'default') return undefined;
  const configured: AppOptions = JSON.parse(process.env['FIREBASE_CONFIG'] ?? '{}');
  return { ...configured, serviceAccountId };
}

/**
 * Derives digits that only the holder of the secret can compute. 48 bits of a MAC are far more than the digits need.
 */
export function deriveDigits(secret: string, purpose: string, digits: number): string {
  const mac = createHmac('sha256', secret).update(purpose).digest();
  return String(mac.readUIntBE(0, 6) % 10 ** digits).padStart(digits, '0');
}

const cloudLog: Log = {
  info: (message, fields = {}) => logger.info(message, fields),
  warn: (message, fields = {}) => logger.warn(message, fields),
  error: (message, fields = {}, cause) => logger.error(message, { ...fields, cause: describe(cause) }),
};

function describe(cause: unknown): string | undefined {
  return cause instanceof Error ? (cause.stack ?? cause.message) : cause === undefined ? undefined : String(cause);
}
