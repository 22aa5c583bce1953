import { portOffsetFor } from '../support/ports.js';
import { takeDoorCheckpoint } from './support/door-checkpoint.js';
import { proveStage } from './support/prove-stage.js';

proveStage('gateway', await portOffsetFor('lessons-gateway'), {
  runtime: 'local',
  takeCheckpoint: takeDoorCheckpoint,
});
