import { stripVTControlCharacters } from 'node:util';
import { theme } from '../theme.js';

/**
 * A line of a log as a person reads it. mongod writes JSON (manual: Log Messages): time, severity, component,
 * message and its attributes; what is no such line is shown as it is.
 */
export function logLine(raw: string): string {
  const entry = parse(raw);
  if (entry === undefined) return stripVTControlCharacters(raw).replaceAll('\t', '    ');
  const { t, s, c, msg, attr } = entry;
  const severe = s === 'E' || s === 'F' ? theme.wrong : s === 'W' ? theme.pending : theme.dim;
  const details = attr === undefined ? '' : ` ${theme.dim(asText(attr))}`;
  return `${theme.dim(clock(t?.$date))} ${severe(`${s} ${c}`)} ${msg}${details}`;
}

/** `14:03:59`, in the learner's own time; the day is that of the start, which is beside it. */
export function clock(date: string | undefined): string {
  const time = new Date(date ?? '');
  return Number.isNaN(time.getTime()) ? '' : time.toLocaleTimeString('en-GB');
}

interface LogEntry {
  readonly t?: { readonly $date?: string };
  readonly s: string;
  readonly c: string;
  readonly msg: string;
  readonly attr?: object;
}

function parse(raw: string): LogEntry | undefined {
  if (!raw.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(raw) as LogEntry;
    return typeof entry.msg === 'string' && typeof entry.s === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** `remote: 127.0.0.1:5, count: 3` */
function asText(attr: object): string {
  return Object.entries(attr)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
    .replace(/\s+/g, ' ');
}
