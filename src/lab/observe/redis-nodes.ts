/** Of one line of `CLUSTER NODES` (Redis documentation of that command, "Serialization format"). */
export interface ClusterNode {
  readonly id: string;
  /** `host:port` as clients are told: the announced host name where there is one. */
  readonly announced: string;
  /** The port of the cluster's bus: the node's own, whatever is announced to clients. */
  readonly busPort: number;
  readonly isMyself: boolean;
  readonly isMaster: boolean;
  /** `fail`: a majority says that it is gone; `suspect`: the node that was asked hears nothing from it. */
  readonly health: 'ok' | 'suspect' | 'fail';
  /** Of a replica: its master's id. */
  readonly masterId?: string | undefined;
  /** First and last of each range of hash slots it serves. */
  readonly ranges: readonly (readonly [number, number])[];
}

/** Reads the reply of `CLUSTER NODES`; nodes that are only being met have no place in it yet. */
export function parseClusterNodes(reply: string): readonly ClusterNode[] {
  return reply
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '))
    .filter(([, , flags = '']) => !flags.split(',').includes('handshake'))
    .map(([id = '', endpoint = '', flags = '', master = '', , , , , ...slots]) => {
      const [, ip = '', port = '', bus = '', name = ''] =
        /^(.*):(\d+)@(\d+)(?:,([^,]*))?/.exec(endpoint) ?? [];
      const words = flags.split(',');
      return {
        id,
        announced: `${name || ip}:${port}`,
        busPort: Number(bus),
        isMyself: words.includes('myself'),
        isMaster: words.includes('master'),
        health: words.includes('fail') ? 'fail' : words.includes('fail?') ? 'suspect' : 'ok',
        ...(master === '-' ? {} : { masterId: master }),
        // `[93-<-…]` is a slot on its way to another node.
        ranges: slots.filter((slot) => !slot.startsWith('[')).map(rangeOf),
      };
    });
}

/** How many hash slots a node serves. */
export function slotCount({ ranges }: Pick<ClusterNode, 'ranges'>): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

function rangeOf(text: string): readonly [number, number] {
  const [first = 0, last = first] = text.split('-').map(Number);
  return [first, last];
}

/** The fields of an `INFO` reply, all sections together. */
export function parseInfo(reply: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    reply
      .split(/\r?\n/)
      .filter((line) => line.includes(':') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}
