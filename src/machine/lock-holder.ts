import * as z from 'zod/mini';

const schema = z.object({ pid: z.number(), startedAt: z.string(), purpose: z.string() });

/** The process that holds a lock now, and what for (`up sharding`). */
export type LockHolder = Readonly<z.infer<typeof schema>>;

/** The holder that the text of a lock file names; undefined if it names none. */
export function parseLockHolder(text: string): LockHolder | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
