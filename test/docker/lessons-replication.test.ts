import { proveStage } from '../e2e/support/prove-stage.js';
import { portOffsetFor } from '../support/ports.js';
import { takeVolumeCheckpoint } from './support/volume-checkpoint.js';

proveStage('replication', await portOffsetFor('docker-lessons-replication'), {
  runtime: 'docker',
  takeCheckpoint: takeVolumeCheckpoint,
});
