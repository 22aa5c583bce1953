import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';

/** A registry that offers one image of the engine, grown by a layer, under another name, so that pulling can be tried without a network. */
export interface TestRegistry {
  /** `127.0.0.1:PORT`, which an engine trusts without TLS. */
  readonly address: string;
  close(): Promise<void>;
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

/**
 * Serves `image` as `NAME:test` for reading (Registry HTTP API V2: the manifest, and blobs by digest); any other
 * name is unknown.
 */
export async function openRegistry(image: string, name: string): Promise<TestRegistry> {
  const { manifest, blobs } = await readImage(image);
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: Buffer | string) => {
      const length = Buffer.byteLength(body);
      response.writeHead(status, { 'content-type': type, 'content-length': length });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    const path = request.url ?? '';
    const blob = blobs.get(path.replace(`/v2/${name}/blobs/`, ''));
    if (path === '/v2/') answer(200, 'application/json', '{}');
    else if (blob) answer(200, 'application/octet-stream', blob);
    else if (path === `/v2/${name}/manifests/test` || path.endsWith(digestOf(manifest))) {
      answer(200, manifestType, manifest);
    } else
      answer(
        404,
        'application/json',
        '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}',
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

/** An image's manifest and blobs, made from what `docker image save` writes. */
async function readImage(image: string): Promise<{ manifest: Buffer; blobs: Map<string, Buffer> }> {
  const folder = await mkdtemp(join(tmpdir(), 'msc-registry-'));
  try {
    await execa('docker', ['image', 'save', image, '--output', join(folder, 'image.tar')]);
    await execa('tar', ['-x', '-C', folder, '-f', join(folder, 'image.tar')]);
    const [saved] = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    const blobs = new Map<string, Buffer>();
    const add = (mediaType: string, blob: Buffer) => {
      blobs.set(digestOf(blob), blob);
      return { mediaType, size: blob.length, digest: digestOf(blob) };
    };
    const config = JSON.parse(await readFile(join(folder, saved.Config), 'utf8'));
    const layers = await Promise.all(saved.Layers.map((layer: string) => readFile(join(folder, layer))));
    // The engine has all these layers. One more that nobody has seen before has to travel.
    const layer = await newLayer(folder);
    config.rootfs.diff_ids.push(digestOf(layer));
    config.history.push({ created_by: 'a test' });
    const manifest = {
      schemaVersion: 2,
      mediaType: manifestType,
      config: add('application/vnd.docker.container.image.v1+json', Buffer.from(JSON.stringify(config))),
      layers: [...layers, layer].map((blob) =>
        add('application/vnd.docker.image.rootfs.diff.tar.gzip', gzipSync(blob, { level: 1 })),
      ),
    };
    return { manifest: Buffer.from(JSON.stringify(manifest)), blobs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bytes of the layer that is new in each test registry. */
export const newLayerSize = 8_000_000;

async function newLayer(folder: string): Promise<Buffer> {
  await writeFile(join(folder, 'ballast'), randomBytes(newLayerSize));
  await execa('tar', ['-c', '-C', folder, '-f', join(folder, 'layer.tar'), 'ballast']);
  return readFile(join(folder, 'layer.tar'));
}

function digestOf(blob: Buffer): string {
  return `sha256:${createHash('sha256').update(blob).digest('hex')}`;
}
