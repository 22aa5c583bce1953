import { proveStage } from '../e2e/support/prove-stage.js';
import { portOffsetFor } from '../support/ports.js';
import { takeVolumeCheckpoint } from './support/volume-checkpoint.js';

proveStage('sharding', await portOffsetFor('docker-lessons-sharding'), {
  runtime: 'docker',
  takeCheckpoint: takeVolumeCheckpoint,
});
