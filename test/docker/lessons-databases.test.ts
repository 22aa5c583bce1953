import { proveForward } from '../prove/forward.js';
import { forwardPasses } from '../prove/forward-passes.js';
import { portOffsetFor } from '../support/ports.js';
import { wholeLessons } from './support/whole-lessons.js';

proveForward(forwardPasses[0], {
  portOffset: await portOffsetFor('docker-lessons-databases'),
  runtime: 'docker',
  whole: wholeLessons,
});
