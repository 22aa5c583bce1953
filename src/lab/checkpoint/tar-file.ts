import { Header } from 'tar';

const blockSize = 512;
const endOfArchive = Buffer.alloc(2 * blockSize);

/** One file of an archive. */
export interface TarFile {
  readonly path: string;
  readonly size: number;
  /** Its content, of exactly that size. */
  readonly content: AsyncIterable<Buffer>;
}

/** The bytes of a tar archive with these files. */
export async function* writeTar(files: AsyncIterable<TarFile>): AsyncGenerator<Buffer> {
  for await (const { path, size, content } of files) {
    const header = new Header({ path, size, mode: 0o644, type: 'File', mtime: new Date(0), uid: 0, gid: 0 });
    const block = Buffer.alloc(blockSize);
    header.encode(block);
    yield block;
    yield* content;
    yield Buffer.alloc(padding(size));
  }
  yield endOfArchive;
}

/**
 * Reads an archive that holds nothing but plain files, as `writeTar` writes it. The content of a file has to be read
 * to its end before the next file is asked for. Throws an Error that says what is wrong with the archive.
 */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarFile> {
  const bytes = openBytes(source);
  for (;;) {
    const block = await bytes.take(blockSize);
    if (block.every((byte) => byte === 0)) break;
    const header = new Header(block);
    const { path = '', size, type } = header;
    if (!header.cksumValid || size === undefined || size < 0) throw new Error('it is not a tar archive');
    if (type !== 'File') throw new Error(`it holds ${path}, which is not a plain file`);
    yield { path, size, content: bytes.pieces(size) };
    if ((await bytes.take(padding(size))).some((byte) => byte !== 0)) throw new Error('it was changed');
  }
  const end = await bytes.take(blockSize);
  if (end.some((byte) => byte !== 0) || !(await bytes.isAtEnd()))
    throw new Error('something follows the end of its archive');
}

function padding(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}

interface Bytes {
  /** The next bytes, as they come. */
  pieces(length: number): AsyncGenerator<Buffer>;
  take(length: number): Promise<Buffer>;
  isAtEnd(): Promise<boolean>;
}

function openBytes(source: AsyncIterable<Buffer>): Bytes {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  /** False at the end of the source. */
  const fill = async (): Promise<boolean> => {
    while (rest.length === 0) {
      const { value, done } = await chunks.next();
      if (done) return false;
      rest = value;
    }
    return true;
  };
  async function* pieces(length: number): AsyncGenerator<Buffer> {
    for (let missing = length; missing > 0; ) {
      if (!(await fill())) throw new Error('it is cut off');
      const piece = rest.subarray(0, missing);
      rest = rest.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }
  return {
    pieces,
    async take(length) {
      const taken: Buffer[] = [];
      for await (const piece of pieces(length)) taken.push(piece);
      return Buffer.concat(taken);
    },
    isAtEnd: async () => !(await fill()),
  };
}
