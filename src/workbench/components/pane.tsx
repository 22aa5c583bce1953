import type { PaneDocument } from '../view/documents.js';
import { framed } from '../view/frame.js';
import type { PaneSize } from '../view/layout.js';
import { Lines } from './lines.js';

interface PaneProps {
  readonly document: PaneDocument;
  readonly size: PaneSize;
  /** True where keys go to it and there is another pane they could go to. */
  readonly focused?: boolean;
}

/** A bordered pane with its title, and the part of its document that is to be seen. */
export function Pane({ document, size, focused = false }: PaneProps) {
  return <Lines lines={framed({ ...document, ...size, focused })} width={size.width} />;
}
