import { createHmac } from 'node:crypto';
import type { Context } from '../../platform/context.js';
import type { OrderCommand } from './order-command.js';

/** The purpose of the key. */
const PURPOSE = 'order:wrong-guess';
const DIGEST_CHARS = 12;

/**
 * Computes the digest of a PIN or code that the order's document keeps: its readers have no key, and four digits
 * without one would be found by trying all of them. The digest differs for each order.
 */
export function toGuessDigest(ctx: Pick<Context, 'secretKey'>, orderId: string, kind: 'pin' | 'code', guess: string) {
  const text = JSON.stringify([orderId, kind, guess]);
  const mac = createHmac('sha256', ctx.secretKey(PURPOSE)).update(text).digest('base64url');
  return mac.slice(0, DIGEST_CHARS);
}

/** Returns the PIN or code that a command contains; empty without one. */
export function readGuess(command: OrderCommand): string {
  if (command.action === 'pickUp') return command.code ?? '';
  if (command.action === 'collect' || command.action === 'confirmDelivery') return command.pin ?? '';
  return command.action === 'deliver' && command.proof.type === 'pin' ? command.proof.pin : '';
}
