import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Counts and times every request by its route, and offers all that at `/metrics`. */
export function metricsRoutes(app: FastifyInstance): void {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const duration = new Histogram({
    name: 'shop_request_duration_seconds',
    help: 'How long requests took, by route and answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [register],
  });
  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    // The route, not the address asked for: each product would be a series of its own.
    const labels = { method, route: routeOptions.url ?? 'none', status: String(reply.statusCode) };
    duration.observe(labels, reply.elapsedTime / 1000);
  });
  app.get(
    '/metrics',
    {
      schema: {
        summary: 'Figures for Prometheus',
        tags: ['shop'],
        produces: ['text/plain'],
        response: { 200: { description: "Prometheus's text format.", type: 'string' } },
      },
    },
    async (_, reply) => {
      reply.type(register.contentType);
      return register.metrics();
    },
  );
}
