import type { SupportMessage } from '../../../clients/typescript/src/index.js';
import type { App } from './app.js';

const PATIENCE_MS = 60_000;

/** A person writes to the operators about an order, and waits for the answer. */
export async function askSupport(app: App, orderId: string): Promise<void> {
  const text = 'One dish was cold. Whom do I ask?';
  await app.call('writeToSupport', { text, orderId, idempotencyKey: crypto.randomUUID() });
  await waitForAnswer(app);
}

function waitForAnswer({ tiffin, user: { uid } }: App): Promise<void> {
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(() => reject(new Error(`${uid} has no answer of the operators`)), PATIENCE_MS);
    const stop = tiffin.listenAll(
      'supportMessages',
      { uid },
      (messages: readonly { data: SupportMessage }[]) => {
        if (!messages.some(({ data }) => data.from === 'operator')) return;
        clearTimeout(timeout);
        // The first page can arrive before `stop` is assigned.
        queueMicrotask(() => stop());
        resolve();
      },
      reject,
    );
  });
}
