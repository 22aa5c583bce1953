import { forwardPasses, proveForward } from '../prove/forward.js';
import { portOffsetFor } from '../support/ports.js';

proveForward(forwardPasses[1], { portOffset: await portOffsetFor('lessons-in-front') });
