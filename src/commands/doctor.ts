import type { Command } from 'commander';
import { loadCatalog } from '../course/catalog.js';
import { resolveHome } from '../home.js';
import type { FindingState } from '../lab/doctor.js';
import { examineMachine } from '../lab/doctor.js';
import { ExitCode } from '../problem.js';
import { optionsOf } from './options.js';
import { paint, say, sayJson } from './output/output.js';

const marks: Record<FindingState, { glyph: string; style: 'green' | 'yellow' | 'red' }> = {
  ok: { glyph: '✔', style: 'green' },
  later: { glyph: '○', style: 'yellow' },
  missing: { glyph: '✗', style: 'red' },
};

export function doctorCommand(command: Command): Command {
  return command.action(async (_: unknown, command: Command) => {
    const options = optionsOf(command);
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
