import { shellQuoted } from '../../machine/shell-quoted.js';
import type { PortHolder } from '../port-check.js';
import type { DockerCli } from './cli.js';
import { label } from './document.js';

/** The container that has published a port, if one has: the process that listens for it is only Docker's own. */
export async function containerOn(cli: DockerCli, port: number): Promise<PortHolder | undefined> {
  const format = `{{.Names}}\t{{.Label "${label}"}}`;
  const { stdout } = await cli.call(['container', 'ls', '--filter', `publish=${port}`, '--format', format]);
  const [name = '', home = ''] = stdout.split('\n')[0]?.split('\t') ?? [];
  if (name === '') return undefined;
  return home === ''
    ? { who: `the container ${name}`, way: `Stop it: docker stop ${name}` }
    : {
        who: `the lab in ${home}`,
        way: `Stop that lab: mongo-scale-course down --home ${shellQuoted(home)}`,
      };
}
