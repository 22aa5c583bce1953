// `node --import ./build/typescript.mjs SCRIPT` lets a script of test/ import the course's sources as they are.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
