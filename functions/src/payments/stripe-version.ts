/** The version of Stripe's API this code was written for: an upgrade of the SDK is a compile error here. */
export const API_VERSION = '2026-10-28.endive';
