/** Returns the secret with which the local functions write orders: that of the environment, or one for the stand-ins. */
export const getPinSecret = (): string => process.env['PIN_SECRET'] ?? 'local-pin-secret';
