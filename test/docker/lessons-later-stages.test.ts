import { proveStage } from '../e2e/support/prove-stage.js';
import { portOffsetFor } from '../support/ports.js';

// One lab, as a learner has it: each stage goes on from the one before.
proveStage(['replication', 'caching'], await portOffsetFor('docker-lessons-later-stages'), {
  runtime: 'docker',
  // Its members are shut down from the router's shell, which MongoDB refuses from another host: to be told otherwise.
  except: ['replication/rollback'],
});
