import { doc, getDoc, serverTimestamp, updateDoc, type DocumentReference } from 'firebase/firestore';
import { geohashOf, type LatLng } from './geo.js';
import { fill } from './paths.js';
import type { Session } from './session.js';

/** A position of the phone, `agoMs` before the packet is sent, at most a minute. */
export interface TimedFix extends LatLng {
  readonly agoMs: number;
}

/** The rules accept a heartbeat every five seconds; apps send one every thirty. */
export async function showPresence({ db, uid }: Session, { lat, lng }: LatLng): Promise<void> {
  const presence = { lat, lng, geohash: geohashOf({ lat, lng }), at: serverTimestamp() };
  await updateDoc(doc(db, fill('couriers/{uid}', { uid })), { online: true, presence });
}

/** Ends the shift, at any time: no offer comes any more. */
export async function goOffline({ db, uid }: Session): Promise<void> {
  await updateDoc(doc(db, fill('couriers/{uid}', { uid })), { online: false });
}

/** Counts on from a number that is read once. */
export class Numbering {
  #last = 0;
  #reading: Promise<void> | undefined;

  /** @param read reads the last number that was used */
  constructor(private readonly read: () => Promise<number>) {}

  /** Returns the next number. Two callers at once share the read, and have numbers of their own. */
  async next(): Promise<number> {
    await (this.#reading ??= this.#start());
    this.#last += 1;
    return this.#last;
  }

  async #start(): Promise<void> {
    try {
      this.#last = await this.read();
    } catch (error) {
      this.#reading = undefined;
      throw error;
    }
  }
}

/** The positions of one order on its way, which its parties follow. */
export class PositionStream {
  readonly #ref: DocumentReference;
  readonly #seq: Numbering;

  constructor({ db, uid }: Session, orderId: string) {
    const ref = doc(db, fill('couriers/{uid}/live/{orderId}', { uid, orderId }));
    this.#ref = ref;
    this.#seq = new Numbering(async () => Number((await getDoc(ref)).get('seq') ?? 0));
  }

  /**
   * Sends a packet of one to four positions, the oldest first. The rules accept one every three seconds; the zone's
   * `limits.position` says how often apps send one. Packets are numbered on from the stored one, so that a phone that
   * restarts or whose clock went back continues.
   */
  async send(fixes: readonly TimedFix[]): Promise<void> {
    const seq = await this.#seq.next();
    await updateDoc(this.#ref, { seq, fixes: fixes.map(toFix), at: serverTimestamp() });
  }
}

/** The rules refuse a fix with other properties, such as the accuracy that phones add. */
export const toFix = ({ lat, lng, agoMs }: TimedFix): TimedFix => ({ lat, lng, agoMs });
