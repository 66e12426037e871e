import type { CallableName } from '../contract/callables.js';
import type { Handler } from './callable.js';

/** Each callable's handler, loaded on its first call: a cold start pays only for what is called. */
export const HANDLERS: { [N in CallableName]: () => Promise<Handler<N>> } = {
  createProfile: async () => ({ run: (await import('../accounts/create-profile.js')).createProfile }),
  grantRole: async () => ({ roles: ['operator'], run: (await import('../accounts/grant-role.js')).grantRole }),
  blockUser: async () => ({ roles: ['operator'], run: (await import('../accounts/block-user.js')).blockUser }),
  unblockUser: async () => ({ roles: ['operator'], run: (await import('../accounts/block-user.js')).unblockUser }),
  signOutEverywhere: async () => ({ run: (await import('../accounts/block-user.js')).signOutEverywhere }),
  exportMyData: async () => ({ run: (await import('../privacy/export-my-data.js')).exportMyData }),
  deleteMyAccount: async () => ({ run: (await import('../privacy/delete-my-account.js')).deleteMyAccount }),
  setUpPayment: async () => ({ roles: CUSTOMERS, run: (await import('../payments/set-up-payment.js')).setUpPayment }),
  quote: async () => ({ roles: CUSTOMERS, run: (await import('../orders/flow/quote.js')).quote }),
  placeOrder: async () => ({ roles: CUSTOMERS, run: (await import('../orders/flow/place-order.js')).placeOrder }),
  moveOrder: async () => ({ roles: STAFF, run: (await import('../orders/flow/move-order.js')).moveOrder }),
  cancelOrder: async () => ({ roles: ANYBODY, run: (await import('../orders/flow/move-order.js')).cancelOrder }),
  readPickUpCode: async () => ({
    roles: ['merchant'],
    run: (await import('../orders/flow/move-order.js')).readPickUpCode,
  }),
  editOrder: async () => ({
    roles: ['merchant', 'operator'],
    run: (await import('../orders/flow/edit-order.js')).editOrder,
  }),
  answerEdit: async () => ({ roles: CUSTOMERS, run: (await import('../orders/flow/edit-order.js')).answerEdit }),
  retryPayment: async () => ({
    roles: CUSTOMERS,
    run: (await import('../orders/flow/deferred-charge.js')).retryPayment,
  }),
  refundOrder: async () => ({
    roles: ['merchant', 'operator'],
    run: (await import('../payments/refund-order.js')).refundOrder,
  }),
  addTip: async () => ({ roles: CUSTOMERS, run: (await import('../payments/add-tip.js')).addTip }),
  listCards: async () => ({ roles: CUSTOMERS, run: (await import('../payments/cards.js')).listCards }),
  removeCard: async () => ({ roles: CUSTOMERS, run: (await import('../payments/cards.js')).removeCard }),
  recordCashDeposit: async () => ({
    roles: ['operator'],
    run: (await import('../payments/cash-deposit.js')).recordCashDeposit,
  }),
  submitDisputeEvidence: async () => ({
    roles: ['operator'],
    run: (await import('../payments/disputes.js')).submitDisputeEvidence,
  }),
  savePromotion: async () => ({
    roles: ['operator'],
    run: (await import('../promotions/save-promotion.js')).savePromotion,
  }),
  grantCredit: async () => ({ roles: ['operator'], run: (await import('../payments/grant-credit.js')).grantCredit }),
  payoutsReport: async () => ({
    roles: ['merchant', 'operator'],
    run: (await import('../payments/payouts-report.js')).payoutsReport,
  }),
  reviewOrder: async () => ({ roles: CUSTOMERS, run: (await import('../reviews/review-order.js')).reviewOrder }),
  reportContent: async () => ({ roles: CUSTOMERS, run: (await import('../reviews/report-content.js')).reportContent }),
  decideReport: async () => ({ roles: ['operator'], run: (await import('../reviews/decide-report.js')).decideReport }),
  appeal: async () => ({ roles: CUSTOMERS, run: (await import('../reviews/report-content.js')).appeal }),
  openClaim: async () => ({ roles: CUSTOMERS, run: (await import('../support/open-claim.js')).openClaim }),
  decideClaim: async () => ({ roles: ['operator'], run: (await import('../support/decide-claim.js')).decideClaim }),
  applyAsCourier: async () => ({
    roles: CUSTOMERS,
    run: (await import('../onboarding/apply-as-courier.js')).applyAsCourier,
  }),
  reviewCourier: async () => ({
    roles: ['operator'],
    run: (await import('../onboarding/review-courier.js')).reviewCourier,
  }),
  decideHeldPay: async () => ({
    roles: ['operator'],
    run: (await import('../payments/decide-held-pay.js')).decideHeldPay,
  }),
  publishShift: async () => ({ roles: ['operator'], run: (await import('../couriers/shifts.js')).publishShift }),
  claimShift: async () => ({ roles: ['courier'], run: (await import('../couriers/shifts.js')).claimShift }),
  shareTracking: async () => ({ roles: CUSTOMERS, run: (await import('../tracking/share.js')).shareTracking }),
  respondToOffer: async () => ({
    roles: ['courier'],
    run: (await import('../couriers/respond-to-offer.js')).respondToOffer,
  }),
  applyAsMerchant: async () => ({
    roles: CUSTOMERS,
    run: (await import('../onboarding/apply-as-merchant.js')).applyAsMerchant,
  }),
  reviewApplication: async () => ({
    roles: ['operator'],
    run: (await import('../onboarding/review-application.js')).reviewApplication,
  }),
  connectAccount: async () => ({ roles: ['merchant'], run: (await import('../merchants/connect.js')).connectAccount }),
  inviteMember: async () => ({ roles: ['merchant'], run: (await import('../merchants/members.js')).inviteMember }),
  acceptInvitation: async () => ({
    roles: CUSTOMERS,
    run: (await import('../merchants/members.js')).acceptInvitation,
  }),
  setMemberRole: async () => ({ roles: ['merchant'], run: (await import('../merchants/members.js')).setMemberRole }),
  publishMenu: async () => ({ roles: ['merchant'], run: (await import('../catalog/publish-menu.js')).publishMenu }),
  switchStore: async () => ({ roles: ['merchant'], run: (await import('../catalog/store-settings.js')).switchStore }),
  updateStore: async () => ({ roles: ['merchant'], run: (await import('../catalog/store-settings.js')).updateStore }),
  setSoldOut: async () => ({ roles: ['merchant'], run: (await import('../catalog/store-settings.js')).setSoldOut }),
  setStock: async () => ({ roles: ['merchant'], run: (await import('../catalog/store-settings.js')).setStock }),
  slots: async () => ({ roles: CUSTOMERS, run: (await import('../catalog/slots.js')).slots }),
  saveZone: async () => ({ roles: ['operator'], run: (await import('../operations/configure.js')).saveZone }),
  setSurge: async () => ({ roles: ['operator'], run: (await import('../operations/configure.js')).setSurge }),
  rollBackZone: async () => ({ roles: ['operator'], run: (await import('../operations/configure.js')).rollBackZone }),
  saveFlag: async () => ({ roles: ['operator'], run: (await import('../operations/configure.js')).saveFlag }),
  rollBackFlag: async () => ({ roles: ['operator'], run: (await import('../operations/configure.js')).rollBackFlag }),
  pauseStore: async () => ({ roles: ['operator'], run: (await import('../operations/pause-store.js')).pauseStore }),
  messageParty: async () => ({
    roles: ['operator'],
    run: (await import('../operations/message-party.js')).messageParty,
  }),
  openFile: async () => ({ run: (await import('../media/open-file.js')).openFile }),
  discover: async () => ({ run: (await import('../discovery/discover.js')).discover }),
  reorder: async () => ({ roles: CUSTOMERS, run: (await import('../discovery/reorder.js')).reorder }),
};

/** Whoever has a profile may order, whatever else they do. */
const CUSTOMERS = ['customer', 'merchant', 'courier', 'operator'] as const;
const STAFF = ['merchant', 'courier', 'operator'] as const;
const ANYBODY = ['customer', 'merchant', 'courier', 'operator'] as const;
