import { execa } from 'execa';

/** End-to-end tests run the program as it is shipped, so they need `dist/`. Type errors are `npm run types`' to report. */
export async function setup(): Promise<void> {
  await execa('npx', ['tsc', '-b'], { reject: false });
}
