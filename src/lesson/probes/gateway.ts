import type {
  GatewayMiddleware,
  GatewayServer,
  GatewayService,
  GatewayView,
} from '../../lab/observe/snapshot.js';
import { upstreamsOf } from '../../lab/observe/traefik-rawdata.js';
import type { LabView, ShopAnswer, ShopRequest } from '../lab-view.js';

/** The learner's rules. */
const rulesFile = 'gateway/dynamic.yaml';

/** The gateway as it says it is; undefined while it is down or silent. */
export function gatewayOf({ snapshot }: Pick<LabView, 'snapshot'>): GatewayView | undefined {
  const view = snapshot.nodes.find(({ gateway }) => gateway !== undefined)?.gateway;
  return view?.silent ? undefined : view;
}

/** Those that the gateway sends customers to now. */
export function upstreams(lab: Pick<LabView, 'snapshot'>): readonly GatewayServer[] {
  const view = gatewayOf(lab);
  return view ? upstreamsOf(view) : [];
}

/** What keeps Traefik from reading the learner's rules at all: it goes on with the old ones, and says so only in its log. */
export async function rulesFault({ file }: Pick<LabView, 'file'>): Promise<string | undefined> {
  // Here, because every command that lists the lessons loads this module.
  const { parseDocument } = await import('yaml');
  const document = parseDocument(file(rulesFile) ?? '');
  const [fault] = document.errors;
  if (!fault) return undefined;
  const line = fault.linePos?.[0].line;
  return `dynamic.yaml, line ${line}: ${fault.message.split('\n')[0]}`;
}

/** The middlewares that a customer's request passes, in their order. */
export function middlewaresOnTheWay(view: GatewayView): readonly GatewayMiddleware[] {
  const names = view.routers.flatMap(({ middlewares }) => middlewares);
  return names.flatMap((name) => view.middlewares.find((one) => one.name === name) ?? []);
}

/** The services that a router sends customers to directly. */
export function servicesOnTheWay(view: GatewayView): readonly GatewayService[] {
  const names = new Set(view.routers.map(({ service }) => service));
  return view.services.filter(({ name }) => names.has(name));
}

/** Seconds of a time as Traefik writes it: `1m30s`, `500ms`. */
export function secondsOf(time: string): number {
  const units: Readonly<Record<string, number>> = { h: 3_600, m: 60, s: 1, ms: 0.001 };
  let seconds = 0;
  for (const [, amount, unit] of time.matchAll(/([\d.]+)(ms|h|m|s)/g))
    seconds += Number(amount) * (units[unit ?? ''] ?? 0);
  return seconds;
}

/** How many answers each of these gave, by what `of` makes of an answer. */
export function tally(
  answers: readonly ShopAnswer[],
  of: (answer: ShopAnswer) => string,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(of(answer), (counts.get(of(answer)) ?? 0) + 1);
  return counts;
}

/** Which shop answered; `gateway` where none did. */
export function instanceOf({ headers }: ShopAnswer): string {
  return headers['x-shop-instance'] ?? 'gateway';
}

/** The same request so many times through a service, a few at once. */
export async function askTimes(
  lab: Pick<LabView, 'shop'>,
  times: number,
  {
    path = '/live',
    request = {},
    service = 'gateway',
  }: { path?: string; request?: ShopRequest; service?: string } = {},
): Promise<readonly ShopAnswer[]> {
  const answers: ShopAnswer[] = [];
  const atOnce = 10;
  const one = async (): Promise<void> => {
    while (answers.length < times) answers.push(await lab.shop(path, request, service));
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return answers.slice(0, times);
}

/** The seconds of the traffic since the last failure, and how many requests succeeded in them; undefined without traffic. */
export function sinceLastFailure(lab: Pick<LabView, 'traffic'>): { seconds: number; ok: number } | undefined {
  const report = lab.traffic();
  if (report?.state !== 'running') return undefined;
  const last = report.seconds.findLastIndex(({ failed }) => failed > 0);
  const good = report.seconds.slice(last + 1);
  return { seconds: good.length, ok: good.reduce((sum, { ok }) => sum + ok, 0) };
}
