import { type Step, write } from '../../src/lesson/lesson.js';

/** What the learner's `gateway/dynamic.yaml` is made of: the parts that differ from lesson to lesson. */
interface Rules {
  /** Who takes a customer on. */
  readonly service?: string;
  /** Middlewares on his way, in their order. */
  readonly through?: readonly string[];
  /** Below `middlewares:`, indented by four. */
  readonly middlewares?: string;
  /** Below `services:`, indented by four. */
  readonly services?: string;
}

/** A static list of shops, by name. @param more below `loadBalancer:`, indented by eight */
export function shops(urls: readonly string[], { name = 'shop', more = '' } = {}): string {
  return `    ${name}:
      loadBalancer:
${more}        servers:
${urls.map((url) => `          - url: ${url}`).join('\n')}
`;
}

/** The address of a shop as the gateway reaches it. */
export function at(service: string): string {
  return `http://{{peer ${service}}}`;
}

/** Its patience is longer than a busy machine keeps a living shop from answering; a dead one refuses at once. */
export const healthCheck = `        healthCheck:
          path: /live
          interval: 1s
          timeout: 5s
`;

export function rules({ service = 'shop', through = [], middlewares = '', services = '' }: Rules): string {
  const way = through.length > 0 ? `      middlewares: [${through.join(', ')}]\n` : '';
  return `http:
  routers:
    shop:
      rule: PathPrefix(\`/\`)
      entryPoints: [web]
${way}      service: ${service}
${middlewares === '' ? '' : `\n  middlewares:\n${middlewares}`}${services === '' ? '' : `\n  services:\n${services}`}`;
}

export function save(parts: Rules): Step {
  return write('gateway/dynamic.yaml', rules(parts));
}

/** What the shops' registration file says. */
export function registration({ register = true, ttl = 10, heartbeat = 3, path = '/live' } = {}): Step {
  const settings = { register, ttlSeconds: ttl, heartbeatSeconds: heartbeat, healthPath: path };
  return write('shop/registration.json', `${JSON.stringify(settings, undefined, 2)}\n`);
}
