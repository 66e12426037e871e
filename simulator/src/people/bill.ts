import type { ReadBillsOutputBillCustomer } from '../../../clients/typescript/src/index.js';
import type { App } from './app.js';

/** Reads what the customer pays for an order. */
export async function readOwnBill(app: App, orderId: string): Promise<ReadBillsOutputBillCustomer> {
  const { bills } = await app.call('readBills', { orderIds: [orderId] });
  const bill = bills.find((one) => one.party === 'customer');
  if (bill?.party !== 'customer') throw new Error(`no bill of ${orderId} for its customer`);
  return bill;
}
