import { Command } from 'commander';
import type { FindingState } from '../lab/doctor.js';
import { ExitCode } from '../problem.js';
import { optionsOf } from './options.js';
import { paint, say, sayJson } from './output/output.js';

const marks: Record<FindingState, { glyph: string; style: 'green' | 'yellow' | 'red' }> = {
  ok: { glyph: '✔', style: 'green' },
  later: { glyph: '○', style: 'yellow' },
  missing: { glyph: '✗', style: 'red' },
};

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('what this machine has, what is missing, and how to get it')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf(command);
      const { resolveHome } = await import('../home.js');
      const { examineMachine } = await import('../lab/doctor.js');
      const { loadCatalog } = await import('../course/catalog.js');
      const { stages } = await loadCatalog(options.lang);
      const findings = await examineMachine(
        resolveHome(options.home),
        { runtime: options.runtime, portOffset: options.portOffset },
        stages.map(({ id }) => id),
      );
      const ok = findings.every(({ state }) => state !== 'missing');
      if (options.json) sayJson({ ok, findings });
      else {
        const width = Math.max(...findings.map(({ what }) => what.length));
        for (const { what, state, detail, remedy } of findings) {
          const { glyph, style } = marks[state];
          say(`${paint(style, glyph)} ${what.padEnd(width)} ${detail}`);
          if (remedy && state === 'missing') say(`${' '.repeat(width + 3)}${remedy}`);
        }
        say(ok ? 'Ready. Begin with: mongo-scale-course' : 'Not ready yet: see the lines marked ✗.');
      }
      process.exitCode = ok ? ExitCode.ok : ExitCode.environment;
    });
}
