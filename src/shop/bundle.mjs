// Makes dist/shop: the shop and all it needs in one file, which a container mounts and Node runs as it is, and the
// files of its page at /docs. Does nothing where that is newer than everything it is made of.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import writeFileAtomic from 'write-file-atomic';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const source = join(root, 'src', 'shop', 'api');
const cache = join(root, 'src', 'shop', 'cache');
const target = join(root, 'dist', 'shop');
const bundle = join(target, 'shop.mjs');

const made = [
  ...[source, cache].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))),
  join(root, 'assets', 'shop', 'shop-data.cjs'),
  join(root, 'package-lock.json'),
  fileURLToPath(import.meta.url),
];
const changedAt = (file) => statSync(file).mtimeMs;
if (!existsSync(bundle) || made.some((file) => changedAt(file) >= changedAt(bundle))) await make();

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
    // What CommonJS has of its own accord.
    banner: {
      js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nconst __dirname = import.meta.dirname;\nconst __filename = import.meta.filename;",
    },
  });
  mkdirSync(target, { recursive: true });
  copyDocs();
  writeFileAtomic.sync(join(target, 'LICENSES.txt'), licences(Object.keys(metafile.inputs)));
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

/** The licence of each package that is in the bundle: most ask that it goes with every copy. */
function licences(inputs) {
  const folders = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  return [...new Set(folders)].sort().map(licenceOf).join('\n');
}

function licenceOf(folder) {
  const path = join(root, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n${readFileSync(join(path, file), 'utf8').trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
}
