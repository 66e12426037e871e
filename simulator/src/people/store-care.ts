import { epochMs, type SupportMessage } from '../../../clients/typescript/src/index.js';
import type { Events } from '../events.js';
import type { App } from './app.js';

const PATIENCE_MS = 60_000;

/** A person writes to the operators, one of them finds the person, answers and closes the conversation. */
export async function askSupport(app: App, operator: App, events: Events, orderId: string): Promise<void> {
  const { uid } = app.user;
  await app.call('writeToSupport', {
    text: 'One dish was cold. Whom do I tell?',
    orderId,
    idempotencyKey: crypto.randomUUID(),
  });
  const { people } = await operator.call('findRecords', { by: { type: 'id', id: uid }, reason: 'wrote to support' });
  if (people[0]?.uid !== uid) throw new Error(`the operators do not find ${uid}`);
  const act = (one: 'reply' | 'close') =>
    operator.call('answerSupport', {
      uid,
      act: one === 'reply' ? { type: one, text: 'Please open a claim from the order.', orderId } : { type: one },
      reason: 'a cold dish',
      idempotencyKey: crypto.randomUUID(),
    });
  await act('reply');
  await waitForAnswer(app);
  await act('close');
  events.emit({ type: 'happened', what: 'supportAnswered' });
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

/** An operator acts for a store, and announces the next version of an app. */
export async function workAtDesk(app: App, restaurantId: string, events: Events): Promise<void> {
  const { restaurants } = await app.call('findRecords', { by: { type: 'id', id: restaurantId }, reason: 'a call' });
  if (restaurants.length !== 1) throw new Error(`the operators do not find ${restaurantId}`);
  const soldOut = (untilMs: number) =>
    app.call('actForStore', {
      restaurantId,
      act: { type: 'soldOut', ids: ['no-such-dish'], untilMs: epochMs(untilMs) },
      reason: 'asked by telephone',
    });
  await soldOut(Date.now() + 60_000);
  await soldOut(0);
  const known = await app.tiffin.get('appVersion', { appId: 'courier-android' });
  await app.call('saveAppVersion', {
    appId: 'courier-android',
    app: { minimum: '1.0.0', current: '1.1.0', maintenance: null },
    basedOnVersion: known?.version ?? 0,
    reason: 'released',
  });
  events.emit({ type: 'happened', what: 'deskWorked' });
}
