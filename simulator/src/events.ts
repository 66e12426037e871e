import type { Order, OrderEvent } from '../../functions/src/contract/orders.js';

/** What happens in the city, as the terminal and the report want to know it. */
export type CityEvent =
  | { type: 'quoted'; who: string; restaurant: string; totalMinor: number }
  | { type: 'moved'; orderId: string; order: Order; event: OrderEvent }
  | { type: 'ended'; orderId: string; order: Order }
  | { type: 'trouble'; what: string };

export interface Events {
  tell(event: CityEvent): void;
}
