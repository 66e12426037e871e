import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getAuth, type Auth } from 'firebase-admin/auth';
import { getFirestore, type Firestore } from 'firebase-admin/firestore';
import { setOrderKey } from '../../functions/src/platform/order-document.js';
import { getPinSecret } from './pin-secret.js';
import { toStackPort } from './port-offset.js';
import { PROJECT_ID } from './stack.js';

export interface Admin {
  db: Firestore;
  auth: Auth;
  close(): Promise<void>;
}

/** Connects the Admin SDK to the local stack, for the seed and the final audit. */
export function connectAdmin(): Admin {
  process.env['FIREBASE_AUTH_EMULATOR_HOST'] ??= `127.0.0.1:${toStackPort(9099)}`;
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const app = initializeApp({ projectId: PROJECT_ID }, crypto.randomUUID());
  const db = getFirestore(app);
  // Not by an environment variable, which would connect every other SDK of this process too.
  db.settings({ host: `127.0.0.1:${toStackPort(8080)}`, ssl: false, customHeaders: { authorization: 'Bearer owner' } });
  setOrderKey(db, getPinSecret);
  return { db, auth: getAuth(app), close: () => deleteApp(app) };
}
