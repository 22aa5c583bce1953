/** Hosts that mean a service of the stack itself when they stand before a port. */
const ownHosts = ['', 'localhost', '127.0.0.1', '0.0.0.0'];

/** What `--port-offset` may touch: only numbers that are ports of services of this stack are shifted. */
export interface PortShift {
  readonly offset: number;
  readonly ports: ReadonlySet<number>;
  readonly services: ReadonlySet<string>;
}

/** Shifts ports in arguments: after an option that is named for a port (`--port`), and in each `host:port`. */
export function shiftArguments(args: readonly string[], shift: PortShift): readonly string[] {
  return args.map((arg, index) =>
    /^-(p|.*port)$/.test(args[index - 1] ?? '') ? shiftNumber(arg, shift) : shiftText(arg, shift),
  );
}

/** Shifts ports in environment variables: URLs and lists of `host:port`, and numbers in variables named for a port. */
export function shiftEnvironment(
  environment: Readonly<Record<string, string>>,
  shift: PortShift,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      /PORT$/i.test(name) ? shiftNumber(value, shift) : shiftText(value, shift),
    ]),
  );
}

/** Shifts the ports in any list of strings in a value taken from a compose file (a healthcheck's test). */
export function shiftValue(value: unknown, shift: PortShift): unknown {
  if (typeof value === 'string') return shiftText(value, shift);
  if (Array.isArray(value)) {
    return value.every((item) => typeof item === 'string') ? shiftArguments(value, shift) : value;
  }
  return value;
}

function shiftNumber(text: string, { ports, offset }: PortShift): string {
  return /^\d+$/.test(text) && ports.has(Number(text)) ? String(Number(text) + offset) : text;
}

/** Shifts the ports in each `host:port` of a text. */
export function shiftText(text: string, shift: PortShift): string {
  return text
    .replaceAll(/([A-Za-z0-9_.-]*):(\d{2,5})(?![\w.])/g, (whole, host: string, port: string) =>
      ownHosts.includes(host) || shift.services.has(host) ? `${host}:${shiftNumber(port, shift)}` : whole,
    )
    .replaceAll(
      /(-port[= ])(\d{2,5})\b/g,
      (_, option: string, port: string) => option + shiftNumber(port, shift),
    );
}
