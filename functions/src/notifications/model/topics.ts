import { isTimeZone, toMinuteOfDay } from '../../hours/hours.js';
import { MUTABLE_TOPICS, type Preferences, type QuietHours, type Topic } from '../../contract/notifications.js';

/** How the notifications of a topic are sent. */
export interface TopicPolicy {
  /** Wakes the phone, and quiet hours do not delay it, since the user waits for it. */
  urgent: boolean;
  /** Of several that wait for a phone to come online, only the newest is useful. */
  newestOnly: boolean;
  /** How long the provider may try, unless the message specifies it. */
  ttlSeconds: number;
}

const HOUR = 3600;
export const TOPIC_POLICIES: Readonly<Record<Topic, TopicPolicy>> = {
  orders: { urgent: true, newestOnly: false, ttlSeconds: HOUR },
  offers: { urgent: true, newestOnly: true, ttlSeconds: 60 },
  chat: { urgent: true, newestOnly: false, ttlSeconds: 2 * HOUR },
  cart: { urgent: false, newestOnly: true, ttlSeconds: HOUR },
  money: { urgent: false, newestOnly: false, ttlSeconds: 24 * HOUR },
  support: { urgent: false, newestOnly: false, ttlSeconds: 24 * HOUR },
  reviews: { urgent: false, newestOnly: false, ttlSeconds: 24 * HOUR },
};

/** True where this phone may be notified now. */
export function mayNotify({ muted = [], quietHours }: Preferences, topic: Topic, nowMs: number): boolean {
  const isMuted = muted.some((one) => one === topic) && MUTABLE_TOPICS.some((one) => one === topic);
  if (isMuted) return false;
  return TOPIC_POLICIES[topic].urgent || quietHours === undefined || !isQuiet(quietHours, nowMs);
}

/**
 * True within the quiet hours, in the phone's time zone, so that they follow a change of the clocks. For an unknown
 * zone always false.
 */
export function isQuiet({ fromMinute, toMinute, timeZone }: QuietHours, nowMs: number): boolean {
  if (!isTimeZone(timeZone)) return false;
  const minute = toMinuteOfDay(timeZone, nowMs);
  return fromMinute <= toMinute ? fromMinute <= minute && minute < toMinute : fromMinute <= minute || minute < toMinute;
}
