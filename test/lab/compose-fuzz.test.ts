import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { resolveHome } from '../../src/home.js';
import { ownComposePath, readOwnStack } from '../../src/lab/workspace/learner-compose.js';
import { composeWith } from '../../src/lesson/probes/compose-services.js';
import { Problem } from '../../src/problem.js';

// A learner's file with every small accident: it is a stack, or a problem that says where and how to go on.

vi.setConfig({ testTimeout: 300_000 });

const root = mkdtempSync(join(tmpdir(), 'msc-compose-fuzz-'));
afterAll(() => rmSync(root, { recursive: true }));
const home = resolveHome(root);
const path = ownComposePath(home);
mkdirSync(dirname(path), { recursive: true });

const lines = composeWith(
  `  shard3a:
    <<: *mongo
    command: mongod --shardsvr --replSet shard3 --port 27131 --bind_ip_all --dbpath /data/db
    ports: ["127.0.0.1:27131:27131"]
    volumes:
      - shard3a:/data/db
`,
  'shard3a',
).split('\n');
// Comments and blank lines can go missing without a word.
const telling = lines.flatMap((line, at) => (/^\s*(#|$)/.test(line) ? [] : [at]));

const withLine = (at: number, ...instead: readonly string[]): string =>
  [...lines.slice(0, at), ...instead, ...lines.slice(at + 1)].join('\n');

/** What the reader makes of a text: `a stack`, or the problem's message. Throws for anything else. */
async function outcome(text: string): Promise<string> {
  writeFileSync(path, text);
  try {
    const { services } = await readOwnStack(home, 'sharding', { env: {}, portOffset: 600 });
    expect(services.length).toBeGreaterThan(0);
    return 'a stack';
  } catch (cause) {
    if (!(cause instanceof Problem)) throw new Error(`${String(cause)}\n${text}`, { cause });
    expect(cause.code).toBe('compose-invalid');
    expect(cause.remedy).toContain('mongo-scale-course reset compose.yaml');
    for (const line of cause.message.split('\n')) expect(line).toMatch(/compose\.yaml:\d+: \S/);
    expect(cause.message).not.toMatch(/Invalid input|received|Symbol\(|undefined/);
    return cause.message;
  }
}

/** The same numbers in every run. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('a compose file is a stack or a problem with its place and the way back,', () => {
  test('cut off after each line', async () => {
    for (const at of lines.keys()) await outcome(lines.slice(0, at).join('\n'));
  });

  test('cut off in the middle of each line', async () => {
    for (const at of telling) {
      const line = lines[at] ?? '';
      await outcome([...lines.slice(0, at), line.slice(0, line.length / 2)].join('\n'));
    }
  });

  test('without each of its lines', async () => {
    for (const at of telling) await outcome(withLine(at));
  });

  test('with each line there twice', async () => {
    for (const at of telling) await outcome(withLine(at, lines[at] ?? '', lines[at] ?? ''));
  });

  test('with each line indented more or less', async () => {
    for (const at of telling) {
      await outcome(withLine(at, ` ${lines[at]}`));
      await outcome(withLine(at, `  ${lines[at]}`));
      await outcome(withLine(at, `\t${lines[at]}`));
      await outcome(withLine(at, (lines[at] ?? '').replace(/^ {1,2}/, '')));
    }
  });

  test('with each line at the place of the one below it', async () => {
    for (const at of telling) {
      const swapped = [...lines];
      swapped.splice(at, 2, lines[at + 1] ?? '', lines[at] ?? '');
      await outcome(swapped.join('\n'));
    }
  });

  test('with letters swapped, missing or another in each line', async () => {
    const random = numbersFrom(13);
    const letters = 'aZ0 *&:-[]{}"\'#|>!%@`,?$\\\t.~=/';
    const seen = new Set<string>();
    for (const at of telling) {
      const line = lines[at] ?? '';
      const place = Math.floor(random() * line.length);
      const other = letters[Math.floor(random() * letters.length)] ?? '';
      const swapped = line.slice(0, place) + (line[place + 1] ?? '') + line[place] + line.slice(place + 2);
      seen.add(await outcome(withLine(at, swapped)));
      seen.add(await outcome(withLine(at, line.slice(0, place) + line.slice(place + 1))));
      seen.add(await outcome(withLine(at, line.slice(0, place) + other + line.slice(place + 1))));
      seen.add(await outcome(withLine(at, line.slice(0, place) + other + line.slice(place))));
    }
    // Or nothing was tried.
    expect(seen.size).toBeGreaterThan(50);
  });

  test('with every value something else', async () => {
    const values = [
      '',
      '[]',
      '{}',
      '1',
      '-1',
      '~',
      'true',
      '"\\0"',
      '*none',
      '*mongo',
      '&mongo',
      '!!set {a}',
      '2001-01-01',
    ];
    let next = 0;
    for (const at of telling) {
      const key = /^\s*(- )?[^:]*:(?= |$)/.exec(lines[at] ?? '')?.[0];
      if (key === undefined) continue;
      for (let turn = 0; turn < 4; turn += 1) {
        const value = values[next++ % values.length];
        await outcome(withLine(at, `${key} ${value}`));
      }
    }
  });
});
