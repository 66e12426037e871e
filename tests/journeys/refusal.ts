import { FirebaseError } from 'firebase/app';
import { getReason } from '#simulator/people/app.js';

/** Why something was refused: the backend's reason, or the SDK's code; null when it was not. */
export async function refusal(attempt: Promise<unknown>): Promise<string | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    if (!(error instanceof FirebaseError)) throw error;
    return getReason(error) ?? error.code;
  }
}
