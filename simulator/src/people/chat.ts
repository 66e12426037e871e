import {
  epochMs,
  isDenied,
  markChatRead,
  sendMessage,
  type ChatMessage,
  type EpochMs,
  type Found,
  type Thread,
} from '../../../clients/typescript/src/index.js';
import type { Ordering } from './customer.js';
import { pause } from './pause.js';

type Message = Found<ChatMessage>;

/** The kitchen and the courier each ask one question, and the customer answers each. */
const MESSAGES = 4;
/** The rules refuse messages at a shorter interval. */
const BETWEEN_MS = 1_100;
const PATIENCE_MS = 90_000;

/** Answers each question until all messages are shown to both parties, then marks the chat as read. */
export async function chat(ordering: Ordering, orderId: string): Promise<void> {
  const { events, afterHours } = ordering;
  const messages = await waitForMessages(ordering, orderId);
  for (const message of messages) {
    const { text } = message.data;
    events.emit({ type: 'happened', what: 'messageShown' });
    if (/\d{5}/.test(text.replaceAll(' ', ''))) throw new Error(`a chat of ${orderId} shows a telephone number`);
    if (text.includes('•')) events.emit({ type: 'happened', what: 'messageMasked' });
  }
  await read(ordering, orderId, messages);
  afterHours.push(() => checkClosed(ordering, orderId));
}

function waitForMessages({ app, restaurant }: Ordering, orderId: string): Promise<readonly Message[]> {
  const { uid } = app.user;
  let said = 0;
  let saying = Promise.resolve();
  return new Promise((resolve, reject) => {
    const answered = new Set<string>();
    const timeout = setTimeout(
      () => reject(new Error(`the chat of ${orderId} has not had ${MESSAGES} messages within ${PATIENCE_MS / 1000} s`)),
      PATIENCE_MS,
    );
    const answer = async ({ data: { courierId } }: Message): Promise<void> => {
      const [thread, text] =
        courierId === null
          ? [{ orderId, customerId: uid, restaurantId: restaurant.id, courierId }, 'Without, please.']
          : [{ orderId, customerId: uid, restaurantId: null, courierId }, 'Third floor. Or ring +43 660 1234567.'];
      await sendMessage(app.session, thread, 'customer', ++said, text);
      await pause(BETWEEN_MS);
    };
    const stop = app.tiffin.listenAll(
      'messagesOfCustomer',
      { orderId, uid, sinceMs: START },
      (messages) => {
        for (const message of messages) {
          if (message.data.uid === uid || answered.has(message.id)) continue;
          answered.add(message.id);
          saying = saying.then(() => answer(message)).catch(reject);
        }
        if (messages.length < MESSAGES) return;
        clearTimeout(timeout);
        // The first page can arrive before `stop` is assigned.
        queueMicrotask(() => stop());
        resolve(messages);
      },
      reject,
    );
  });
}

const START: EpochMs = epochMs(0);

/** Marks the first message as read, then the rest, and checks the number of unread messages after each step. */
async function read({ app }: Ordering, orderId: string, messages: readonly Message[]): Promise<void> {
  for (const [last, unread] of [
    [0, MESSAGES - 1],
    [MESSAGES - 1, 0],
  ] as const) {
    const sinceMs = messages[last]?.data.createdAt ?? START;
    await markChatRead(app.session, orderId, sinceMs);
    const counted = await app.tiffin.count('messagesOfCustomer', { orderId, uid: app.user.uid, sinceMs });
    if (counted !== unread) throw new Error(`${counted} messages of ${orderId} are unread, expected ${unread}`);
  }
}

async function checkClosed({ app, restaurant, events }: Ordering, orderId: string): Promise<void> {
  const thread: Thread = { orderId, customerId: app.user.uid, restaurantId: restaurant.id, courierId: null };
  try {
    await sendMessage(app.session, thread, 'customer', 3, 'Are you still there?');
  } catch (error) {
    if (!isDenied(error)) throw error;
    return events.emit({ type: 'happened', what: 'chatClosed' });
  }
  throw new Error(`the chat of ${orderId} is still open two hours after the delivery`);
}
