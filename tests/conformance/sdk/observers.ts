import { doc, onSnapshot } from 'firebase/firestore';
import { type Clients } from './clients.js';

export type Listeners = Readonly<Record<string, readonly unknown[]>>;

/** The snapshots that the listeners of a scenario received, step by step. */
export class Observers {
  private readonly told = new Map<string, unknown[]>();
  private readonly stops: (() => void)[] = [];
  private readonly marks = { admin: 0, web: 0 };
  private sent = 0;
  private wake = (): void => undefined;

  constructor(private readonly clients: Clients) {
    const { admin, web } = clients;
    const reach = (who: 'admin' | 'web', n: unknown): void => {
      this.marks[who] = Math.max(this.marks[who], Number(n ?? 0));
      this.wake();
    };
    this.stops.push(
      admin.doc('marks/now').onSnapshot((snapshot) => reach('admin', snapshot.get('n'))),
      onSnapshot(doc(web, 'marks/now'), (snapshot) => reach('web', snapshot.get('n'))),
    );
  }

  /** Starts a listener; `start` gets the function that records its snapshots. */
  add(name: string, start: (tell: (snapshot: unknown) => void) => () => void): void {
    this.stops.push(
      start((snapshot) => {
        this.told.set(name, [...(this.told.get(name) ?? []), snapshot]);
        this.wake();
      }),
    );
  }

  /**
   * Returns the snapshots of each listener since the last call. Waits until the named listeners have received the given
   * number, then until a later write has reached both SDKs, so that superfluous snapshots are seen as well.
   */
  async take(atLeast: Readonly<Record<string, number>>): Promise<Listeners> {
    await this.until(() => Object.entries(atLeast).every(([name, n]) => (this.told.get(name)?.length ?? 0) >= n));
    const mark = ++this.sent;
    await this.clients.admin.doc('marks/now').set({ n: mark });
    await this.until(() => this.marks.admin >= mark && this.marks.web >= mark);
    const told = Object.fromEntries(this.told);
    this.told.clear();
    return told;
  }

  stop(): void {
    for (const stop of this.stops) stop();
  }

  private async until(isReached: () => boolean): Promise<void> {
    while (!isReached()) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}
