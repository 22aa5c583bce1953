/** What CommonJS has of its own accord, for such packages in a bundle of modules. */
export const commonJs = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const __dirname = import.meta.dirname;
const __filename = import.meta.filename;`;
