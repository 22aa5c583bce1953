import { usageProblem } from '../../problem.js';
import type { TrafficReport } from './report.js';

/** What the traffic is to be like; what is left out is as `traffic start` has it. */
export interface TrafficOptions {
  /** Requests per second; default 50. */
  readonly rate?: number | undefined;
  /** When it ends by itself; default 30. */
  readonly minutes?: number | undefined;
  /** Of its orders; default `majority`. `both`: by turns. */
  readonly w?: TrafficReport['w'] | undefined;
  /** How many of 100 requests are orders; default 30. */
  readonly orders?: number | undefined;
}

/** `TrafficOptions` with nothing left out. */
export type TrafficSettings = { readonly [Key in keyof TrafficOptions]-?: NonNullable<TrafficOptions[Key]> };

/** What `traffic start` does by itself. */
export const defaults: TrafficSettings = { rate: 50, minutes: 30, w: 'majority', orders: 30 };

/** One process on a learner's machine sends these without being late, and the shop's servers share that machine. */
const highestRate = 1_000;
const mostMinutes = 240;
/** Each acknowledged order is remembered until the end: so many fit into memory with room to spare. */
const mostRequests = 2_000_000;

/** Fills in what was left out. Throws `absurd-traffic` with what to ask for instead. */
export function trafficSettings(options: TrafficOptions = {}): TrafficSettings {
  const {
    rate = defaults.rate,
    minutes = defaults.minutes,
    w = defaults.w,
    orders = defaults.orders,
  } = options;
  if (!(rate > 0 && rate <= highestRate)) {
    throw absurd(
      `${rate} requests a second is not what this traffic can be.`,
      `Choose more than 0 and at most ${highestRate}: generator, shop and databases share one machine, and beyond that it would measure itself. The shop feels 50 already, once something fails.`,
    );
  }
  if (!(minutes > 0 && minutes <= mostMinutes)) {
    throw absurd(
      `${minutes} minutes is not how long traffic can last.`,
      `Choose more than 0 and at most ${mostMinutes}.`,
    );
  }
  if (!(orders >= 0 && orders <= 100)) {
    throw absurd(`${orders} of 100 requests cannot be orders.`, 'Choose from 0 to 100.');
  }
  const requests = rate * minutes * 60;
  if (requests > mostRequests) {
    throw absurd(
      `${rate} requests a second for ${minutes} minutes are ${requests.toLocaleString('en')} requests, more than the traffic can remember the orders of.`,
      `At this rate, choose at most ${Math.floor(mostRequests / rate / 60)} minutes.`,
    );
  }
  return { rate, minutes, w, orders };
}

function absurd(message: string, remedy: string): Error {
  return usageProblem('absurd-traffic', message, remedy);
}
