import { randomBytes } from 'node:crypto';
import type { Context } from '../platform/context.js';

/** 128 random bits, so that the link cannot be guessed, and ten digits that only the server can derive from them. */
const TOKEN = /^([A-Za-z0-9_-]{22})(\d{10})$/;

type Secret = Pick<Context, 'secretDigits'>;

/** Draws a token for a link and adds the digits by which the server recognises it. */
export function newShareToken(ctx: Secret): string {
  const random = randomBytes(16).toString('base64url');
  return `${random}${digitsFor(ctx, random)}`;
}

/** True where this server issued the token. Whether it is still valid is in its document. */
export function isShareToken(ctx: Secret, token: string): boolean {
  const [, random, digits] = TOKEN.exec(token) ?? [];
  return random !== undefined && digits === digitsFor(ctx, random);
}

const digitsFor = (ctx: Secret, random: string): string => ctx.secretDigits(`share-${random}`, 10);
