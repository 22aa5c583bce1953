import type { BuildOptions } from 'esbuild';

export declare const program: BuildOptions & { readonly external: string[] };
