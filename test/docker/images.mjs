// Builds, in the engine that DOCKER_HOST names, images that stand in for the official ones where no registry can be
// reached: same words as command, same data folders. Says what it does on stderr, and on stdout which variable names
// which image. What is there and has not changed is kept. Needs `npm run build` first.
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { findProgram } from '../../src/lab/local/programs/programs.ts';
import { packageRoot } from '../../src/package.ts';

/** Everything the programs are linked with, Redis and nginx themselves; curl, ip and getent for whoever looks inside. */
const packages = [
  'ca-certificates',
  'curl',
  'iproute2',
  'libcurl4',
  'liblzma5',
  'libssl3',
  'libstdc++6',
  'nginx-light',
  'redis-server',
];
const suite = 'bookworm';

const step = (text) => process.stderr.write(`\u001b[1m==>\u001b[0m ${text}\n`);
const docker = async (...args) => (await execa('docker', args, { stderr: 'inherit' })).stdout;
const has = async (image) =>
  (await execa('docker', ['image', 'inspect', image], { reject: false })).exitCode === 0;
const hashOf = (...parts) => createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);

/** Debian's smallest system with the packages above, as the lowest layer of all images. */
async function buildBase() {
  const image = `msc-test/base:${hashOf(suite, ...packages)}`;
  if (await has(image)) return image;
  step(`building ${image} with debootstrap (${suite})`);
  await inFolder(async (folder) => {
    const root = join(folder, 'root');
    await execa('debootstrap', ['--variant=minbase', `--include=${packages.join(',')}`, suite, root], {
      stdout: ['ignore'],
      stderr: 'inherit',
      env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
    });
    const tar = execa(
      'tar',
      ['-C', root, '--exclude=./var/cache/apt/*', '--exclude=./var/lib/apt/lists/*', '-c', '.'],
      {
        buffer: false,
        encoding: 'buffer',
      },
    );
    await tar.pipe('docker', ['import', '-', image]);
  });
  return image;
}

/** Copies what `fill` puts into a folder over an image, and gives the result a name that tells what is in it. */
async function buildOn(base, { name, version, changes, fill }) {
  const image = `msc-test/${name}:${hashOf(base, version, ...changes)}`;
  if (await has(image)) return image;
  step(`building ${image}`);
  await inFolder(async (folder) => {
    await fill(folder);
    const container = await docker('create', base, 'true');
    await docker('cp', `${folder}/.`, `${container}:/`);
    await docker('commit', ...changes.flatMap((change) => ['--change', change]), container, image);
    await docker('rm', container);
  });
  await removeOthers(image);
  return image;
}

/** Removes what an image of the same name was before, unless a container still runs it. */
async function removeOthers(image) {
  const [name] = image.split(':');
  const images = (await docker('image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', name)).split('\n');
  const old = images.filter((other) => other !== '' && other !== image);
  if (old.length > 0) await execa('docker', ['image', 'rm', ...old], { reject: false });
}

async function inFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'msc-image-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const bin = ['usr', 'local', 'bin'];

async function addProgram(folder, name, file) {
  await mkdir(join(folder, ...bin), { recursive: true });
  await cp(file, join(folder, ...bin, name), { dereference: true });
}

async function addScript(folder, name, command) {
  await mkdir(join(folder, ...bin), { recursive: true });
  await writeFile(join(folder, ...bin, name), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
}

/** mongod and mongosh, without a router yet. */
async function buildMongo(node) {
  const [mongod, mongosh] = [await findProgram('mongod'), await findProgram('mongosh')];
  return buildOn(node, {
    name: 'mongo-without-router',
    version: `${mongod.runs} ${mongosh.runs}`,
    changes: ['CMD ["mongod"]', `ENV MONGO_VERSION=${mongod.version}`, 'VOLUME /data/db /data/configdb'],
    async fill(folder) {
      await addProgram(folder, 'mongod', mongod.file);
      await mkdir(join(folder, 'data', 'db'), { recursive: true });
      await mkdir(join(folder, 'data', 'configdb'), { recursive: true });
      const [script] = mongosh.argsBefore;
      if (script === undefined) return addProgram(folder, 'mongosh', mongosh.file);
      const installed = script.slice(0, script.indexOf('node_modules'));
      await cp(installed, join(folder, 'opt', 'mongosh'), { recursive: true });
      await addScript(folder, 'mongosh', `node /opt/mongosh/${relative(installed, script)}`);
    },
  });
}

/** The course's router as `mongos`, with the chunks that the build shares among the course's processes. */
async function addRouter(mongo) {
  const router = join('dist', 'src', 'router', 'main.js');
  return buildOn(mongo, {
    name: 'mongo',
    // It names the chunks it loads, and those have names made of their content.
    version: hashOf(await readFile(join(packageRoot, router), 'utf8')),
    changes: ['LABEL mongo-scale-course.mongos="course router"'],
    async fill(folder) {
      const course = join(folder, 'opt', 'course');
      for (const file of [router, join('dist', 'src', 'chunks'), 'package.json']) {
        await mkdir(dirname(join(course, file)), { recursive: true });
        await cp(join(packageRoot, file), join(course, file), { recursive: true });
      }
      await addScript(folder, 'mongos', 'node /opt/course/dist/src/router/main.js');
    },
  });
}

const base = await buildBase();
const node = await buildOn(base, {
  name: 'node',
  version: process.version,
  changes: ['CMD ["node"]', `ENV NODE_VERSION=${process.versions.node}`],
  fill: (folder) => addProgram(folder, 'node', process.execPath),
});
const redis = await buildOn(base, {
  name: 'redis',
  version: suite,
  changes: ['CMD ["redis-server"]', 'VOLUME /data', 'WORKDIR /data'],
  fill: (folder) => mkdir(join(folder, 'data')),
});
const nginx = await buildOn(base, {
  name: 'nginx',
  version: suite,
  changes: ['CMD ["nginx", "-g", "daemon off;"]'],
  // Where the official image has them too.
  fill: (folder) => mkdir(join(folder, 'var', 'cache', 'nginx'), { recursive: true }),
});
const found = await findProgram('traefik');
const traefik = await buildOn(base, {
  name: 'traefik',
  version: found.runs,
  changes: ['CMD ["traefik"]', `ENV TRAEFIK_VERSION=${found.version}`],
  fill: (folder) => addProgram(folder, 'traefik', found.file),
});
const mongo = await addRouter(await buildMongo(node));

const images = {
  MSC_MONGO_IMAGE: mongo,
  MSC_REDIS_IMAGE: redis,
  MSC_TRAEFIK_IMAGE: traefik,
  MSC_NODE_IMAGE: node,
  MSC_NGINX_IMAGE: nginx,
};
for (const [variable, image] of Object.entries(images)) process.stdout.write(`${variable}=${image}\n`);
