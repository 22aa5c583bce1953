import * as z from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const strings = z.array(scalar);

/** The long form of a port, as the short one. */
const longPort = z
  .strictObject({
    target: scalar,
    published: scalar.optional(),
    host_ip: z.string().optional(),
    protocol: z.literal('tcp').optional(),
    mode: z.enum(['host', 'ingress']).optional(),
    name: z.string().optional(),
  })
  .transform(({ host_ip, published, target }) => [host_ip, published, target].filter(Boolean).join(':'));

/** The long form of a mount, as the short one. */
const longMount = z
  .strictObject({
    type: z.enum(['volume', 'bind']),
    source: z.string(),
    target: z.string(),
    read_only: z.boolean().default(false),
  })
  .transform(({ type, source, target, read_only }) => {
    const from = type === 'bind' && !/^([./]|[A-Za-z]:[\\/])/.test(source) ? `./${source}` : source;
    return `${from}:${target}${read_only ? ':ro' : ''}`;
  });

/** The keys of a service that both runtimes can honour; any other key is refused rather than ignored. */
const serviceSchema = z.strictObject({
  image: z.string(),
  command: z.union([z.string(), strings]),
  ports: z.array(z.union([scalar, longPort])),
  volumes: z.array(z.union([scalar, longMount])).default([]),
  environment: z.union([strings, z.record(z.string(), z.union([scalar, z.null()]))]).default({}),
  depends_on: z
    .union([strings, z.record(z.string(), z.strictObject({ condition: z.string().optional() }))])
    .default([]),
  healthcheck: z.record(z.string(), z.unknown()).optional(),
  labels: z.union([strings, z.record(z.string(), scalar)]).optional(),
});

/** The top of a compose file. Extension keys (`x-…`) are removed before. */
export const composeSchema = z.strictObject({
  name: z.string(),
  services: z.record(z.string().regex(/^[a-z][a-z0-9]*$/), serviceSchema),
  volumes: z.record(z.string(), z.union([z.null(), z.strictObject({})])).default({}),
});

export type ComposeContent = z.infer<typeof composeSchema>;
export type ComposeService = z.infer<typeof serviceSchema>;

/** Leaves out the extension keys (`x-…`) of the file and of each service. */
export function withoutExtensions(content: unknown): unknown {
  if (!isRecord(content)) return content;
  const top = dropExtensions(content);
  if (!isRecord(top.services)) return top;
  const services = Object.entries(top.services).map(([name, service]) => [
    name,
    isRecord(service) ? dropExtensions(service) : service,
  ]);
  return { ...top, services: Object.fromEntries(services) };
}

/** Whether a value is a map. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function dropExtensions(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !key.startsWith('x-')));
}
