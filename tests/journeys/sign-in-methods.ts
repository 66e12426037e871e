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

/** A sign-in method, and how the account is then identified. */
export interface WayIn {
  name: string;
  provider: string;
  enter: (auth: Auth) => Promise<UserCredential>;
}

const PHONE = '+43 660 5550123'.replaceAll(' ', '');

/** The four methods that an app offers. The responses of the providers' own sheets are made up here. */
export function waysIn(stack: Stack): WayIn[] {
  // The Auth emulator accepts unsigned claims where Google and Apple sign them.
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
 * Requests a text message and reads it. A browser or phone first proves itself to the service (reCAPTCHA, APNs). The
 * SDK has no such proof in Node, so the request is made by REST.
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
