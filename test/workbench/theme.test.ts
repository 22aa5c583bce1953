import { afterEach, expect, test, vi } from 'vitest';
import { type Theme, themeNames } from '../../src/workbench/theme.js';

// Chalk decides while it is loaded, and is loaded once.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '3';
});

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

/** The theme as a process has it that is started with this name in its environment. */
async function loadTheme(name: string): Promise<Theme> {
  process.env = { ...before, MSC_THEME: name };
  vi.resetModules();
  return (await import('../../src/workbench/theme.js')).theme;
}

/** The numbers of the SGR sequences that a style begins and ends with. */
function codes(styled: string): readonly number[] {
  return styled
    .split('\u001B[')
    .slice(1)
    .flatMap((part) => part.slice(0, part.indexOf('m')).split(';').map(Number));
}

test.each(themeNames)(
  'the %s theme uses the 16 colours of the terminal alone, however many it has',
  async (name) => {
    const theme = await loadTheme(name);
    for (const [token, style] of Object.entries(theme)) {
      for (const code of codes(style('x'))) {
        const isAttribute = code < 30;
        const isColour =
          (code >= 30 && code <= 49 && code !== 38 && code !== 48) || (code >= 90 && code <= 107);
        expect(isAttribute || isColour, `${token}: ${code}`).toBe(true);
      }
    }
  },
);

test('on a light background nothing is yellow or cyan', async () => {
  const theme = await loadTheme('light');
  const used = Object.values(theme).flatMap((style) => codes(style('x')));
  expect(used).toContain(34);
  for (const faint of [33, 36, 93, 96]) expect(used).not.toContain(faint);
});

test('without a word the theme is the dark one', async () => {
  const dark = await loadTheme('dark');
  const none = await loadTheme('');
  expect(none.heading('x')).toBe(dark.heading('x'));
});
