/** Milliseconds after which a look that has said nothing is given up. */
const patience = 6_000;

/** A look that was given up. */
export class LookTimeout extends Error {}

/** What `work` gives. Throws `LookTimeout` where it takes too long. */
export async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LookTimeout()), patience);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
