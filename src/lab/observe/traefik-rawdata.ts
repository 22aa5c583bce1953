import type { Stack } from '../compose/service.js';
import type {
  GatewayMiddleware,
  GatewayRouter,
  GatewayServer,
  GatewayService,
  GatewayView,
} from './snapshot.js';

/** What of Traefik's `/api/rawdata` the course reads. */
export interface RawData {
  readonly routers?: Readonly<Record<string, RawRouter>>;
  readonly services?: Readonly<Record<string, RawService>>;
  readonly middlewares?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface RawRouter {
  readonly rule?: string;
  readonly service?: string;
  readonly middlewares?: readonly string[];
  readonly error?: readonly string[];
}

interface RawService {
  readonly loadBalancer?: {
    readonly servers?: readonly { readonly url: string }[];
    readonly healthCheck?: { readonly path?: string; readonly interval?: string };
  };
  readonly weighted?: { readonly services?: readonly { readonly name: string; readonly weight?: number }[] };
  readonly serverStatus?: Readonly<Record<string, string>>;
}

/** A gateway's rules and upstreams in the course's terms; what Traefik has of its own is left out. */
export function parseRawData({ routers, services, middlewares }: RawData, stack: Stack): GatewayView {
  const own = <T>(all: Readonly<Record<string, T>> = {}): [string, T][] =>
    Object.entries(all)
      .filter(([name]) => !name.endsWith('@internal'))
      .sort(([one], [other]) => one.localeCompare(other));
  return {
    routers: own(routers).map(([name, raw]) => routerOf(name, raw)),
    services: own(services).map(([name, raw]) => serviceOf(name, raw, stack)),
    middlewares: own(middlewares).flatMap(([name, raw]) => middlewareOf(name, raw)),
  };
}

function routerOf(
  name: string,
  { rule = '', service = '', middlewares = [], error = [] }: RawRouter,
): GatewayRouter {
  const provider = name.split('@')[1] ?? '';
  const full = (short: string): string => (short.includes('@') ? short : `${short}@${provider}`);
  return {
    name,
    rule,
    service: full(service),
    middlewares: middlewares.map(full),
    ...(error.length > 0 ? { error: error.join('; ') } : {}),
  };
}

function serviceOf(
  name: string,
  { loadBalancer, weighted, serverStatus }: RawService,
  stack: Stack,
): GatewayService {
  const provider = name.split('@')[1] ?? '';
  const { path, interval } = loadBalancer?.healthCheck ?? {};
  return {
    name,
    servers: (loadBalancer?.servers ?? []).map(({ url }) => ({
      url,
      service: serviceAt(url, stack),
      up: serverStatus?.[url] !== 'DOWN',
    })),
    ...(path === undefined ? {} : { healthCheck: { path, interval: interval ?? '' } }),
    ...(weighted?.services === undefined
      ? {}
      : {
          weights: weighted.services.map((one) => ({
            service: one.name.includes('@') ? one.name : `${one.name}@${provider}`,
            weight: one.weight ?? 1,
          })),
        }),
  };
}

function middlewareOf(name: string, raw: Readonly<Record<string, unknown>>): readonly GatewayMiddleware[] {
  const { status: _, usedBy: __, error, ...types } = raw;
  const [type, settings] = Object.entries(types)[0] ?? [];
  if (type === undefined) return [];
  return [
    {
      name,
      type,
      settings: (settings ?? {}) as GatewayMiddleware['settings'],
      ...(error ? { error: String(error) } : {}),
    },
  ];
}

/** The service that a server's address belongs to; ports are unique in a stack, names differ by runtime. */
function serviceAt(url: string, { services }: Stack): string | undefined {
  const port = Number(/:(\d+)\/?$/.exec(url)?.[1]);
  return services.find(({ ports }) => ports.includes(port))?.name;
}

/** The servers that customers are sent to now: of every service that a router names, weighted ones taken apart. */
export function upstreamsOf({
  routers,
  services,
}: Pick<GatewayView, 'routers' | 'services'>): readonly GatewayServer[] {
  const reached = new Set<string>();
  const reach = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const { service, weight } of services.find((one) => one.name === name)?.weights ?? []) {
      if (weight > 0) reach(service);
    }
  };
  for (const { service } of routers) reach(service);
  const servers = services.filter(({ name }) => reached.has(name)).flatMap((service) => service.servers);
  return [...new Map(servers.map((server) => [server.url, server])).values()];
}
