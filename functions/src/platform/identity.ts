import { Claims } from '../contract/accounts.js';
import { Cache } from './cache.js';
import type { Identity } from './context.js';

/** A block or revocation is noticed within this time; asking at each call would double its latency. */
const KNOWN_FOR_MS = 30_000;

interface Session {
  disabled: boolean;
  /** Sign-ins before this are revoked. */
  validAfterMs: number;
}

/** Firebase Authentication behind the port; the SDK is loaded on first use. */
export function firebaseIdentity(now: () => number): Identity {
  const sessions = new Cache<Session>(now, KNOWN_FOR_MS);
  const auth = async () => (await import('firebase-admin/auth')).getAuth();
  return {
    async claimsOf(uid) {
      return unlessUnknown(null, async () => Claims.parse((await (await auth()).getUser(uid)).customClaims ?? {}));
    },
    async setClaims(uid, claims) {
      await (await auth()).setCustomUserClaims(uid, claims);
    },
    async setName(uid, displayName) {
      await (await auth()).updateUser(uid, { displayName });
    },
    async revokeSessions(uid) {
      await (await auth()).revokeRefreshTokens(uid);
      sessions.forget(uid);
    },
    async isRevoked(uid, signedInAtMs) {
      const session = await sessions.get(uid, async () => {
        const user = await unlessUnknown(null, async () => (await auth()).getUser(uid));
        // Who is no more has no session.
        if (!user) return { disabled: true, validAfterMs: 0 };
        return { disabled: user.disabled, validAfterMs: Date.parse(user.tokensValidAfterTime ?? '') || 0 };
      });
      return session.disabled || signedInAtMs < session.validAfterMs;
    },
    async setDisabled(uid, disabled) {
      await unlessUnknown(undefined, async () => {
        await (await auth()).updateUser(uid, { disabled });
        if (disabled) await (await auth()).revokeRefreshTokens(uid);
      });
      sessions.forget(uid);
    },
    async accountOf(uid) {
      return unlessUnknown(null, async () => {
        const { displayName, email, phoneNumber, providerData, disabled } = await (await auth()).getUser(uid);
        const providers = providerData.map(({ providerId }) => providerId);
        return { name: displayName ?? null, email: email ?? null, phone: phoneNumber ?? null, providers, disabled };
      });
    },
    async remove(uid) {
      await unlessUnknown(undefined, async () => (await auth()).deleteUser(uid));
      sessions.forget(uid);
    },
  };
}

async function unlessUnknown<T, U>(unknown: U, ask: () => Promise<T>): Promise<T | U> {
  try {
    return await ask();
  } catch (error) {
    if (isUnknownUser(error)) return unknown;
    throw error;
  }
}

function isUnknownUser(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'auth/user-not-found';
}
