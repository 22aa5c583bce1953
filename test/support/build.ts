import { execa } from 'execa';

/** End-to-end tests run the program as it is shipped, so they need `dist/`; a build that fails would leave an old one. */
export async function setup(): Promise<void> {
  await execa('npm', ['run', '--silent', 'build']);
}
