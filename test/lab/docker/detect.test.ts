import { describe, expect, it } from 'vitest';
import { dockerAnswers, isOlder } from '../../../src/lab/docker/detect.js';
import { fakeCli } from './fake-cli.js';

const context = (host: string, name = 'default') =>
  [
    /^context inspect/,
    { stdout: JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }) },
  ] as const;
const here = context('unix:///var/run/docker.sock');
const engine = [
  /^version/,
  { stdout: '{"Version":"28.2.2","ApiVersion":"1.50","MinAPIVersion":"1.24"}' },
] as const;
const compose = [/^compose version/, { stdout: '2.40.3-3' }] as const;

async function problemOf(answers: Parameters<typeof fakeCli>[0]): Promise<{ code: string; text: string }> {
  const answer = await dockerAnswers(fakeCli(answers));
  if (answer.ok) throw new Error('it says that the engine can be used');
  return { code: answer.problem.code, text: `${answer.problem.message} ${answer.problem.remedy}` };
}

describe('dockerAnswers', () => {
  it('says what answers', async () => {
    expect(await dockerAnswers(fakeCli([here, engine, compose]))).toEqual({
      ok: true,
      engine: '28.2.2',
      api: '1.50',
      compose: '2.40.3-3',
      context: 'default',
      host: 'unix:///var/run/docker.sock',
    });
  });

  it('takes an engine behind a loopback address or a Windows pipe for one on this machine', async () => {
    for (const host of ['tcp://127.0.0.1:2375', 'tcp://localhost:2375', 'npipe:////./pipe/docker_engine']) {
      expect(await dockerAnswers(fakeCli([context(host), engine, compose]))).toMatchObject({ ok: true });
    }
  });

  it('refuses a context on another machine without asking anything over it', async () => {
    for (const host of ['ssh://me@build.example', 'tcp://10.0.0.9:2376']) {
      const cli = fakeCli([context(host, 'build')]);
      const answer = await dockerAnswers(cli);
      expect(answer).toMatchObject({ ok: false, problem: { code: 'docker-elsewhere' } });
      expect(cli.calls).toHaveLength(1);
    }
  });

  it('names each thing that can be missing', async () => {
    const missing = { code: undefined, failure: 'missing' } as const;
    const silent = { code: undefined, failure: 'timeout' } as const;
    const failed = (stderr: string) => ({ code: 1, stderr });
    const noPlugin = 'unknown flag: --short\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]';
    const denied =
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/version": dial unix /var/run/docker.sock: connect: permission denied';
    const cases = [
      ['docker-missing', [[/./, missing]]],
      ['docker-silent', [here, [/^version/, silent], compose]],
      [
        'docker-not-running',
        [
          here,
          [
            /^version/,
            failed(
              'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
            ),
          ],
          compose,
        ],
      ],
      ['docker-permission', [here, [/^version/, failed(denied)], compose]],
      [
        'docker-api',
        [
          here,
          [
            /^version/,
            failed(
              'Error response from daemon: client version 1.24 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version',
            ),
          ],
          compose,
        ],
      ],
      [
        'docker-context',
        [
          [
            /^context/,
            failed(
              'unable to resolve docker endpoint: context "nope": context not found: open /root/.docker/contexts/meta/x/meta.json: no such file or directory',
            ),
          ],
        ],
      ],
      ['compose-missing', [here, engine, [/^compose/, failed(noPlugin)]]],
      ['docker-too-old', [here, engine, [/^compose/, { stdout: '2.17.2' }]]],
      [
        'docker-too-old',
        [here, [/^version/, { stdout: '{"Version":"19.03.5","ApiVersion":"1.40"}' }], compose],
      ],
    ] as const;
    for (const [code, answers] of cases) {
      const problem = await problemOf(answers);
      expect(problem.code).toBe(code);
      expect(problem.text).toMatch(/--runtime local/);
    }
  });

  it('says which API versions do not fit', async () => {
    const stderr =
      'Error response from daemon: client version 1.99 is too new. Maximum supported API version is 1.41';
    const { text } = await problemOf([here, [/^version/, { code: 1, stderr }], compose]);
    expect(text).toContain('speaks API 1.99, and the engine up to 1.41');
  });
});

describe('isOlder', () => {
  it('compares by numbers, not by letters', () => {
    expect(isOlder('1.9', '1.41')).toBe(true);
    expect(isOlder('1.41', '1.41')).toBe(false);
    expect(isOlder('2.26.1-4', '2.30.0')).toBe(true);
    expect(isOlder('5.0.0', '2.30.0')).toBe(false);
    expect(isOlder('2.40', '2.40.1')).toBe(true);
  });
});
