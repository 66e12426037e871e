import type { Content, Report } from '../../contract/reviews.js';

/** Returns the path of the document that contains it: a reply is in its review. */
export function toContentPath(content: Content): string {
  switch (content.type) {
    case 'restaurantReview':
    case 'reviewReply':
      return `restaurants/${content.restaurantId}/reviews/${content.orderId}`;
    case 'courierReview':
      return `couriers/${content.courierId}/reviews/${content.orderId}`;
    case 'message':
      return `orders/${content.orderId}/messages/${content.messageId}`;
  }
}

/**
 * Derives the report's id: one content has one report, independent of the number of reporters. An order has one review
 * of each kind and one reply.
 */
export function toReportId(content: Content): string {
  return content.type === 'message'
    ? `message-${content.orderId}-${content.messageId}`
    : `${content.type}-${content.orderId}`;
}

/** Builds an open report about content, without reporters. */
export function newReport(content: Content, authorId: string, nowMs: number): Report {
  return {
    content,
    authorId,
    reporters: [],
    reasons: [],
    state: 'open',
    createdAtMs: nowMs,
    decision: null,
    appeal: null,
  };
}
