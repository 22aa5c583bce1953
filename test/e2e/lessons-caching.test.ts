import { portOffsetFor } from '../support/ports.js';
import { takeFrontCheckpoint } from './support/front-checkpoint.js';
import { proveStage } from './support/prove-stage.js';

proveStage('caching', await portOffsetFor('lessons-caching'), {
  runtime: 'local',
  takeCheckpoint: takeFrontCheckpoint,
});
