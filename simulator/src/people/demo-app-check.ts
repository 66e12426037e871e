import { CustomProvider } from 'firebase/app-check';

const HOUR_SECONDS = 3600;

/**
 * App Check for local apps, in browsers and in Node: the functions emulator accepts an unsigned token. A production app
 * uses a real provider instead.
 */
export function demoProvider(projectId: string, appId = '1:1:web:1'): CustomProvider {
  return new CustomProvider({
    getToken: () => {
      const nowSeconds = Math.floor(Date.now() / 1000);
      const claims = {
        iss: `https://firebaseappcheck.googleapis.com/${projectId}`,
        sub: appId,
        aud: [`projects/${projectId}`],
        iat: nowSeconds,
        exp: nowSeconds + HOUR_SECONDS,
      };
      const token = `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
      return Promise.resolve({ token, expireTimeMillis: claims.exp * 1000 });
    },
  });
}

/** URL-safe base64 of JSON. An id may contain characters beyond Latin-1, which `btoa` does not accept. */
function part(value: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
