import { proveStage } from '../e2e/support/prove-stage.js';
import { portOffsetFor } from '../support/ports.js';
import { takeVolumeCheckpoint } from './support/volume-checkpoint.js';

proveStage('single-node', await portOffsetFor('docker-lessons-single-node'), {
  runtime: 'docker',
  takeCheckpoint: takeVolumeCheckpoint,
});
