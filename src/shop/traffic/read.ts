import { readFileSync } from 'node:fs';
import type { Home } from '../../home.js';
import { dropped } from '../../machine/debug-log.js';
import { fileVersion } from '../../machine/file-version.js';
import { writerLives } from '../../machine/report-writer.js';
import { trafficPlaces } from './places.js';
import type { TrafficReport, WrittenReport } from './report.js';

/** The last report of this home's traffic; undefined where there was none since the lab was made. */
export function readTraffic(home: Home): TrafficReport | undefined {
  return openTrafficReader(home)();
}

/**
 * As `readTraffic`, for one who asks again and again: without traffic that costs one `stat`, and what is read is the
 * very same object for as long as nothing new is written.
 */
export function openTrafficReader(home: Home): () => TrafficReport | undefined {
  const { report: path } = trafficPlaces(home);
  let seen:
    | { version: string; written: WrittenReport | undefined; report?: TrafficReport | undefined }
    | undefined;
  return () => {
    const version = fileVersion(path);
    if (!version) return undefined;
    if (seen?.version !== version) seen = { version, written: parse(path) };
    const { written } = seen;
    if (written === undefined) return undefined;
    const state = written.state === 'running' && !writerLives(written) ? 'dead' : written.state;
    if (seen.report?.state !== state) {
      const { processStartedAt: _, ...report } = written;
      seen.report = { ...report, state };
    }
    return seen.report;
  };
}

/** It is replaced in one step, so a damaged one was damaged by somebody else: the next report heals it. */
function parse(path: string): WrittenReport | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    dropped(error);
    return undefined;
  }
}
