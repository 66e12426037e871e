import { FirebaseError } from 'firebase/app';
import { getReason } from '#simulator/people/app.js';

/** Returns the reason of a refusal: the backend's, or the SDK's code; null where the call succeeded. */
export async function refusal(attempt: Promise<unknown>): Promise<string | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    const reason = getReason(error);
    if (reason !== undefined) return reason;
    if (!(error instanceof FirebaseError)) throw error;
    return error.code;
  }
}
