/** The behaviour of a test card's bank. */
export interface TestCard {
  readonly number: string;
  readonly brand: string;
  readonly funding: 'credit' | 'debit' | 'prepaid';
  readonly country: string;
  /** Declines every charge; with `onAttach` already when the card is saved to a customer. */
  readonly decline?: Decline & { readonly onAttach: boolean };
  /** When the bank requires 3-D Secure. On-session payments with such a card always require it. */
  readonly authentication?: 'always' | 'already_set_up' | 'unless_set_up';
  readonly disputeReason?: 'fraudulent' | 'product_not_received';
  readonly refund?: 'fails_later' | 'pending';
}

export interface Decline {
  readonly code: string;
  readonly declineCode: string;
  readonly message: string;
}

type Behaviour = Omit<TestCard, 'brand' | 'country' | 'funding' | 'number'>;

const DECLINED = 'Your card was declined.';

/** Test cards by PaymentMethod token without `pm_card_`. Source: docs.stripe.com/testing. */
const CARDS: Readonly<Record<string, TestCard>> = {
  visa: card('4242424242424242'),
  visa_debit: { ...card('4000056655665556'), funding: 'debit' },
  mastercard: { ...card('5555555555554444'), brand: 'mastercard' },
  mastercard_debit: { ...card('5200828282828210'), brand: 'mastercard', funding: 'debit' },
  mastercard_prepaid: { ...card('5105105105105100'), brand: 'mastercard', funding: 'prepaid' },
  amex: { ...card('378282246310005'), brand: 'amex' },
  discover: { ...card('6011111111111117'), brand: 'discover' },
  de: { ...card('4000002760000016'), country: 'DE' },
  gb: { ...card('4000008260000000'), country: 'GB' },
  chargeDeclined: declined('4000000000000002', 'card_declined', 'generic_decline', DECLINED),
  chargeDeclinedInsufficientFunds: declined(
    '4000000000009995',
    'card_declined',
    'insufficient_funds',
    'Your card has insufficient funds.',
  ),
  chargeDeclinedLostCard: declined('4000000000009987', 'card_declined', 'lost_card', DECLINED),
  chargeDeclinedStolenCard: declined('4000000000009979', 'card_declined', 'stolen_card', DECLINED),
  chargeDeclinedVelocityLimitExceeded: declined(
    '4000000000006975',
    'card_declined',
    'card_velocity_exceeded',
    DECLINED,
  ),
  chargeDeclinedExpiredCard: declined('4000000000000069', 'expired_card', 'expired_card', 'Your card has expired.'),
  chargeDeclinedIncorrectCvc: declined(
    '4000000000000127',
    'incorrect_cvc',
    'incorrect_cvc',
    "Your card's security code is incorrect.",
  ),
  chargeDeclinedProcessingError: declined(
    '4000000000000119',
    'processing_error',
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
  ),
  chargeCustomerFail: declinedAfterSaving('4000000000000341', {}),
  threeDSecure2Required: card('4000000000003220', { authentication: 'always' }),
  threeDSecureRequiredChargeDeclined: declinedAfterSaving('4000008400001629', { authentication: 'always' }),
  threeDSecureOptional: card('4000000000003055'),
  authenticationRequiredOnSetup: card('4000002500003155', { authentication: 'unless_set_up' }),
  authenticationRequired: card('4000002760003184', { authentication: 'always' }),
  authenticationRequiredSetupForOffSession: card('4000003800000446', { authentication: 'already_set_up' }),
  authenticationRequiredChargeDeclinedInsufficientFunds: card('4000008260003178', {
    authentication: 'always',
    decline: {
      code: 'card_declined',
      declineCode: 'insufficient_funds',
      message: 'Your card has insufficient funds.',
      onAttach: false,
    },
  }),
  createDispute: card('4000000000000259', { disputeReason: 'fraudulent' }),
  createDisputeProductNotReceived: card('4000000000002685', { disputeReason: 'product_not_received' }),
  pendingRefund: card('4000000000007726', { refund: 'pending' }),
  refundFail: card('4000000000005126', { refund: 'fails_later' }),
  bypassPending: card('4000000000000077'),
};

/**
 * Finds a card by a token such as `pm_card_visa` or `tok_visa`; `pm_card_visa_chargeDeclined…` is Stripe's newer
 * spelling.
 */
export function cardByToken(token: string): TestCard | undefined {
  const name = /^(?:pm_card|tok)_(\w+)$/.exec(token)?.[1]?.replace(/^visa_(?=chargeDeclined)/, '');
  return name !== undefined && Object.hasOwn(CARDS, name) ? CARDS[name] : undefined;
}

export function cardByNumber(number: string): TestCard | undefined {
  return Object.values(CARDS).find((candidate) => candidate.number === number);
}

/** Checks the check digit, which every real card number satisfies. */
export function passesLuhn(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const value = index % 2 === 0 ? Number(digit) : Number(digit) * 2;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function card(number: string, behaviour: Behaviour = {}): TestCard {
  return { number, brand: 'visa', funding: 'credit', country: 'US', ...behaviour };
}

function declined(number: string, code: string, declineCode: string, message: string): TestCard {
  return card(number, { decline: { code, declineCode, message, onAttach: true } });
}

function declinedAfterSaving(number: string, behaviour: Behaviour): TestCard {
  return card(number, {
    ...behaviour,
    decline: { code: 'card_declined', declineCode: 'generic_decline', message: DECLINED, onAttach: false },
  });
}
