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
      try {
        return Claims.parse((await (await auth()).getUser(uid)).customClaims ?? {});
      } catch (error) {
        if (isUnknownUser(error)) return null;
        throw error;
      }
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
        const user = await (await auth()).getUser(uid);
        return { disabled: user.disabled, validAfterMs: Date.parse(user.tokensValidAfterTime ?? '') || 0 };
      });
      return session.disabled || signedInAtMs < session.validAfterMs;
    },
  };
}

function isUnknownUser(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'auth/user-not-found';
}
