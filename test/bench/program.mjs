import { fileURLToPath } from 'node:url';

/** The program as it is shipped. */
export const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
export const router = fileURLToPath(new URL('../../dist/src/router/main.js', import.meta.url));
