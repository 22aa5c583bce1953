import { Argument, type Command } from 'commander';
import { loadCatalog } from '../course/catalog.js';
import { readStack } from '../lab/compose/stack.js';
import { loadBundle, saveBundle } from '../lab/docker/bundle.js';
import { dockerCli } from '../lab/docker/cli.js';
import { demandDocker } from '../lab/docker/detect.js';
import { imagesOf } from '../lab/docker/images.js';
import { shellQuoted } from '../machine/shell-quoted.js';
import { Problem } from '../problem.js';
import { withInterruption } from './lab-context.js';
import { type CommonOptions, optionsOf } from './options.js';
import { say, sayJson, tell } from './output/output.js';

const mebibyte = 1024 * 1024;
/** Bytes between two lines of progress. */
const step = 100 * mebibyte;

export function bundleCommand(command: Command): Command {
  return command
    .addArgument(new Argument('<direction>').choices(['save', 'load']))
    .argument('<file>')
    .addHelpText(
      'after',
      `
Examples:
  mongo-scale-course pull && mongo-scale-course bundle save course.tar.gz
  mongo-scale-course bundle load course.tar.gz      with course.tar.gz.sha256 beside it`,
    )
    .action(async (direction: 'save' | 'load', file: string, _: unknown, command: Command) => {
      const options = optionsOf(command);
      if (options.runtime === 'local') throw onlyImages();
      await (direction === 'save' ? save(file, options) : load(file, options));
    });
}

async function save(file: string, options: CommonOptions): Promise<void> {
  const { stages } = await loadCatalog(options.lang);
  const images = imagesOf(stages.map(({ id }) => readStack(id)));
  await withInterruption(async (signal) => {
    await demandDocker();
    const onBytes = options.json ? undefined : byteLines('written');
    const saved = await saveBundle(images, file, { cli: dockerCli, onBytes, signal });
    if (options.json) return sayJson({ file, images, ...saved });
    say(`${file} holds ${images.join(', ')} (${Math.ceil(saved.bytes / mebibyte)} MiB).`);
    say(`Take ${file}.sha256 along with it; there: mongo-scale-course bundle load ${shellQuoted(file)}`);
  });
}

async function load(file: string, options: CommonOptions): Promise<void> {
  await withInterruption(async (signal) => {
    await demandDocker();
    const onBytes = options.json ? undefined : byteLines('checked');
    const images = await loadBundle(file, { cli: dockerCli, onBytes, signal });
    if (options.json) return sayJson({ file, images });
    say(`Docker has now: ${images.join(', ')}. Begin with: mongo-scale-course`);
  });
}

/** Says how far it is, a line every 100 MiB. */
function byteLines(word: string): (bytes: number, total?: number) => void {
  let next = step;
  return (bytes, total) => {
    if (bytes < next) return;
    next = bytes + step;
    const all = total === undefined ? '' : ` of ${Math.round(total / mebibyte)}`;
    tell(`  ${Math.round(bytes / mebibyte)}${all} MiB ${word}`);
  };
}

function onlyImages(): Problem {
  return new Problem(
    'docker-only',
    'A bundle carries images, and the local runtime runs programs, not images.',
    {
      remedy:
        'Fetch the programs while there is a network: mongo-scale-course pull --runtime local. They lie in one folder (MSC_CACHE), which can be copied.',
    },
  );
}
