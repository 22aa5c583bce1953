import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookThroughProgram, lookThroughSocket } from '../../../src/lab/docker/look.js';
import { fakeCli } from './fake-cli.js';

/** Docker's context with this host, and what `container inspect` printed of one container that is there and one not. */
const docker = (host: string) =>
  fakeCli([
    [
      /^context inspect/,
      { stdout: JSON.stringify({ Name: 'default', Endpoints: { docker: { Host: host } } }) },
    ],
    [
      /^container inspect/,
      {
        code: 1,
        stdout: '{"Id":"c0ffee","Name":"/here"}',
        stderr: 'Error response from daemon: No such container: gone',
      },
    ],
  ]);

let folder: string;
let socket: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-look-'));
  socket = join(folder, 'docker.sock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('lookThroughSocket', () => {
  async function engine(): Promise<Server> {
    const server = createServer((request, response) => {
      const known = request.url === '/containers/here/json';
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
      response.end(known ? '{"Id":"c0ffee","Name":"/here"}' : '{"message":"No such container: gone"}');
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    return server;
  }

  it('asks the engine of the context, without the docker program', async () => {
    const server = await engine();
    const cli = docker(`unix://${socket}`);
    const look = lookThroughSocket(cli);
    for (let round = 0; round < 3; round += 1) {
      expect(await look(['here', 'gone'])).toEqual([{ Id: 'c0ffee', Name: '/here' }]);
    }
    expect(cli.calls).toEqual(['context inspect --format {{json .}}']);
    server.closeAllConnections();
    server.close();
  });

  it('says that the engine is gone, and finds it again', async () => {
    const look = lookThroughSocket(docker(`unix://${socket}`));
    await expect(look(['here'])).rejects.toMatchObject({ code: 'docker-not-running' });
    const server = await engine();
    expect(await look(['here'])).toHaveLength(1);
    server.closeAllConnections();
    server.close();
  });

  it('asks through the program where the engine has no plain socket', async () => {
    const cli = docker('tcp://127.0.0.1:2376');
    expect(await lookThroughSocket(cli)(['here', 'gone'])).toHaveLength(1);
    expect(cli.calls).toContain('container inspect --format {{json .}} here gone');
  });
});

describe('lookThroughProgram', () => {
  it('leaves out what is not there', async () => {
    expect(await lookThroughProgram(docker(''))(['here', 'gone'])).toEqual([{ Id: 'c0ffee', Name: '/here' }]);
  });

  it('does not take a silent engine for an empty one', async () => {
    const hanging = fakeCli([[/./, { code: undefined, failure: 'timeout' }]]);
    await expect(lookThroughProgram(hanging)(['here'])).rejects.toMatchObject({ code: 'docker-silent' });
  });
});
