import { afterEach, expect, test, vi } from 'vitest';
import type { Typing } from '../../../src/replay/typing.js';
import { mountWorkbench } from '../../../src/workbench/mount.js';
import { loadTerminal } from '../../../src/workbench/shell/load-terminal.js';
import { createScreen } from '../../../src/workbench/terminal/screen.js';
import { loadMarkdown } from '../../../src/workbench/text/load-markdown.js';
import { createFakeSession } from '../support/fake-session.mjs';
import { type Mounted, mountFake } from '../support/mounted.js';
import { createVirtualTerminal } from '../support/virtual-terminal.js';

// A real bash in the shell pane, on a made-up lab.
vi.setConfig({ testTimeout: 60_000 });

const lessons = ['sharding/add-shards'] as const;
const pace = { character: 2, glance: 20, read: 50 };
const solution: readonly Typing[] = [
  { how: 'shell', at: 'router1', input: 'echo fi""rst\necho sec""ond' },
  { how: 'answer', at: 'share', input: '50' },
  { how: 'wait', input: 'shard2 has a primary' },
];

let mounted: Mounted | undefined;
afterEach(async () => {
  await mounted?.close();
  mounted = undefined;
});

test('a lesson is opened, its solution typed into the shell, all else told, and the keys given back', async () => {
  mounted = await mountFake(120, 36, { pane: true, solution, demo: { lessons, pace } });
  const { shows, session, press, quit } = mounted;
  const text = await shows(/second\s+│\n[\s\S]*2 of 2 passed|2 of 2 passed[\s\S]*second\s+│\n/);
  expect(text).toMatch(/shell> echo fi""rst +│\n│first +│\n│shell> echo sec""ond +│\n│second/);
  expect(session.calls).toEqual([
    'gotoLesson sharding/add-shards',
    'openLesson sharding/add-shards',
    'play shell echo fi""rst\necho sec""ond',
    'shell router1',
    'play answer 50',
    'play wait shard2 has a primary',
  ]);
  await shows('demo over: 1 of 1 passed. The keys are yours');
  press('c');
  const left = await shows('▸ Lessons');
  expect(left).not.toContain('demo over');
  press('q');
  expect(quit).toHaveBeenCalled();
});

test('whoever quits before it begins leaves the lab as it is', async () => {
  const session = createFakeSession({ solution });
  const screen = createScreen(createVirtualTerminal(120, 36));
  const workbench = mountWorkbench({
    screen,
    quit() {},
    runInForeground: async () => ({ exitCode: 0, failure: undefined }),
    loadTerminal,
    demo: { lessons, pace },
  });
  workbench.unmount();
  workbench.connect(session);
  // All that a demo waits for before it begins.
  await Promise.all([loadMarkdown(), loadTerminal()]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(session.calls).toEqual([]);
  screen.close();
  await session.close();
});

test('Space holds it before the next character; Escape gives the shell to the learner as it is', async () => {
  mounted = await mountFake(120, 36, {
    pane: true,
    solution,
    demo: { lessons, pace: { ...pace, character: 60 } },
  });
  const { shows, press } = mounted;
  await shows(/shell> echo f/);
  press(' ');
  const held = await shows('demo on hold');
  expect(held).not.toContain('second');
  press(' ');
  await shows(/shell> echo sec/);
  press('\u001B');
  await shows('Ctrl+] leaves');
  press('\u0003');
  await shows('^C');
  press('echo mi""ne\r');
  expect(await shows(/^│mine/m)).not.toMatch(/^│second/m);
});

test('a shell that ends under its hands is told, and the demo is over', async () => {
  const exits: readonly Typing[] = [{ how: 'shell', at: 'router1', input: 'exit\necho never' }];
  mounted = await mountFake(120, 36, { pane: true, solution: exits, demo: { lessons, pace } });
  await mounted.shows('The shell on router1 has ended');
  expect(await mounted.shows('Esc back')).not.toContain('demo');
});
