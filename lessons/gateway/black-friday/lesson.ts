import {
  answer,
  type Check,
  check,
  exam,
  examOfLesson,
  type LabView,
  lesson,
  measurement,
  mistake,
  mongosh,
  number,
  pass,
  pending,
  primary,
  wrong,
} from '../../../src/lesson/lesson.js';
import { at, healthCheck, save, shops } from '../rules.js';

/** The seeds of the mistakes have the fault first that shows them. */
const shopFirst = 0;
const shardFirst = 6;
const seed = 7;

type Report = NonNullable<ReturnType<typeof examOfLesson>>;
type InvariantId = Report['invariants'][number]['id'];

const brokenBy = (kind: Report['brokenBy']) => (report: Report) => report.brokenBy === kind;

/** An invariant of the exam as a check: passed when the exam is, for it is held once and for all of them. */
function holds(title: string, id: InvariantId, service: string): Check {
  return check(title, {
    at: service,
    kind: 'event',
    evenIfDown: true,
    look: async (lab) => {
      const report = examOfLesson(lab);
      if (!report) return pending('no exam since you began this lesson', 'an exam');
      if (report.problem !== undefined)
        return pending(`the exam could not go on: ${report.problem}`, 'an exam');
      const seen = report.invariants.find((one) => one.id === id);
      if (!seen) return pending('a calm evening, to compare with', 'Black Friday');
      const { observed, bound, state } = seen;
      if (state === 'broken' && id === 'errors' && report.brokenBy === 'shop')
        return wrong('dead-shop-met', observed, bound);
      if (state === 'broken' && id === 'errors' && report.brokenBy === 'shard')
        return wrong('slow-election', observed, bound);
      if (report.state === 'running') return pending(`${observed}; ${report.held} s held`, bound);
      if (report.passed) return pass(observed);
      const ended = report.state === 'over' ? 'the exam was not passed' : 'the exam was broken off';
      return pending(`${observed}; ${ended}`, bound);
    },
  });
}

const passedExam = (lab: LabView) => {
  const report = examOfLesson(lab);
  return report?.passed ? report : undefined;
};

const three = [at('shop1'), at('shop2'), at('shop3')];
const ready = save({
  through: ['again'],
  middlewares: `    again:
      retry:
        attempts: 5
        initialInterval: 50ms
        status: ["502", "503"]
        retryNonIdempotentMethod: true
`,
  services: shops(three, { more: healthCheck }),
});
const quickElections = `cfg = rs.conf()
cfg.settings.electionTimeoutMillis = 2000
cfg.settings.heartbeatIntervalMillis = 500
rs.reconfig(cfg)`;

export default lesson({
  minutes: 20,
  leavesNothing: true,
  needs: ['replication/whole-cluster'],
  file: 'gateway/dynamic.yaml',
  checks: [
    holds('Fewer than one request in a hundred failed', 'errors', 'gateway'),
    holds('Nobody waited much longer than before', 'latency', 'gateway'),
    holds('No order that was acknowledged is lost', 'lost', 'router1'),
    holds('No price that was shown was old', 'stale', 'redis'),
  ],
  questions: [number('failed', 'requests')],
  measurements: [
    measurement('failed', { unit: 'requests', measure: async (lab) => passedExam(lab)?.rush?.failed }),
    measurement('requests', { unit: 'requests', measure: async (lab) => passedExam(lab)?.rush?.requests }),
    measurement('calm', { unit: 'ms', measure: async (lab) => passedExam(lab)?.calm?.p95 ?? undefined }),
    measurement('rush', { unit: 'ms', measure: async (lab) => passedExam(lab)?.rush?.p95 ?? undefined }),
  ],
  mistakes: [
    mistake('dead-shop-met', {
      after: [save({ services: shops(three) }), exam(shopFirst, brokenBy('shop'))],
    }),
    mistake('slow-election', { after: [ready, exam(shardFirst, brokenBy('shard'))] }),
  ],
  solution: [
    answer('failed', '10'),
    ready,
    mongosh(primary('shard1'), quickElections),
    mongosh(primary('shard2'), quickElections),
    mongosh(primary('shard3'), quickElections),
    exam(seed),
  ],
});
