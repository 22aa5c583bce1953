import { portOffsetFor } from '../support/ports.js';
import { proveStage } from './support/prove-stage.js';

proveStage('sharding', await portOffsetFor('lessons-sharding'));
