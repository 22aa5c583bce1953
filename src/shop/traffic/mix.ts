import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../../package.js';
import type { WriteConcern } from './report.js';

/** What a customer does. */
export type Visit =
  | { readonly kind: 'list' }
  | { readonly kind: 'product'; readonly product: string }
  | { readonly kind: 'order'; readonly order: NewOrder }
  /** He looks again at an order of his that was acknowledged. */
  | { readonly kind: 'again'; readonly order: string };

/** An order as it is sent to the shop. */
export interface NewOrder {
  /** Made here, so that it can be looked for, whatever became of the answer. */
  readonly id: string;
  readonly customerId: number;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  readonly w: WriteConcern;
}

interface MixOptions {
  /** How many of 100 requests are orders. */
  readonly orders: number;
  readonly w: WriteConcern | 'both';
  /** Begins the id of each order. */
  readonly run: string;
  readonly products: readonly string[];
  /** From 0 to less than 1. */
  readonly random: () => number;
  /** An order that can be looked at again. */
  readonly acknowledged: () => string | undefined;
}

/** Of requests that are no orders: most look at one product, some at the list, some at an order again. */
const shares = { product: 0.6, list: 0.25 };
/** The customers of the shop's data; their number is the shard key that the course teaches. */
const customers = 8_000;

/** What the next customer does, of a mix as a shop has it. */
export function createMix({ orders, w, run, products, random, acknowledged }: MixOptions): () => Visit {
  let ordered = 0;
  let due = 0;
  const product = (): string => products[Math.floor(random() * products.length)] ?? '';
  const newOrder = (): NewOrder => {
    ordered += 1;
    const lines = 1 + Math.floor(random() * 3);
    return {
      id: `${run}-${ordered}`,
      customerId: 1 + Math.floor(random() * customers),
      items: Array.from({ length: lines }, () => ({
        productId: product(),
        quantity: 1 + Math.floor(random() * 2),
      })),
      w: w === 'both' ? (ordered % 2 === 0 ? 1 : 'majority') : w,
    };
  };
  return () => {
    // Evenly, not by chance: a rate of orders that was asked for is kept in each second.
    due += orders / 100;
    if (due >= 1 - 1e-9) {
      due -= 1;
      return { kind: 'order', order: newOrder() };
    }
    const chance = random();
    if (chance < shares.product) return { kind: 'product', product: product() };
    const order = chance < shares.product + shares.list ? undefined : acknowledged();
    return order === undefined ? { kind: 'list' } : { kind: 'again', order };
  };
}

/** The ids of the products that the course loads. */
export function productIds(): readonly string[] {
  const data = createRequire(import.meta.url)(join(packageRoot, 'assets', 'shop', 'shop-data.cjs'));
  return (data.products() as readonly { _id: string; active: boolean }[])
    .filter(({ active }) => active)
    .map(({ _id }) => _id);
}
