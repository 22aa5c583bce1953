// Makes dist/shop: the shop and all it needs in one file, which a container mounts and Node runs as it is, and the
// files of its page at /docs. Does nothing where that is newer than everything it is made of.
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import writeFileAtomic from 'write-file-atomic';
import { commonJs } from './commonjs.mjs';
import { isNewer } from './is-newer.mjs';
import { licences } from './licences.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'src', 'shop', 'api');
const cache = join(root, 'src', 'shop', 'cache');
const registration = join(root, 'src', 'shop', 'registration');
const target = join(root, 'dist', 'shop');
const bundle = join(target, 'shop.mjs');

const made = [
  ...[source, cache, registration].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))),
  join(root, 'assets', 'shop', 'shop-data.cjs'),
  join(root, 'package-lock.json'),
  fileURLToPath(import.meta.url),
];
if (!isNewer(bundle, made)) await make();

async function make() {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(source, 'main.ts')],
    outfile: bundle,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    // What the driver would use if it were there, and fastify's log would for a file of its own.
    external: [
      'kerberos',
      'snappy',
      'aws4',
      'socks',
      'gcp-metadata',
      '@mongodb-js/zstd',
      'mongodb-client-encryption',
      '@aws-sdk/credential-providers',
    ],
    banner: { js: commonJs },
  });
  mkdirSync(target, { recursive: true });
  copyDocs();
  writeFileAtomic.sync(join(target, 'LICENSES.txt'), licences(root, Object.keys(metafile.inputs)));
  // Last, and in one step: it is what says that all the others are there.
  writeFileAtomic.sync(bundle, outputFiles[0].contents);
}

function copyDocs() {
  const require = createRequire(import.meta.url);
  const from = join(dirname(require.resolve('@fastify/swagger-ui/package.json')), 'static');
  const unused = ['csp.json', 'swagger-ui.js'];
  for (const name of readdirSync(from)) {
    if (!unused.includes(name)) cpSync(join(from, name), join(target, 'static', name));
  }
}
