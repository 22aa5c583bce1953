import { proveForward } from '../prove/forward.js';
import { forwardPasses } from '../prove/forward-passes.js';
import { portOffsetFor } from '../support/ports.js';

proveForward(forwardPasses[1], { portOffset: await portOffsetFor('lessons-in-front') });
