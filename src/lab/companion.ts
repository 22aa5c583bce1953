import type { Home } from '../home.js';

/**
 * A process of the course's own that works on a lab beside its servers (traffic, an exam). It goes before they do, and
 * what it has reported goes with the lab.
 */
export interface Companion {
  /** `traffic` */
  readonly name: string;
  isRunning(home: Home): Promise<boolean>;
  /** Lets it tidy up and end. */
  stop(home: Home): Promise<unknown>;
  /** Ends it at once. */
  kill(home: Home): Promise<void>;
  /** The file of its last report. */
  report(home: Home): string;
}

/** Ends all of them at once, whose lab is thrown away. */
export async function killCompanions(companions: readonly Companion[], home: Home): Promise<void> {
  for (const companion of companions) await companion.kill(home);
}
