import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/router/arguments.js';

const configdb = ['--configdb', 'configset/127.0.0.1:27101,127.0.0.1:27102'];

describe('the router’s arguments', () => {
  it('are mongos’s, with its defaults', () => {
    expect(parseArguments(configdb)).toEqual({
      configdb: { name: 'configset', hosts: ['127.0.0.1:27101', '127.0.0.1:27102'] },
      port: 27017,
      bindIp: '127.0.0.1',
      logpath: undefined,
    });
  });

  it('come with a space or an equals sign', () => {
    const { port, logpath, configdb } = parseArguments(['--configdb=c/h', '--port=27018', '--logpath', '/x']);
    expect({ port, logpath, configdb }).toEqual({
      port: 27018,
      logpath: '/x',
      configdb: { name: 'c', hosts: ['h:27019'] },
    });
  });

  it('may say more than matters here', () => {
    const more = ['-vvv', '--quiet', '--setParameter', 'a=b', '--bind_ip_all', '--logappend'];
    expect(parseArguments([...configdb, ...more]).bindIp).toBe('0.0.0.0');
  });

  it.each([
    ['localhost', '127.0.0.1'],
    ['127.0.0.1,192.168.1.5', '127.0.0.1'],
    ['*', '0.0.0.0'],
    ['192.168.1.5', '192.168.1.5'],
  ])('--bind_ip %s listens on %s', (given, bindIp) => {
    expect(parseArguments([...configdb, '--bind_ip', given]).bindIp).toBe(bindIp);
  });

  it.each([
    [[], 'no args for --configdb'],
    [['--configdb', 'cfg1:27017'], 'FailedToParse: invalid url [cfg1:27017]'],
    [['--configdb', '/cfg1:27017'], 'BadValue: configdb supports only replica set connection string'],
    [['--configdb', 'set/'], 'FailedToParse: invalid url [set/]'],
    [['--configdb'], "the required argument for option '--configdb' is missing"],
    [[...configdb, '--wiredTigerCacheSizeGB', '1'], "unrecognised option '--wiredTigerCacheSizeGB'"],
    [[...configdb, '--port', '70000'], 'port number'],
    [[...configdb, '--port', 'x'], 'port number'],
    [[...configdb, 'stray'], 'positional'],
  ])('%j are refused', (argv, message) => {
    expect(() => parseArguments(argv)).toThrow(message);
  });
});
