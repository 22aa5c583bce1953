/**
 * The shop's data: the same documents on every machine, however often they are made.
 *
 * CommonJS, because mongosh can `require` nothing else; plain integer arithmetic, because `Math.pow` and its
 * kin may differ in the last digit between versions of V8. Money is an integer number of cents
 * (`priceCents`, `totalCents`): sums are exact, `$inc` works, and every driver reads it as a plain number.
 */

const counts = { products: 2000, orders: 50_000, carts: 3000 };

const minute = 60_000;
const day = 24 * 60 * minute;
/** The first order is of this day, the last of the evening of Black Friday, when the shop fell over. */
const firstDay = Date.UTC(2025, 9, 13);
const blackFriday = Date.UTC(2025, 10, 28);
const lastMinute = blackFriday + (20 * 60 + 17) * minute;

/**
 * `share`: how often it is bought, of 100 sales. Phones are where the crowd is; lessons on hot shards need that.
 * `kinds` and `variants` go from cheap to dear.
 */
const categories = [
  {
    name: 'phones',
    code: 'PHO',
    products: 240,
    share: 24,
    cents: [14_900, 134_900],
    brands: ['Norvik', 'Lumen', 'Kaito', 'Orrin'],
    lines: ['Aero', 'Pulse', 'Edge', 'Nova'],
    kinds: ['5', '6', '6 Lite', '7', '7 Pro'],
    variants: ['128 GB, black', '128 GB, white', '256 GB, black', '256 GB, blue', '512 GB, graphite'],
  },
  {
    name: 'laptops',
    code: 'LAP',
    products: 180,
    share: 9,
    cents: [44_900, 249_900],
    brands: ['Halden', 'Corvus', 'Norvik', 'Tessel'],
    lines: ['Book', 'Slate', 'Studio', 'Field'],
    kinds: ['13', '14', '15', '16'],
    variants: ['8 GB / 256 GB', '16 GB / 512 GB', '16 GB / 1 TB', '32 GB / 1 TB'],
  },
  {
    name: 'tablets',
    code: 'TAB',
    products: 120,
    share: 6,
    cents: [12_900, 99_900],
    brands: ['Norvik', 'Kaito', 'Tessel'],
    lines: ['Pad', 'Sketch', 'Folio'],
    kinds: ['8', '10', '11', '12 Pro'],
    variants: ['64 GB', '128 GB', '256 GB', '256 GB, 5G'],
  },
  {
    name: 'audio',
    code: 'AUD',
    products: 220,
    share: 14,
    cents: [1900, 44_900],
    brands: ['Lyra', 'Bassline', 'Orrin', 'Sono'],
    lines: ['Drift', 'Hush', 'Echo', 'Tempo'],
    kinds: ['earbuds', 'headphones', 'speaker', 'soundbar'],
    variants: ['black', 'white', 'sand', 'forest green'],
  },
  {
    name: 'televisions',
    code: 'TEL',
    products: 120,
    share: 5,
    cents: [19_900, 299_900],
    brands: ['Lumen', 'Vistara', 'Kaito'],
    lines: ['View', 'Cinema', 'Frame'],
    kinds: ['LED', 'QLED', 'OLED'],
    variants: ['32 inch', '43 inch', '50 inch', '55 inch', '65 inch', '75 inch'],
  },
  {
    name: 'gaming',
    code: 'GAM',
    products: 180,
    share: 11,
    cents: [1900, 64_900],
    brands: ['Corvus', 'Pixelworks', 'Quark', 'Ember'],
    lines: ['Strike', 'Vortex', 'Nimbus', 'Rogue'],
    kinds: ['controller', 'keyboard', 'mouse', 'headset'],
    variants: ['wired', 'wireless', 'wireless, white', 'tournament edition'],
  },
  {
    name: 'cameras',
    code: 'CAM',
    products: 100,
    share: 3,
    cents: [9900, 219_900],
    brands: ['Optika', 'Vistara', 'Halden'],
    lines: ['Trail', 'Atlas', 'Iris'],
    kinds: ['action camera', 'compact', 'mirrorless'],
    variants: ['body', 'with 18-55 mm', 'with 24-70 mm', 'travel kit'],
  },
  {
    name: 'wearables',
    code: 'WEA',
    products: 140,
    share: 7,
    cents: [3900, 49_900],
    brands: ['Norvik', 'Lyra', 'Stride'],
    lines: ['Loop', 'Track', 'Beat'],
    kinds: ['band', 'watch', 'sport watch', 'kids watch'],
    variants: ['S, black', 'M, black', 'M, rose', 'L, black', 'L, steel'],
  },
  {
    name: 'smart-home',
    code: 'SMA',
    products: 200,
    share: 6,
    cents: [990, 24_900],
    brands: ['Homely', 'Lumen', 'Nestor', 'Brightside'],
    lines: ['Glow', 'Guard', 'Warm', 'Hub'],
    kinds: ['bulb', 'plug', 'thermostat', 'door sensor'],
    variants: ['single', 'pack of 2', 'pack of 4', 'starter kit'],
  },
  {
    name: 'kitchen',
    code: 'KIT',
    products: 200,
    share: 6,
    cents: [1490, 79_900],
    brands: ['Homely', 'Castell', 'Brasa', 'Moulin'],
    lines: ['Classic', 'Daily', 'Chef', 'Compact'],
    kinds: ['kettle', 'toaster', 'blender', 'espresso machine'],
    variants: ['steel', 'black', 'cream', 'red'],
  },
  {
    name: 'accessories',
    code: 'ACC',
    products: 300,
    share: 9,
    cents: [490, 8900],
    brands: ['Tessel', 'Quark', 'Orrin', 'Plain'],
    lines: ['Basic', 'Travel', 'Office', 'Armour', 'Slim'],
    kinds: ['USB-C cable', 'screen protector', 'case', 'charger', 'power bank'],
    variants: ['black', 'white', 'pack of 2', 'pack of 3'],
  },
];

/** `share`: of 100 customers. */
const regions = [
  { name: 'EU', share: 50, countries: ['DE', 'FR', 'ES', 'IT', 'NL', 'PL', 'PT', 'SE', 'BE', 'AT'] },
  { name: 'US', share: 32, countries: ['US'] },
  { name: 'APAC', share: 18, countries: ['JP', 'AU', 'IN', 'SG', 'KR', 'NZ'] },
];

const customerCount = 8000;
const firstNames = (
  'Ada Ahmed Aiko Alba Amara Anton Beatriz Bilal Chen Clara Daan Dina Elif Emil Farah Felix Freya Giulia Hana ' +
  'Hugo Ines Ivan Jana Jonas Kenji Lea Liam Lucia Maja Malik Marta Mateo Mei Milan Nadia Nina Noah Olga Omar ' +
  'Oscar Priya Rafael Rosa Samir Sara Sven Tara Theo Vera Yusuf Zoe'
).split(' ');
const lastNames = (
  'Adeyemi Andersson Bakker Bauer Becker Bianchi Carter Costa Diallo Dubois Fischer Garcia Haddad Hansen Hayashi ' +
  'Iyer Jansen Kaya Keller Khan Kim Kowalski Laurent Lee Lindgren Lopez Marino Martin Mendes Meyer Moreau Mori ' +
  'Nguyen Novak Okafor Olsen Park Patel Petrov Ricci Rossi Santos Sato Schmidt Silva Singh Smith Tanaka Torres ' +
  'Walker Weber Wilson Wong Yilmaz'
).split(' ');

/**
 * Random whole numbers from a seed: Marsaglia's xorshift with 32 bits (shifts 13, 17, 5).
 * `below(n)`: 0 … n-1. `pick(list)`: one of them. `skewed(n)`: as `below`, but small numbers far more often.
 */
function randomFrom(seed) {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  for (let warmUp = 0; warmUp < 16; warmUp++) next();
  const below = (n) => next() % n;
  return {
    below,
    pick: (list) => list[below(list.length)],
    skewed: (n) => Math.floor((below(n) * below(n)) / n),
  };
}

/**
 * One of `entries`, each as often as its `share` says. Here and below, what is done for each order is a loop: mongosh puts
 * functions of its own in the place of an array's `map` and `reduce`, which take four times as long for all orders.
 */
function byShare(random, entries) {
  let all = 0;
  for (const { share } of entries) all += share;
  let left = random.below(all);
  for (const entry of entries) {
    left -= entry.share;
    if (left < 0) return entry;
  }
  throw new Error('the shares do not add up');
}

/** `below(n)` without repeats: the numbers 0 … n-1 in a random order. */
function shuffled(random, n) {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** The `index`th of all ways to combine one entry of each list. */
function combination(index, lists) {
  let rest = index;
  return lists.map((list) => {
    const entry = list[rest % list.length];
    rest = Math.floor(rest / list.length);
    return entry;
  });
}

/** Between the category's two prices: the further down the lists, the dearer. Ends in 90 cents, as shops like it. */
function priceOf(random, { cents, kinds, variants }, kind, variant) {
  const [low, high] = cents;
  const step = Math.floor((high - low) / (kinds.length + variants.length - 1));
  const base = low + step * (kinds.indexOf(kind) + variants.indexOf(variant));
  return Math.floor((base + random.below(step)) / 100) * 100 + 90;
}

/**
 * The catalogue: `{ _id: 'PHO-0001', name, brand, category, priceCents, stock, rating, reviews, active, addedAt }`.
 * `rating` is missing where nobody has rated yet; one product in twelve is no longer sold (`active: false`).
 */
function products() {
  const random = randomFrom(20_251_128);
  const catalogue = [];
  for (const category of categories) {
    const lists = [category.kinds, category.lines, category.brands, category.variants];
    const combinations = lists.reduce((product, list) => product * list.length, 1);
    const chosen = shuffled(random, combinations).slice(0, category.products);
    chosen.forEach((index, position) => {
      const [kind, line, brand, variant] = combination(index, lists);
      const reviews = random.below(10) === 0 ? 0 : 1 + random.skewed(900);
      catalogue.push({
        _id: `${category.code}-${String(position + 1).padStart(4, '0')}`,
        name: `${brand} ${line} ${kind}, ${variant}`,
        brand,
        category: category.name,
        priceCents: priceOf(random, category, kind, variant),
        stock: random.below(12) === 0 ? 0 : random.skewed(400),
        ...(reviews > 0 && { rating: (25 + random.below(26)) / 10 }),
        reviews,
        active: random.below(12) !== 0,
        addedAt: new Date(firstDay - (1 + random.below(900)) * day),
      });
    });
  }
  return catalogue;
}

/** The customers orders and carts refer to; they have no collection of their own. Ids start at 1. */
function customers() {
  const random = randomFrom(8_000_017);
  return Array.from({ length: customerCount }, (_, index) => {
    const region = byShare(random, regions);
    return {
      id: index + 1,
      name: `${random.pick(firstNames)} ${random.pick(lastNames)}`,
      region: region.name,
      country: random.pick(region.countries),
    };
  });
}

/** How busy a day is: it grows a little every week, weekends are better, and then comes Black Friday. */
function dayWeight(at) {
  if (at === blackFriday) return 900;
  const week = Math.floor((at - firstDay) / (7 * day));
  const weekday = new Date(at).getUTCDay();
  return (weekday === 0 || weekday === 6 ? 130 : 90) + 4 * week;
}

/** The moments of all orders, in order. Nights are quiet; on Black Friday nothing comes after the fall. */
function orderTimes(random) {
  const days = [];
  for (let at = firstDay; at <= blackFriday; at += day) days.push({ at, share: dayWeight(at) });
  const times = [];
  while (times.length < counts.orders) {
    const at = byShare(random, days).at + random.below(day);
    const hour = new Date(at).getUTCHours();
    const asleep = hour < 6 && random.below(4) !== 0;
    if (!asleep && at <= lastMinute) times.push(at);
  }
  // mongosh puts functions of its own in the place of an array's `sort`, which need seconds for these.
  return Array.from(Float64Array.from(times).sort());
}

/** The older an order, the further it has come. */
function statusOf(random, createdAt) {
  const age = (lastMinute - createdAt) / day;
  const luck = random.below(100);
  if (luck < 4) return 'cancelled';
  if (age > 10) return luck < 9 ? 'returned' : 'delivered';
  if (age > 4) return luck < 60 ? 'delivered' : 'shipped';
  if (age > 1) return luck < 70 ? 'shipped' : 'paid';
  return luck < 75 ? 'paid' : 'placed';
}

/** One to four lines of a basket, no product twice; popular products far more often than the others. */
function basket(random, shelves, discountPercent) {
  const items = new Map();
  const lines = 1 + random.skewed(4);
  for (let line = 0; line < lines; line++) {
    const shelf = byShare(random, shelves);
    const product = shelf.products[random.skewed(shelf.products.length)];
    items.set(product._id, {
      productId: product._id,
      name: product.name,
      priceCents: Math.floor((product.priceCents * (100 - discountPercent)) / 100),
      quantity: random.below(8) === 0 ? 2 : 1,
    });
  }
  return [...items.values()];
}

function shelvesOf(catalogue) {
  return categories.map(({ name, share }) => ({
    share,
    products: catalogue.filter((product) => product.category === name && product.active),
  }));
}

/**
 * The orders, oldest first: `{ _id: 1, customerId, customerName, region, country, createdAt, status, items,
 * totalCents, payment }`, `_id` being the order's number and `items` a list of
 * `{ productId, name, priceCents, quantity }`.
 */
function orders() {
  const random = randomFrom(50_000_021);
  const shelves = shelvesOf(products());
  const people = customers();
  const made = [];
  for (const createdAt of orderTimes(random)) {
    const customer = people[random.skewed(people.length)];
    const items = basket(random, shelves, createdAt >= blackFriday ? 20 : 0);
    let totalCents = 0;
    for (const item of items) totalCents += item.priceCents * item.quantity;
    made.push({
      _id: made.length + 1,
      customerId: customer.id,
      customerName: customer.name,
      region: customer.region,
      country: customer.country,
      createdAt: new Date(createdAt),
      status: statusOf(random, createdAt),
      items,
      totalCents,
      payment: random.pick(['card', 'card', 'card', 'transfer', 'wallet']),
    });
  }
  return made;
}

/** What lay in the baskets when the shop fell over: `{ _id, customerId, region, items, updatedAt }`. */
function carts() {
  const random = randomFrom(3_000_017);
  const shelves = shelvesOf(products());
  const people = customers();
  return shuffled(random, people.length)
    .slice(0, counts.carts)
    .map((person, index) => ({
      _id: index + 1,
      customerId: people[person].id,
      region: people[person].region,
      items: basket(random, shelves, 20),
      updatedAt: new Date(lastMinute - random.skewed(14 * 24 * 60) * minute),
    }));
}

module.exports = { counts, blackFriday: new Date(blackFriday), products, customers, orders, carts };
