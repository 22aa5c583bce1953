import { portOffsetFor } from '../support/ports.js';
import { proveStage } from './support/prove-stage.js';

proveStage('replication', await portOffsetFor('lessons-replication'));
