import { connectToLocalStack, epochMs, refusalOf, Tiffin, useLocalAppCheck, type EpochMs } from '@tiffin/client';
import { initializeApp } from 'firebase/app';
import { getAuth, signInWithEmailAndPassword } from 'firebase/auth';

/** Ports of a stack that does not use the default ones: `customer.html?firestore=8180&…`. */
const query = new URLSearchParams(location.search);
const port = (name: string, usual: number): number => Number(query.get(name) ?? usual);

export const firebase = initializeApp({
  projectId: 'demo-tiffin',
  apiKey: 'demo',
  appId: '1:1:web:1',
  storageBucket: 'demo-tiffin.appspot.com',
});
useLocalAppCheck(firebase);
connectToLocalStack(firebase, {
  ports: {
    auth: port('auth', 9099),
    firestore: port('firestore', 8080),
    functions: port('functions', 5001),
    storage: port('storage', 9199),
  },
});
export const auth = getAuth(firebase);
export const tiffin = new Tiffin(firebase);

/** The page on which the Stripe stand-in takes the money: an app in production opens Stripe's own sheet. */
export const payingPage = (clientSecret: string): string =>
  `http://127.0.0.1:${port('stripe', 12111)}/_local/sheet?client_secret=${encodeURIComponent(clientSecret)}`;

/** Replaces what the page shows. */
export function show(...parts: readonly (Node | string)[]): void {
  document.getElementById('app')?.replaceChildren(...parts);
}

export function element<N extends keyof HTMLElementTagNameMap>(
  name: N,
  properties: Partial<HTMLElementTagNameMap[N]>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[N] {
  const created = Object.assign(document.createElement(name), properties);
  created.append(...children);
  return created;
}

const kept = new Map<string, HTMLElement>();

/** Returns the element of a key, made once: what was typed into it stays when the list around it changes. */
export function keep(key: string, create: () => HTMLElement): HTMLElement {
  const known = kept.get(key) ?? create();
  kept.set(key, known);
  return known;
}

/** What the buttons do happens in the order of the taps: an arrival is sent before the delivery that follows it. */
let earlier: Promise<unknown> = Promise.resolve();

/** A button that shows the refusal of what it does. */
export function button(label: string, run: () => Promise<unknown>): HTMLButtonElement {
  const created = element('button', { type: 'button', textContent: label });
  created.addEventListener('click', () => {
    earlier = earlier.then(() => attempt(created, run));
  });
  return created;
}

async function attempt(pressed: HTMLButtonElement, run: () => Promise<unknown>): Promise<void> {
  report('');
  pressed.disabled = true;
  try {
    await run();
  } catch (error) {
    const refusal = refusalOf(error);
    report(refusal ? `${refusal.reason} ${JSON.stringify(refusal.details)}` : String(error));
  } finally {
    pressed.disabled = false;
  }
}

export function report(problem: string): void {
  const place = document.getElementById('problem');
  if (place) place.textContent = problem;
}

/** Asks for one of the demo city's accounts. */
export function askToSignIn(email: string, then: () => Promise<void>): void {
  const [mail, password] = [element('input', { value: email }), element('input', { value: 'demo1234' })];
  const signIn = button('Sign in', async () => {
    await signInWithEmailAndPassword(auth, mail.value, password.value);
    await then();
  });
  show(element('h1', { textContent: 'Sign in' }), mail, password, signIn);
}

/** Reports why a listener stopped. */
export const stopOnError = (error: Error): void => report(error.message);

/** The most messages that one query returns. */
const PAGE = 50;

/** Shows all messages of a customer: a full page is followed by one that begins with the time of its last message. */
export function followChat(orderId: string, uid: string, showRows: (rows: readonly string[]) => void): void {
  const rows = new Map<string, string>();
  const listenFrom = (sinceMs: EpochMs): void => {
    let stop: (() => void) | undefined;
    stop = tiffin.listenAll(
      'messagesOfCustomer',
      { orderId, uid, sinceMs },
      (found) => {
        for (const { id, data } of found) rows.set(id, `${data.role}: ${data.text}`);
        showRows([...rows.values()]);
        const last = found[PAGE - 1];
        if (!last || !stop) return;
        stop();
        stop = undefined;
        listenFrom(last.data.createdAt);
      },
      stopOnError,
    );
  };
  listenFrom(epochMs(0));
}
