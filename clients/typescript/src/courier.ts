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

/** The positions of one order on its way, which its parties follow. */
export class PositionStream {
  #seq = 0;
  #numbered: Promise<void> | undefined;

  constructor(
    private readonly session: Session,
    private readonly orderId: string,
  ) {}

  /**
   * Sends a packet of one to four positions, the oldest first. The rules accept one every three seconds; the zone's
   * `limits.position` says how often apps send one. Packets are numbered on from the stored one, so that a phone that
   * restarts or whose clock went back continues.
   */
  async send(fixes: readonly TimedFix[]): Promise<void> {
    const { db, uid } = this.session;
    const ref = doc(db, fill('couriers/{uid}/live/{orderId}', { uid, orderId: this.orderId }));
    await (this.#numbered ??= this.#readNumber(ref));
    this.#seq += 1;
    await updateDoc(ref, { seq: this.#seq, fixes: fixes.map(toFix), at: serverTimestamp() });
  }

  /** Two packets that are sent at once share the read. */
  async #readNumber(ref: DocumentReference): Promise<void> {
    try {
      this.#seq = Number((await getDoc(ref)).get('seq') ?? 0);
    } catch (error) {
      this.#numbered = undefined;
      throw error;
    }
  }
}

/** The rules refuse a fix with other properties, such as the accuracy that phones add. */
export const toFix = ({ lat, lng, agoMs }: TimedFix): TimedFix => ({ lat, lng, agoMs });
