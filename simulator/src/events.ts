import type { Order, OrderEvent } from '../../clients/typescript/src/index.js';

/** Events of a run besides cooking, riding and delivering, with their labels in the report. */
export const EVENT_LABELS = {
  messageShown: 'chat messages shown',
  messageMasked: 'telephone numbers masked in chats',
  chatClosed: 'chats closed two hours later',
  linkSeen: 'shared links opened during the delivery',
  linkDead: 'shared links closed after the delivery',
  claimPaidAtOnce: 'claims paid by rule',
  claimPaidByOperator: 'claims paid by an operator',
  claimRejected: 'claims rejected by an operator',
  reviewed: 'reviews written',
  reviewAnswered: 'replies of kitchens to reviews',
  reviewHeld: 'reviews held by the filter',
  reviewReported: 'reviews reported by kitchens',
  reviewRemoved: 'decisions of an operator to remove a review',
  appealed: 'removals appealed',
  declined: 'offers declined, with a reason',
  breakTaken: 'courier breaks',
  wentSilent: 'couriers whose phones went silent',
  faded: 'silent couriers taken offline',
  reassigned: 'deliveries given to another courier',
  idChecked: 'IDs checked at the door',
  ageNotProven: 'orders refused at the door for want of an ID',
  returned: 'deliveries returned to the restaurant',
  calledOff: 'orders called off by an operator',
  courierRecruited: 'couriers recruited',
  shiftTaken: 'shifts taken',
  shiftGivenBack: 'shifts given back',
  restaurantOpened: 'restaurants opened',
  storefrontShown: 'storefronts with photos and texts',
  delayAnnounced: 'delays announced by kitchens',
  happyHourBegun: 'happy hours of kitchens',
  ticketPrinted: 'tickets printed in kitchens',
  soldOut: 'dishes sold out while in a cart',
  closedDoor: 'orders refused by a paused store',
  priceChanged: 'prices that changed at placing, and were accepted',
  surge: 'surges begun and rolled back',
  storePaused: 'stores paused and opened by an operator',
  flagRolledBack: 'flags changed and rolled back',
  supportAnswered: 'conversations with operators',
  recordsFound: 'people and orders looked up',
  recordNoted: 'orders with notes and tags',
  taskTaken: 'tasks taken and commented',
  taskClosed: 'tasks closed at the desk',
  triageReleased: 'risky orders released',
  triageRefused: 'risky orders rejected',
  assignedByHand: 'couriers assigned by hand',
  ownRiderSent: 'orders brought by riders of restaurants',
  outsideRiderSent: 'orders brought by outside riders',
  riderPaid: 'outside riders paid by hand',
  handedOver: 'orders handed over on the way',
  searchRestarted: 'searches begun again',
  steppedIn: 'orders taken through a silent kitchen',
  rejectedForKitchen: 'orders rejected for a closed kitchen',
  deskWorked: 'acts of an operator for a store',
  addressEdited: 'addresses edited, with history',
  hoursEdited: 'hours edited, with history',
  termsEdited: 'commissions edited, with history',
  versionSaved: 'versions of apps saved',
  kitchenCancelled: 'strikes of kitchens that cancel',
  learnedPrepUsed: 'orders with a learned preparation time',
  debtSettled: 'debts of couriers settled',
  tipped: 'tips after the delivery',
  refunded: 'refunds by an operator',
  browsed: 'walks through the feed before an order',
  proofOpened: 'photos of a delivery opened by its customer',
  disputed: 'payments disputed with a bank',
  signedUp: 'guests who signed up',
  exported: 'exports of personal data',
  erased: 'accounts erased, with a proof',
} as const;
export type SideEvent = keyof typeof EVENT_LABELS;

const isSideEvent = (name: string): name is SideEvent => name in EVENT_LABELS;
/** All side events, in the order of the report. */
export const SIDE_EVENTS: readonly SideEvent[] = Object.keys(EVENT_LABELS).filter(isSideEvent);

/** An event of the simulated city, for the terminal and the report. */
export type CityEvent =
  | { type: 'quoted'; who: string; restaurant: string; totalMinor: number }
  | { type: 'moved'; orderId: string; order: Order; event: OrderEvent }
  | { type: 'ended'; orderId: string; order: Order; totalMinor: number }
  /** An order that an app outside of the simulator placed. */
  | { type: 'served'; code: string; restaurant: string }
  | { type: 'happened'; what: SideEvent }
  | { type: 'failure'; what: string };

export interface Events {
  emit(event: CityEvent): void;
}
