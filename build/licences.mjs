import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licence of each package that is in a bundle: most ask that it goes with every copy.
 * @param {string} root folder of package.json, which the paths of `inputs` begin at
 * @param {string[]} inputs the files that the bundle was made of, as esbuild's metafile names them
 * @returns {string}
 */
export function licences(root, inputs) {
  const folders = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  return [...new Set(folders)]
    .sort()
    .map((folder) => licenceOf(join(root, folder)))
    .join('\n');
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
}
