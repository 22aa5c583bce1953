/**
 * Lessons of which every mistake is made in containers, one of each kind: commands to one server; to several sets; the
 * compose file, which an engine reads by itself; servers that are killed; files that containers mount. The mistakes of
 * the others differ from those on local processes in nothing, and to restore a lab of fifteen containers takes longer
 * than all of a lesson; `npm run test:full` makes them in containers too.
 */
export const wholeLessons = [
  'single-node/first-mongod',
  'sharding/shard-sets',
  'sharding/third-shard',
  'replication/kill-a-primary',
  'caching/invalidation',
  'gateway/two-instances',
];
