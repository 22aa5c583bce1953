import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits for some milliseconds. Once `signal` aborts, throws its reason, where Node's own timer throws an AbortError
 * that no longer tells why.
 */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause;
  }
}
