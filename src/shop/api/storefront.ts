import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Refusal } from './failure.js';
import * as schemas from './schemas.js';

/** What everybody gets may be kept by whoever stands between: for seconds, so that a learner sees it grow old. */
const forAll = 'public, max-age=5';
const types: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml', '.css': 'text/css' };
const regions = ['eu', 'us'] as const;

/**
 * What the shop serves without asking its database: whether it lives, its pictures, a basket for each visitor.
 * @param folder of the pictures; a shop that was told none has none
 */
export function storefrontRoutes(app: FastifyInstance, folder: string | undefined): void {
  const files = new Map(
    (folder ? readdirSync(folder) : []).map((name) => [name, readFileSync(join(folder ?? '', name))]),
  );

  app.get(
    '/live',
    {
      schema: {
        summary: 'Whether this very shop runs, whatever the database does',
        tags: ['shop'],
        response: {
          200: {
            description: 'It runs.',
            type: 'object',
            required: ['status'],
            properties: { status: { const: 'live' } },
          },
        },
      },
    },
    async () => ({ status: 'live' }),
  );

  app.get<{ Params: { file: string }; Headers: { 'x-region'?: string } }>(
    '/static/:file',
    {
      schema: {
        summary: 'A picture or a style; the banner is another one in each region',
        tags: ['storefront'],
        params: { type: 'object', properties: { file: { type: 'string' } } },
        headers: { type: 'object', properties: { 'x-region': { type: 'string', enum: [...regions] } } },
        response: {
          200: { description: 'The file.', type: 'string' },
          400: schemas.badRequest,
          404: schemas.notFound,
        },
      },
    },
    async ({ params: { file }, headers }, reply) => {
      const extension = extname(file);
      const regional = `${file.slice(0, -extension.length)}.${headers['x-region'] ?? regions[0]}${extension}`;
      const content = files.get(regional) ?? files.get(file);
      if (!content) throw new Refusal(404, `There is no file '${file}'.`);
      return reply
        .type(types[extension] ?? 'application/octet-stream')
        .header('cache-control', forAll)
        .header('vary', 'x-region')
        .send(content);
    },
  );

  app.get(
    '/basket',
    {
      schema: {
        summary: 'Whose basket this is; a new visitor is given one',
        tags: ['storefront'],
        response: {
          200: {
            description: 'Meant for this visitor alone.',
            type: 'object',
            required: ['visitor'],
            properties: { visitor: { type: 'string' } },
          },
        },
      },
    },
    async ({ headers }, reply) => {
      const known = /(?:^|;\s*)visitor=([\w-]+)/.exec(headers.cookie ?? '')?.[1];
      const visitor = known ?? randomUUID();
      if (!known) reply.header('set-cookie', `visitor=${visitor}; Path=/; HttpOnly; SameSite=Lax`);
      return { visitor };
    },
  );
}
