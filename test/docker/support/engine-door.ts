import { rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { execa } from 'execa';

/**
 * A socket that leads to the engine and can be shut: for whoever uses it the engine is gone then, while other tests
 * go on with theirs.
 */
export interface EngineDoor {
  /** For `DOCKER_HOST`. */
  readonly host: string;
  /** Where it is shut. */
  open(): Promise<void>;
  shut(): Promise<void>;
}

export async function engineDoor(path: string): Promise<EngineDoor> {
  const format = '{{.Endpoints.docker.Host}}';
  const { stdout } = await execa('docker', ['context', 'inspect', '--format', format]);
  const engine = stdout.replace('unix://', '');
  const sockets = new Set<Socket>();
  let server: Server | undefined;

  const pass = (here: Socket): void => {
    const there = connect({ path: engine, allowHalfOpen: true });
    for (const socket of [here, there]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    here.pipe(there).pipe(here);
  };
  return {
    host: `unix://${path}`,
    async open() {
      if (server) return;
      server = createServer({ allowHalfOpen: true }, pass);
      await new Promise<void>((resolve) => server?.listen(path, resolve));
    },
    async shut() {
      const closed = new Promise((resolve) => server?.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      server = undefined;
      await rm(path, { force: true });
    },
  };
}
