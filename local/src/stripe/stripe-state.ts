import type { Clock } from '../clock.js';
import type { TestCard } from './cards.js';
import type { PayoutFailureCode } from './payout-failures.js';
import { Table } from './table.js';
import type {
  Account,
  BalanceTransaction,
  BankAccount,
  Charge,
  Customer,
  Dispute,
  File,
  EventRecord,
  PaymentIntent,
  PaymentMethod,
  Payout,
  Refund,
  Reversal,
  SetupIntent,
  StripeObject,
  Transfer,
} from './types.js';

/** The API version that version 23 of the stripe package uses. */
export const API_VERSION = '2026-10-28.endive';

export interface Cause {
  id: string | null;
  idempotency_key: string | null;
}

const NO_CAUSE: Cause = { id: null, idempotency_key: null };

/** The state of a stand-in as it is written to a file. */
export interface StripeSnapshot {
  readonly counter: number;
  readonly run: string;
  readonly tables: Readonly<Record<string, readonly StripeObject[]>>;
  readonly cards: readonly (readonly [string, TestCard])[];
  readonly setUpForOffSession: readonly string[];
  /** Absent in snapshots from before connected accounts had balances. */
  readonly owners?: readonly (readonly [string, string])[];
  readonly refusingBanks?: readonly (readonly [string, PayoutFailureCode])[];
}

/** All state of one stand-in. Handlers run without awaiting, so each request sees and leaves a consistent state. */
export class StripeState {
  readonly customers = new Table<Customer>('customer');
  readonly paymentMethods = new Table<PaymentMethod>('payment_method');
  readonly paymentIntents = new Table<PaymentIntent>('payment_intent');
  readonly setupIntents = new Table<SetupIntent>('setup_intent');
  readonly charges = new Table<Charge>('charge');
  readonly refunds = new Table<Refund>('refund');
  readonly disputes = new Table<Dispute>('dispute');
  readonly files = new Table<File>('file');
  readonly accounts = new Table<Account>('account');
  readonly transfers = new Table<Transfer>('transfer');
  readonly reversals = new Table<Reversal>('transfer_reversal');
  readonly bankAccounts = new Table<BankAccount>('bank_account');
  readonly payouts = new Table<Payout>('payout');
  readonly balanceTransactions = new Table<BalanceTransaction>('balance_transaction');
  readonly events = new Table<EventRecord>('event');
  /** The behaviour of the bank for each payment method. */
  readonly cards = new Map<string, TestCard>();
  /** Payment methods that were authenticated for later off-session payments. */
  readonly setUpForOffSession = new Set<string>();
  /** By balance transaction or payout, the connected account that it belongs to; the platform's are absent. */
  readonly owners = new Map<string, string>();
  /** By bank account, the code with which the bank fails each payout. */
  readonly refusingBanks = new Map<string, PayoutFailureCode>();
  /** By PaymentIntent, the function that cancels the timer which ends an uncaptured hold. */
  readonly holdTimers = new Map<string, () => void>();
  /** The current request, for its events. */
  cause: Cause = NO_CAUSE;
  /** The base URL of links to the stand-in's own pages; known once it listens. */
  baseUrl = '';

  private counter = 0;

  /** `run` distinguishes the ids of this run from those of other runs, whose documents may still be stored. */
  constructor(
    readonly clock: Clock,
    private run: string,
    private readonly publish: (event: EventRecord) => void,
  ) {}

  nowSeconds(): number {
    return Math.floor(this.clock.now() / 1000);
  }

  newId(prefix: string): string {
    this.counter += 1;
    return `${prefix}_${this.run}${this.counter.toString(36).padStart(8, '0')}`;
  }

  /** Returns the fields that every new object begins with. */
  stamp<Name extends string>(
    prefix: string,
    object: Name,
  ): { id: string; object: Name; created: number; livemode: false } {
    return { id: this.newId(prefix), object, created: this.nowSeconds(), livemode: false };
  }

  /** Records an event with a snapshot of the object and passes it to the webhooks. */
  emit(type: string, object: StripeObject, account?: string): void {
    const event: EventRecord = {
      ...this.stamp('evt', 'event'),
      ...(account === undefined ? {} : { account }),
      api_version: API_VERSION,
      data: { object: structuredClone(object) },
      pending_webhooks: 0,
      request: this.cause,
      type,
    };
    this.publish(this.events.add(event));
  }

  during<Result>(cause: Cause, work: () => Result): Result {
    this.cause = cause;
    try {
      return work();
    } finally {
      this.cause = NO_CAUSE;
    }
  }

  tables(): Record<string, Table<StripeObject>> {
    const {
      customers,
      paymentMethods,
      paymentIntents,
      setupIntents,
      charges,
      refunds,
      disputes,
      files,
      accounts,
      transfers,
      reversals,
      bankAccounts,
      payouts,
      balanceTransactions,
      events,
    } = this;
    return {
      customers,
      paymentMethods,
      paymentIntents,
      setupIntents,
      charges,
      refunds,
      disputes,
      files,
      accounts,
      transfers,
      reversals,
      bankAccounts,
      payouts,
      balanceTransactions,
      events,
    };
  }

  /** Returns any object by its id, for `expand[]`. */
  find(id: string): StripeObject | undefined {
    for (const table of Object.values(this.tables())) {
      const row = table.find(id);
      if (row) return row;
    }
    return undefined;
  }

  /** Returns the state as JSON, without idempotency keys and pending webhooks. */
  snapshot(): StripeSnapshot {
    return {
      counter: this.counter,
      run: this.run,
      tables: Object.fromEntries(Object.entries(this.tables()).map(([name, table]) => [name, table.all()])),
      cards: [...this.cards],
      setUpForOffSession: [...this.setUpForOffSession],
      owners: [...this.owners],
      refusingBanks: [...this.refusingBanks],
    };
  }

  /** Replaces the state. The caller then has to resume the holds and payouts. */
  restore({ counter, run, tables, cards, setUpForOffSession, owners = [], refusingBanks = [] }: StripeSnapshot): void {
    this.clear();
    [this.counter, this.run] = [counter, run];
    for (const [name, table] of Object.entries(this.tables())) for (const row of tables[name] ?? []) table.add(row);
    for (const [id, card] of cards) this.cards.set(id, card);
    for (const id of setUpForOffSession) this.setUpForOffSession.add(id);
    for (const [id, account] of owners) this.owners.set(id, account);
    for (const [id, code] of refusingBanks) this.refusingBanks.set(id, code);
  }

  clear(): void {
    for (const cancel of this.holdTimers.values()) cancel();
    this.holdTimers.clear();
    this.cards.clear();
    this.setUpForOffSession.clear();
    this.owners.clear();
    this.refusingBanks.clear();
    for (const table of Object.values(this.tables())) table.clear();
  }
}
