import type { OperatorRole } from '../contract/accounts.js';
import type { CallableName } from '../calls/callables.js';

/**
 * The callables that a user may make as an operator, with the operator roles for which they are, besides `admin`, for
 * which all are. In any other callable an operator is a customer.
 */
const OPERATOR_CALLS = {
  // People and roles
  grantRole: [],
  blockUser: ['support'],
  unblockUser: ['support'],
  reviewApplication: ['support'],
  reviewCourier: ['support', 'dispatcher'],
  // Orders
  moveOrder: ['support', 'dispatcher'],
  dispatchOrder: ['support', 'dispatcher'],
  readEta: ['support', 'dispatcher', 'finance'],
  inspectOrder: ['support', 'dispatcher', 'finance'],
  readDropOff: ['support', 'dispatcher'],
  cancelOrder: ['support', 'dispatcher'],
  editOrder: ['support', 'dispatcher'],
  messageParty: ['support', 'dispatcher'],
  openFile: ['support', 'dispatcher', 'finance'],
  findRecords: ['support', 'dispatcher', 'finance'],
  noteRecord: ['support', 'dispatcher', 'finance'],
  updateTask: ['support', 'dispatcher', 'finance'],
  decideReport: ['support'],
  answerSupport: ['support', 'dispatcher', 'finance'],
  // Stores and couriers
  pauseStore: ['support', 'dispatcher'],
  actForStore: ['support', 'dispatcher'],
  publishShift: ['dispatcher'],
  setSurge: ['dispatcher'],
  // Money
  refundOrder: ['finance'],
  saveTerms: ['finance'],
  decideClaim: ['finance'],
  grantCredit: ['finance'],
  decideHeldPay: ['finance'],
  recordCashDeposit: ['finance'],
  submitDisputeEvidence: ['finance'],
  courierBalance: ['finance'],
  courierStatement: ['finance'],
  readBankDetails: ['finance'],
  recordCourierPayment: ['finance'],
  returnCourierPayment: ['finance'],
  settleCourierDebt: ['finance'],
  recordRiderPayment: ['finance'],
  payoutsReport: ['finance'],
  monthReport: ['finance'],
  // Configuration
  savePromotion: [],
  saveZone: [],
  rollBackZone: [],
  saveFlag: [],
  rollBackFlag: [],
  saveAppVersion: [],
  migrateLedger: [],
} as const satisfies { readonly [N in CallableName]?: readonly OperatorRole[] };

/** Returns the operator roles that may make a callable as operators; null where it is not for operators. */
export function findOperatorRoles(name: CallableName): readonly OperatorRole[] | null {
  const roles = Object.entries(OPERATOR_CALLS).find(([key]) => key === name)?.[1];
  return roles ? ['admin', ...roles] : null;
}

/** True where an operator of this role may make the callable; a role that is absent is `admin`. */
export function mayOperate(name: CallableName, role: string | null | undefined): boolean {
  return findOperatorRoles(name)?.some((one) => one === (role ?? 'admin')) ?? false;
}
