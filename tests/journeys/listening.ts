import { doc, onSnapshot } from 'firebase/firestore';
import type { App } from '#simulator/people/app.js';

/** Listens as an app does, until the document satisfies the condition. */
export function until(
  app: App,
  path: string,
  isReached: (data: Record<string, unknown>) => boolean = () => true,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const stop = onSnapshot(
      doc(app.db, path),
      (snapshot) => {
        const data = snapshot.data();
        if (!data || !isReached(data)) return;
        // The first snapshot can arrive before `stop` is assigned.
        queueMicrotask(() => stop());
        resolve(data);
      },
      reject,
    );
  });
}
