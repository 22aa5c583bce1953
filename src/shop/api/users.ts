import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Database } from './database.js';
import { deadline } from './deadline.js';
import * as schemas from './schemas.js';
import { demandShards } from './shards.js';
import { storeOnce } from './store-once.js';

interface User {
  readonly _id: string;
  readonly name: string;
  readonly age?: number;
}

/** `GET /users` and `POST /users`. */
export function userRoutes(app: FastifyInstance, database: Database): void {
  const users = database.db.collection<User>('users');

  app.get<{ Querystring: { limit: number } }>(
    '/users',
    {
      schema: {
        summary: 'Those who have an account',
        tags: ['users'],
        querystring: schemas.page,
        response: {
          200: { description: 'By id.', type: 'array', items: schemas.user },
          400: schemas.badRequest,
          503: schemas.unavailable,
        },
      },
    },
    async ({ query: { limit } }) => {
      const signal = deadline();
      const found = await users.find({}, { sort: { _id: 1 }, limit, signal }).toArray();
      if (found.length === 0) await demandShards(database, signal);
      return found.map(({ _id, ...rest }) => ({ id: String(_id), ...rest }));
    },
  );

  app.post<{ Body: Pick<User, 'name' | 'age'> }>(
    '/users',
    {
      schema: {
        summary: 'Opens an account',
        tags: ['users'],
        body: schemas.newUser,
        response: {
          201: { description: 'The account.', ...schemas.user },
          400: schemas.badRequest,
          503: schemas.unavailable,
        },
      },
    },
    async ({ body }, reply) => {
      const user = { _id: randomUUID(), ...body };
      await storeOnce(users, user, { w: 'majority', signal: deadline() });
      const { _id, ...rest } = user;
      return reply.code(201).send({ id: _id, ...rest });
    },
  );
}
