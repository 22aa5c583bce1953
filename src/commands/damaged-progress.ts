import { setDamagedProgressAside } from '../course/progress.js';
import { tell } from './output/output.js';

/** Keeps a damaged progress file aside and says so, on stderr, before a command goes on with none. */
export function tellOfDamage(file: string): void {
  const damaged = setDamagedProgressAside(file);
  if (!damaged) return;
  tell(`Your progress file was damaged (${damaged.reason}), so progress starts anew.`);
  tell(`What was in it is kept as ${damaged.keptAs}`);
}
