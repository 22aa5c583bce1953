import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';

interface Item {
  productId: string;
  name: string;
  priceCents: number;
  quantity: number;
}
interface Product {
  _id: string;
  name: string;
  priceCents: number;
  active: boolean;
  rating?: number;
}
interface Order {
  _id: number;
  customerId: number;
  region: string;
  createdAt: Date;
  items: Item[];
  totalCents: number;
}
interface ShopData {
  counts: { products: number; orders: number; carts: number };
  blackFriday: Date;
  products(): Product[];
  orders(): Order[];
  carts(): { _id: number; items: Item[] }[];
}

const data = createRequire(import.meta.url)('../../assets/shop/shop-data.cjs') as ShopData;

function sha256(documents: unknown): string {
  return createHash('sha256').update(JSON.stringify(documents)).digest('hex');
}

describe('the shop data', () => {
  let products: Product[];
  let orders: Order[];
  let carts: { _id: number; items: Item[] }[];

  beforeAll(() => {
    products = data.products();
    orders = data.orders();
    carts = data.carts();
  });

  // Lessons quote single documents and totals: whoever changes the data has to read the lessons again.
  it('is the same on every machine', () => {
    expect({ products: sha256(products), orders: sha256(orders), carts: sha256(carts) }).toEqual({
      products: '3d64409951303916fd3c72681b89af31b859a219e8ae5eb2667af8f9556e9964',
      orders: '39a227d1002e0d02bd76f5ba371fe96da40ec6f79d0321ce17815d6f6bd91d21',
      carts: 'b615f8017ae465d45bea88fe03f5a194fa4624a81f49226a044e28916a716c65',
    });
  });

  it('is the same each time it is made', () => {
    expect(sha256(data.orders())).toBe(sha256(orders));
  });

  it('has as many documents as it says', () => {
    const { counts } = data;
    expect({ products: products.length, orders: orders.length, carts: carts.length }).toEqual(counts);
  });

  it('names no product twice', () => {
    expect(new Set(products.map((product) => product.name)).size).toBe(products.length);
  });

  it('numbers the orders in the order of time, from 1', () => {
    const outOfPlace = orders.filter((order, index) => {
      const before = orders[index - 1];
      return order._id !== index + 1 || (before !== undefined && before.createdAt > order.createdAt);
    });
    expect(outOfPlace).toEqual([]);
  });

  it('keeps money in whole cents, and totals that add up', () => {
    const wrong = orders.filter((order) => {
      const sum = order.items.reduce((total, item) => total + item.priceCents * item.quantity, 0);
      return sum !== order.totalCents || !Number.isSafeInteger(sum) || sum <= 0;
    });
    expect(wrong).toEqual([]);
    expect(products.filter((product) => !Number.isSafeInteger(product.priceCents))).toEqual([]);
  });

  it('sells only what is in the catalogue and on sale', () => {
    const onSale = new Set(products.filter((product) => product.active).map((product) => product._id));
    const items = [...orders, ...carts].flatMap((basket) => basket.items);
    expect(items.filter((item) => !onSale.has(item.productId))).toEqual([]);
  });

  it('leaves every kind of document in every region, and the European half the largest', () => {
    const share = (region: string) =>
      orders.filter((order) => order.region === region).length / orders.length;
    expect(share('EU')).toBeGreaterThan(share('US'));
    expect(share('US')).toBeGreaterThan(share('APAC'));
    expect(share('APAC')).toBeGreaterThan(0.1);
  });

  it('sells on Black Friday more than five times what a day before it sold', () => {
    const since = (from: number, to: number) =>
      orders.filter((order) => order.createdAt.getTime() >= from && order.createdAt.getTime() < to).length;
    const blackFriday = data.blackFriday.getTime();
    const day = 24 * 60 * 60_000;
    expect(since(blackFriday, Infinity)).toBeGreaterThan(5 * since(blackFriday - day, blackFriday));
  });
});
