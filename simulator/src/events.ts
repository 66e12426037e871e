import type { Order, OrderEvent } from '../../functions/src/contract/orders.js';

/** What an evening brings beside meals that are cooked, carried and eaten: in the words of the report. */
export const HAPPENINGS = {
  messageShown: 'chat messages shown',
  messageMasked: 'telephone numbers masked in chats',
  chatClosed: 'chats found closed two hours later',
  linkSeen: 'shared links opened by strangers on the way',
  linkDead: 'shared links found dead afterwards',
  claimPaidAtOnce: 'claims paid by rule',
  claimPaidByOperator: 'claims paid by an operator',
  claimRejected: 'claims rejected by an operator',
  reviewed: 'reviews written',
  reviewHeld: 'reviews held by the filter',
  reviewReported: 'reviews reported by kitchens',
  reviewRemoved: 'decisions of an operator to remove a review',
  appealed: 'removals appealed',
  declined: 'offers declined, with a reason',
  breakTaken: 'courier breaks',
  wentSilent: 'couriers silent without a word',
  faded: 'silent couriers taken offline',
  reassigned: 'deliveries given to another courier',
  returned: 'deliveries that nobody took in',
  calledOff: 'orders called off by an operator',
  courierRecruited: 'couriers recruited',
  shiftTaken: 'shifts taken',
  shiftGivenBack: 'shifts given back',
  restaurantOpened: 'restaurants opened',
  soldOut: 'dishes sold out in the cart',
  closedDoor: 'customers before a paused store',
  priceChanged: 'prices changed while placing, and agreed to',
  surge: 'surges begun and rolled back',
  storePaused: 'stores paused and opened by an operator',
  flagRolledBack: 'flags changed and rolled back',
  tipped: 'tips after the delivery',
  refunded: 'refunds by an operator',
  disputed: 'payments disputed with a bank',
  signedUp: 'guests who signed up',
  exported: 'exports of personal data',
  erased: 'accounts erased, with a proof',
} as const;
export type Happening = keyof typeof HAPPENINGS;

/** What happens in the city, as the terminal and the report want to know it. */
export type CityEvent =
  | { type: 'quoted'; who: string; restaurant: string; totalMinor: number }
  | { type: 'moved'; orderId: string; order: Order; event: OrderEvent }
  | { type: 'ended'; orderId: string; order: Order }
  /** An order that another app than the simulated ones placed. */
  | { type: 'served'; code: string; restaurant: string }
  | { type: 'happened'; what: Happening }
  | { type: 'trouble'; what: string };

export interface Events {
  tell(event: CityEvent): void;
}
