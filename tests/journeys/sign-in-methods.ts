import {
  createUserWithEmailAndPassword,
  GoogleAuthProvider,
  OAuthProvider,
  PhoneAuthCredential,
  signInWithCredential,
  type Auth,
  type UserCredential,
} from 'firebase/auth';
import type { Stack } from '#simulator/stack.js';

/** How somebody new comes in, and how the account is then known. */
export interface WayIn {
  name: string;
  provider: string;
  enter: (auth: Auth) => Promise<UserCredential>;
}

const PHONE = '+43 660 5550123'.replaceAll(' ', '');

/** The four ways that an app offers; what the provider's own sheet would answer is made up here. */
export function waysIn(stack: Stack): WayIn[] {
  // The Auth emulator takes the claims themselves where Google and Apple sign them.
  const claims = (sub: string) => JSON.stringify({ sub, email: `${sub}@mail.test`, email_verified: true });
  return [
    {
      name: 'e-mail',
      provider: 'password',
      enter: (auth) => createUserWithEmailAndPassword(auth, 'emilia@mail.test', 'a long password'),
    },
    {
      name: 'phone',
      provider: 'phone',
      enter: async (auth) => signInWithCredential(auth, await phoneCredential(stack)),
    },
    {
      name: 'Google',
      provider: 'google.com',
      enter: (auth) => signInWithCredential(auth, GoogleAuthProvider.credential(claims('gustav'))),
    },
    {
      name: 'Apple',
      provider: 'apple.com',
      enter: (auth) =>
        signInWithCredential(auth, new OAuthProvider('apple.com').credential({ idToken: claims('anna') })),
    },
  ];
}

/**
 * Asks for a text message and reads it. A browser or phone proves itself to the service before (reCAPTCHA, APNs); the
 * SDK has no such thing in Node, so the request is made by REST.
 */
async function phoneCredential({ host, ports, projectId }: Stack): Promise<PhoneAuthCredential> {
  const auth = `http://${host}:${ports.auth}`;
  const asked = await fetch(`${auth}/identitytoolkit.googleapis.com/v1/accounts:sendVerificationCode?key=demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phoneNumber: PHONE }),
  });
  const { sessionInfo } = (await asked.json()) as { sessionInfo: string };
  const read = await fetch(`${auth}/emulator/v1/projects/${projectId}/verificationCodes`);
  const { verificationCodes } = (await read.json()) as { verificationCodes: { sessionInfo: string; code: string }[] };
  const code = verificationCodes.find((one) => one.sessionInfo === sessionInfo)?.code;
  const credential = PhoneAuthCredential.fromJSON({
    providerId: 'phone',
    verificationId: sessionInfo,
    verificationCode: code,
  });
  if (!credential) throw new Error('no credential of the text message');
  return credential;
}
