import type { HeldData } from '../../../lab/observe/snapshot.js';
import type { MapGroup } from '../../state/map-groups.js';
import { theme } from '../../theme.js';

/** What every bar of a map is measured against. */
export interface BarScale {
  /** On all shards together. */
  readonly documents: number;
  /** Cells of the longest figure, so that bars of equal width are equal shares. */
  readonly figureWidth: number;
}

/** The scale of groups that are drawn one beside the other. */
export function barScale(groups: readonly MapGroup[]): BarScale {
  const held = groups.flatMap(({ data }) => data ?? []);
  return {
    documents: held.reduce((sum, { documents }) => sum + documents, 0),
    figureWidth: Math.max(0, ...held.map((data) => documentText(data).length)),
  };
}

/**
 * `████░░░░ 12,034 docs  8.7 MB` in at most `width` cells; the bar is this shard's share of all documents. Gives up
 * the bytes first, then the bar, then the number.
 */
export function dataBar(data: HeldData, scale: BarScale, width: number): string {
  const bytes = `  ${byteText(data.bytes).padStart(bytesWidth)}`;
  const figure = documentText(data).padStart(scale.figureWidth);
  const room = Math.min(widestBar, width - figure.length - 1);
  // The only shard there is has all, whatever that is.
  const alone = scale.documents === data.documents && data.documents > 0;
  const withBytes = width - figure.length - bytes.length - (alone ? 0 : bytesFrom) >= 0 ? bytes : '';
  if (alone) return cutAway(documentText(data) + withBytes, width);
  if (room < 4) return cutAway(documentText(data), width);
  const cells = Math.min(widestBar, width - figure.length - 1 - withBytes.length);
  const share = scale.documents === 0 ? 0 : data.documents / scale.documents;
  // What is there is seen, however little it is.
  const full = data.documents === 0 ? 0 : Math.max(1, Math.round(share * cells));
  return `${theme.focus('█'.repeat(full))}${theme.dim(`${'░'.repeat(cells - full)} ${figure}${withBytes}`)}`;
}

const widestBar = 24;
const bytesWidth = '999.9 MB'.length;
/** Cells that a bar keeps before the bytes are said too. */
const bytesFrom = 13;

function cutAway(text: string, width: number): string {
  return text.length > width ? '' : theme.dim(text);
}

function documentText({ documents }: HeldData): string {
  return `${documents.toLocaleString('en')} ${documents === 1 ? 'doc' : 'docs'}`;
}

/** Bytes as `8.7 MB` (10^6), `312 kB`, `96 B`. */
export function byteText(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
