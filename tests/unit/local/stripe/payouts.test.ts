import assert from 'node:assert/strict';
import type Stripe from 'stripe';
import { LocalClock } from '#local/clock.js';
import { startStripe } from '#local/stripe/server.js';
import { startReceiver, type Receiver } from '../receiver.js';
import { aHold, clientOf, local, stripeError, stripeFixture, type StripeFixture } from './stripe-fixture.js';

describe('Stripe stand-in: payouts of connected accounts', () => {
  let fixture: StripeFixture;
  let stripe: Stripe;
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
    fixture = await stripeFixture();
    ({ stripe } = fixture);
  });
  afterEach(() => Promise.all([fixture.standIn.close(), receiver.close()]));

  /** An onboarded account with 12.00 EUR in its balance. */
  async function aCourier(amount = 1200): Promise<{ account: string; transfer: string }> {
    const { id: account } = await stripe.accounts.create({
      type: 'express',
      country: 'DE',
      business_type: 'individual',
      capabilities: { transfers: { requested: true } },
      settings: { payouts: { schedule: { interval: 'manual' } } },
    });
    await local(fixture.standIn, `accounts/${account}/onboard`);
    await aHold(stripe, { capture_method: 'automatic' });
    const { id: transfer } = await stripe.transfers.create({ amount, currency: 'eur', destination: account });
    return { account, transfer };
  }

  const payOut = (stripeAccount: string, more: Partial<Stripe.PayoutCreateParams> = {}) =>
    stripe.payouts.create({ amount: 1200, currency: 'eur', ...more }, { stripeAccount });
  const balanceOf = async (stripeAccount: string) =>
    (await stripe.balance.retrieve({}, { stripeAccount })).available.map(({ amount }) => amount);
  const statusOf = async (id: string, stripeAccount: string) =>
    (await stripe.payouts.retrieve(id, {}, { stripeAccount })).status;
  const typesOf = async (stripeAccount: string) =>
    (await stripe.balanceTransactions.list({}, { stripeAccount })).data.map(({ type, net }) => `${type} ${net}`);

  it('pays out of the balance that a transfer filled: pending, in transit, paid', async () => {
    const { account } = await aCourier();
    const platform = (await stripe.balance.retrieve()).available[0]?.amount;
    const payout = await payOut(account, { metadata: { payoutId: 'p1' } });
    assert.deepEqual(
      [payout.status, payout.method, payout.automatic, payout.metadata?.['payoutId'], payout.failure_code],
      ['pending', 'standard', false, 'p1', null],
    );
    fixture.clock.advance(5_000);
    assert.equal(await statusOf(payout.id, account), 'in_transit');
    fixture.clock.advance(5_000);
    assert.equal(await statusOf(payout.id, account), 'paid');
    assert.equal(payout.arrival_date, payout.created + 10);
    assert.deepEqual(await typesOf(account), ['payout -1200', 'payment 1200']);
    assert.deepEqual(await balanceOf(account), [0]);
    assert.equal((await stripe.balance.retrieve()).available[0]?.amount, platform);
  });

  it('stores the schedule of an account and shows its bank account once it is onboarded', async () => {
    const { account } = await aCourier();
    const { settings, business_type: type } = await stripe.accounts.retrieve(account);
    assert.deepEqual([settings?.payouts?.schedule.interval, type], ['manual', 'individual']);
    const { data } = await stripe.accounts.listExternalAccounts(account, { object: 'bank_account' });
    assert.deepEqual(
      data.map(({ object, available_payout_methods: methods }) => [object, methods]),
      [['bank_account', ['standard', 'instant']]],
    );
    const { id } = await stripe.accounts.create({ type: 'express' });
    assert.equal((await stripe.accounts.retrieve(id)).settings?.payouts?.schedule.interval, 'daily');
    assert.deepEqual((await stripe.accounts.listExternalAccounts(id)).data, []);
  });

  it('refuses a cent more than the balance, in its currency', async () => {
    const { account } = await aCourier();
    for (const more of [{ amount: 1201 }, { currency: 'usd' }]) {
      const error = await stripeError(payOut(account, more));
      assert.deepEqual([error.statusCode, error.code], [400, 'balance_insufficient']);
    }
    assert.equal((await payOut(account)).amount, 1200);
  });

  it('refuses payouts of an account whose payouts are paused', async () => {
    const { account } = await aCourier();
    await local(fixture.standIn, `accounts/${account}/payouts`, { enabled: false });
    assert.equal((await stripeError(payOut(account))).code, 'payouts_not_allowed');
    await local(fixture.standIn, `accounts/${account}/payouts`, { enabled: true });
    assert.equal((await payOut(account)).status, 'pending');
  });

  it('pays out instantly where the bank accepts it, and refuses it otherwise', async () => {
    const { account } = await aCourier();
    await local(fixture.standIn, `accounts/${account}/bank`, { instant: false });
    assert.equal((await stripeError(payOut(account, { method: 'instant' }))).code, 'instant_payouts_unsupported');
    await local(fixture.standIn, `accounts/${account}/bank`, { instant: true });
    const { id, method, balance_transaction: entry } = await payOut(account, { method: 'instant' });
    fixture.clock.advance(5_000);
    assert.deepEqual([method, await statusOf(id, account)], ['instant', 'paid']);
    const { fee } = await stripe.balanceTransactions.retrieve(String(entry), {}, { stripeAccount: account });
    assert.equal(fee, 0);
  });

  it('fails a payout under way and returns its money to the balance', async () => {
    const { account } = await aCourier();
    const { id } = await payOut(account);
    await local(fixture.standIn, `payouts/${id}/fail`, { failureCode: 'no_account' });
    const payout = await stripe.payouts.retrieve(id, {}, { stripeAccount: account });
    assert.deepEqual([payout.status, payout.failure_code], ['failed', 'no_account']);
    const entry = String(payout.failure_balance_transaction);
    const returned = await stripe.balanceTransactions.retrieve(entry, {}, { stripeAccount: account });
    assert.deepEqual([returned.type, returned.net, returned.source], ['payout_failure', 1200, id]);
    assert.deepEqual(await balanceOf(account), [1200]);
    const [bank] = (await stripe.accounts.listExternalAccounts(account)).data;
    assert.equal(bank?.object === 'bank_account' && bank.status, 'errored');
    fixture.clock.advance(10_000);
    assert.equal(await statusOf(id, account), 'failed');
  });

  it('returns a payout days after it was paid, and none before', async () => {
    const { account } = await aCourier();
    const { id } = await payOut(account);
    assert.equal((await local(fixture.standIn, `payouts/${id}/return`)).status, 400);
    await local(fixture.standIn, `payouts/${id}/pay`);
    assert.equal((await local(fixture.standIn, `payouts/${id}/fail`)).status, 400);
    fixture.clock.advance(3 * 24 * 3_600_000);
    assert.equal((await local(fixture.standIn, `payouts/${id}/return`)).status, 200);
    const payout = await stripe.payouts.retrieve(id, {}, { stripeAccount: account });
    assert.deepEqual([payout.status, payout.failure_code], ['failed', 'account_closed']);
    assert.deepEqual(await balanceOf(account), [1200]);
  });

  it('fails each payout to a bank that refuses them, and pays to the next bank', async () => {
    const { account } = await aCourier();
    await local(fixture.standIn, `accounts/${account}/bank`, { failureCode: 'invalid_account_number' });
    const first = await payOut(account);
    fixture.clock.advance(10_000);
    assert.equal(await statusOf(first.id, account), 'failed');
    await local(fixture.standIn, `accounts/${account}/bank`);
    const second = await payOut(account);
    fixture.clock.advance(10_000);
    assert.equal(await statusOf(second.id, account), 'paid');
  });

  it('cancels a pending payout only', async () => {
    const { account } = await aCourier();
    const cancel = (id: string) => stripe.payouts.cancel(id, {}, { stripeAccount: account });
    const first = await payOut(account);
    const canceled = await cancel(first.id);
    assert.equal(canceled.status, 'canceled');
    assert.deepEqual((await typesOf(account))[0], 'payout_cancel 1200');
    const second = await payOut(account);
    fixture.clock.advance(5_000);
    assert.equal((await stripeError(cancel(second.id))).statusCode, 400);
  });

  it('reverses a transfer while its money is in the account, and no longer once it is paid out', async () => {
    const { account, transfer } = await aCourier();
    const { id } = await payOut(account);
    assert.equal((await stripeError(stripe.transfers.createReversal(transfer))).code, 'balance_insufficient');
    await local(fixture.standIn, `payouts/${id}/fail`);
    assert.equal((await stripe.transfers.createReversal(transfer)).amount, 1200);
    assert.deepEqual(await balanceOf(account), [0]);
    assert.equal((await typesOf(account))[0], 'payment_refund -1200');
  });

  it('keeps the payouts and balances of accounts apart', async () => {
    const [{ account: omar }, { account: cora }] = [await aCourier(), await aCourier(500)];
    const { id } = await payOut(omar);
    const idsOf = async (options?: Stripe.RequestOptions) =>
      (await stripe.payouts.list({}, options)).data.map((payout) => payout.id);
    assert.deepEqual(
      [await idsOf({ stripeAccount: omar }), await idsOf({ stripeAccount: cora }), await idsOf()],
      [[id], [], []],
    );
    const { statusCode } = await stripeError(stripe.payouts.retrieve(id, {}, { stripeAccount: cora }));
    assert.equal(statusCode, 404);
    assert.deepEqual([await balanceOf(omar), await balanceOf(cora)], [[0], [500]]);
    const platform = await stripe.balanceTransactions.list();
    assert.deepEqual(
      platform.data.filter(({ type }) => type === 'payout' || type === 'payment'),
      [],
    );
  });

  it('lists payouts by status', async () => {
    const { account: stripeAccount } = await aCourier();
    const [first, second] = [
      await payOut(stripeAccount, { amount: 300 }),
      await payOut(stripeAccount, { amount: 400 }),
    ];
    await local(fixture.standIn, `payouts/${first.id}/pay`);
    const idsOf = async (status: string) =>
      (await stripe.payouts.list({ status }, { stripeAccount })).data.map(({ id }) => id);
    assert.deepEqual([await idsOf('paid'), await idsOf('pending')], [[first.id], [second.id]]);
  });

  it('pays the platform’s own balance out, up to what is in it', async () => {
    await aHold(stripe, { capture_method: 'automatic' });
    const create = (amount: number) => stripe.payouts.create({ amount, currency: 'eur' });
    assert.equal((await stripeError(create(2438))).code, 'balance_insufficient');
    const { id } = await create(2437);
    fixture.clock.advance(10_000);
    assert.equal((await stripe.payouts.retrieve(id)).status, 'paid');
    assert.equal((await stripe.balance.retrieve()).available[0]?.amount, 0);
  });

  it('refuses an unknown account, and the header where it has no meaning to the stand-in', async () => {
    const { account } = await aCourier();
    const unknown = await stripeError(payOut('acct_none'));
    assert.deepEqual([unknown.statusCode, unknown.code], [403, 'account_invalid']);
    const { statusCode } = await stripeError(stripe.customers.create({}, { stripeAccount: account }));
    assert.equal(statusCode, 400);
  });

  it('keeps idempotency keys of accounts apart', async () => {
    const [{ account: omar }, { account: cora }] = [await aCourier(), await aCourier()];
    const once = (stripeAccount: string) =>
      stripe.payouts.create({ amount: 100, currency: 'eur' }, { stripeAccount, idempotencyKey: 'p1' });
    const [first, repeated, other] = [await once(omar), await once(omar), await once(cora)];
    assert.equal(repeated.id, first.id);
    assert.notEqual(other.id, first.id);
  });

  it('names the account in the events of its payouts', async () => {
    const enabledEvents = ['payout.paid', 'payout.failed'];
    await local(fixture.standIn, 'webhook_endpoints', { url: receiver.url, secret: 'whsec_test', enabledEvents });
    const { account } = await aCourier();
    const { id } = await payOut(account);
    await local(fixture.standIn, `payouts/${id}/pay`);
    await local(fixture.standIn, `payouts/${id}/return`);
    fixture.clock.advance(0);
    await fixture.standIn.webhooks.idle();
    const events = receiver.received.map(({ body, headers }) =>
      stripe.webhooks.constructEvent(body, String(headers['stripe-signature']), 'whsec_test'),
    );
    assert.deepEqual(events.map((event) => [event.type, event.account]).sort(), [
      ['payout.failed', account],
      ['payout.paid', account],
    ]);
    const [paid] = events.filter((event) => event.type === 'payout.paid');
    assert.deepEqual(paid?.type === 'payout.paid' && [paid.data.object.id, paid.data.object.status], [id, 'paid']);
  });

  it('continues payouts, banks and balances after a restart', async () => {
    const { account } = await aCourier();
    const { id } = await payOut(account, { amount: 700 });
    await local(fixture.standIn, `accounts/${account}/bank`, { failureCode: 'account_frozen' });
    const refused = await payOut(account, { amount: 300 });
    const snapshot = JSON.parse(JSON.stringify(fixture.standIn.snapshot()));
    const clock = new LocalClock(0, fixture.clock.now());
    const second = await startStripe({ clock });
    second.restore(snapshot);
    clock.advance(10_000);
    stripe = clientOf(second, 'sk_test_local');
    assert.deepEqual(
      [await statusOf(id, account), await statusOf(refused.id, account), await balanceOf(account)],
      ['paid', 'failed', [500]],
    );
    await second.close();
  });
});
