/** What the settings file says. */
export interface RegistrationSettings {
  readonly register: boolean;
  /** The entry vanishes by itself so long after the last heartbeat. */
  readonly ttlSeconds: number;
  /** How often the entry is renewed. */
  readonly heartbeatSeconds: number;
  /** Where the gateway asks whether an instance lives. */
  readonly healthPath: string;
}

/** Without a settings file. */
export const unregistered: RegistrationSettings = {
  register: false,
  ttlSeconds: 10,
  heartbeatSeconds: 3,
  healthPath: '/live',
};

/** Reads `registration.json`; what it does not say is as for a shop that does not register. Throws an error that says what is wrong with it. */
export function parseSettings(text: string): RegistrationSettings {
  const settings = { ...unregistered, ...(JSON.parse(text) as Partial<RegistrationSettings>) };
  if (typeof settings.register !== 'boolean') throw new Error('"register" is true or false');
  for (const name of ['ttlSeconds', 'heartbeatSeconds'] as const) {
    if (!Number.isInteger(settings[name]) || settings[name] < 1)
      throw new Error(`"${name}" is a whole number of seconds, 1 or more`);
  }
  if (typeof settings.healthPath !== 'string' || !settings.healthPath.startsWith('/'))
    throw new Error('"healthPath" begins with /');
  return settings;
}
