import type { MongoClient } from 'mongodb';

/** The checks of one look ask at the same time: who asks a server what another is asking for gets the same answer. */
export function dedupeInFlight<T>(
  read: (client: MongoClient) => Promise<T>,
): (client: MongoClient) => Promise<T> {
  const underWay = new WeakMap<MongoClient, Promise<T>>();
  return (client) => {
    const answer = underWay.get(client) ?? read(client).finally(() => underWay.delete(client));
    underWay.set(client, answer);
    return answer;
  };
}
