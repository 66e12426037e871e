/**
 * True where the provider could not be reached, failed, or limits the rate of requests. Source: Stripe, "Error
 * handling".
 */
export function isOutage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('type' in error)) return false;
  return ['StripeConnectionError', 'StripeAPIError', 'StripeRateLimitError'].includes(String(error.type));
}
