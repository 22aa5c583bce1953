import { proveLane } from './lane.js';

await proveLane(4);
