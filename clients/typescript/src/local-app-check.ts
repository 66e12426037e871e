const HOUR_SECONDS = 3600;

/** Creates a token that the emulators accept: unsigned, for an hour. */
export function createToken(projectId: string, appId: string): { token: string; expireTimeMillis: number } {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = {
    iss: `https://firebaseappcheck.googleapis.com/${projectId}`,
    sub: appId,
    aud: [`projects/${projectId}`],
    iat: nowSeconds,
    exp: nowSeconds + HOUR_SECONDS,
  };
  const token = `${toPart({ alg: 'none', typ: 'JWT' })}.${toPart(claims)}.`;
  return { token, expireTimeMillis: claims.exp * 1000 };
}

/** URL-safe base64 of JSON. An id may contain characters beyond Latin-1, which `btoa` does not accept. */
function toPart(value: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
