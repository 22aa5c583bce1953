import { portOffsetFor } from '../support/ports.js';
import { proveStage } from './support/prove-stage.js';

proveStage('single-node', await portOffsetFor('lessons-single-node'));
