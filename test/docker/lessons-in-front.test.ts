import { proveForward } from '../prove/forward.js';
import { forwardPasses } from '../prove/forward-passes.js';
import { portOffsetFor } from '../support/ports.js';
import { wholeLessons } from './support/whole-lessons.js';

proveForward(forwardPasses[1], {
  portOffset: await portOffsetFor('docker-lessons-in-front'),
  runtime: 'docker',
  whole: wholeLessons,
});
