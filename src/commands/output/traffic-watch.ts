import { setTimeout as delay } from 'node:timers/promises';
import type { TrafficReport } from '../../shop/traffic/report.js';
import { lastSecondWords, trafficLines } from '../../shop/traffic/words.js';
import { say } from './output.js';

/** A line a second, as long as traffic runs; then how it ended. */
export async function watchTraffic(read: () => TrafficReport | undefined): Promise<void> {
  let told = 0;
  let report = read();
  for (; report?.state === 'running'; report = read()) {
    const second = report.seconds.at(-1);
    if (second && second.at > told) {
      told = second.at;
      say(lastSecondWords(report));
    }
    await delay(200);
  }
  if (!report)
    return say('No traffic has been sent to this lab yet. Begin with: mongo-scale-course traffic start');
  for (const line of trafficLines(report)) say(line);
}
