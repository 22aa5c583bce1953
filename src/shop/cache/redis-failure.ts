/** What ioredis rejects with: replies that are errors, no connection, no answer in time. */
export function isRedisFailure(error: unknown): boolean {
  const { name = '', message = '' } = (error ?? {}) as Error;
  if (/^(ReplyError|MaxRetriesPerRequestError|ClusterAllFailedError|AbortError)$/.test(name)) return true;
  return /^(Connection is closed|Command timed out|Stream isn't writeable|Cluster isn't ready|Too many Cluster redirections)|ECONNREFUSED|ECONNRESET/.test(
    message,
  );
}
