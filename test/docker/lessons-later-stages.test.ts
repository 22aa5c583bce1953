import { proveStage } from '../e2e/support/prove-stage.js';
import { portOffsetFor } from '../support/ports.js';

// One lab, as a learner has it: each stage goes on from the one before.
proveStage(['replication', 'caching', 'gateway'], await portOffsetFor('docker-lessons-later-stages'), {
  runtime: 'docker',
});
