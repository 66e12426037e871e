import { isTimeZone, minuteOfDay } from '../../hours/hours.js';
import { MUTABLE_TOPICS, type Preferences, type QuietHours, type Topic } from '../../contract/notifications.js';

/** How a topic is told. */
export interface TopicPolicy {
  /** Somebody waits for it: it wakes the phone, and quiet hours do not hold it back. */
  urgent: boolean;
  /** Of those that wait for a phone to come back, only the newest is of use. */
  newestOnly: boolean;
  /** How long the provider may try, unless the message says otherwise. */
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

/** May this phone be told now? */
export function mayTell({ muted = [], quietHours }: Preferences, topic: Topic, nowMs: number): boolean {
  const isMuted = muted.some((one) => one === topic) && MUTABLE_TOPICS.some((one) => one === topic);
  if (isMuted) return false;
  return TOPIC_POLICIES[topic].urgent || quietHours === undefined || !isQuiet(quietHours, nowMs);
}

/**
 * By the clocks of the phone's zone, so that a change of the clocks moves the hours with it. An unknown zone has none.
 */
export function isQuiet({ fromMinute, toMinute, timeZone }: QuietHours, nowMs: number): boolean {
  if (!isTimeZone(timeZone)) return false;
  const minute = minuteOfDay(timeZone, nowMs);
  return fromMinute <= toMinute ? fromMinute <= minute && minute < toMinute : fromMinute <= minute || minute < toMinute;
}
