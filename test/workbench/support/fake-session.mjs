// Plain JavaScript, so that the program that the pty tests start can use it beside the built workbench.
import { existsSync } from 'node:fs';
import {
  addShards,
  mistakes,
  passedVerdicts,
  pendingVerdicts,
  snapshot,
  stages,
  summary,
  terms,
} from './fake-course.mjs';

export * from './fake-course.mjs';

const savedCheckpoint = {
  name: 'wild',
  kind: 'saved',
  lesson: 'sharding/add-shards',
  stage: 'sharding',
  takenAt: '2026-11-30T22:41:53.000Z',
  atStart: false,
  bytes: 1_500_000,
  fits: true,
  reason: null,
};

export function createFakeSession(options = {}) {
  const listeners = new Set();
  const calls = [];
  let lab = { stage: 'sharding', runtime: 'local' };
  let timer;
  let opened;
  let done;
  const say = (event) => {
    for (const listener of listeners) listener(event);
  };
  const look = () => {
    const now = existsSync(options.doneFile);
    if (now === done) return;
    done = now;
    say({
      kind: 'verdicts',
      lesson: opened,
      passed: now,
      checks: now ? passedVerdicts : pendingVerdicts,
      measured: [],
    });
  };

  return {
    calls,
    say,
    subscribe(listener) {
      listeners.add(listener);
      listener({ kind: 'course', stages, current: 'sharding/add-shards' });
      listener({ kind: 'lab', lab });
      listener({ kind: 'snapshot', snapshot });
      return () => listeners.delete(listener);
    },
    async openLesson(id) {
      calls.push(`openLesson ${id}`);
      opened = id;
      done = undefined;
      clearInterval(timer);
      if (options.doneFile !== undefined) timer = setInterval(look, 20);
      return { ...addShards, id, stage: id.split('/')[0], traffic: options.traffic };
    },
    async bringUp(stage, onEvent, signal) {
      calls.push(`bringUp ${stage}`);
      onEvent({ kind: 'program', program: 'mongod', phase: 'downloading', received: 31e6, total: 80e6 });
      onEvent({ kind: 'service', service: 'config1', phase: 'ready', seconds: 1.24 });
      onEvent({ kind: 'service', service: 'shard1a', phase: 'starting' });
      if (options.hang) {
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            calls.push('aborted');
            reject(signal.reason);
          });
        });
      }
      onEvent({ kind: 'service', service: 'shard1a', phase: 'ready', seconds: 2 });
      lab = { stage, runtime: 'local' };
      say({ kind: 'lab', lab });
    },
    async gotoLesson(id, onEvent, _signal, { restart } = {}) {
      calls.push(`gotoLesson ${id}${restart ? ' restart' : ''}`);
      onEvent({ kind: 'rebuild', reason: 'the lab is already at stage "sharding"' });
      onEvent({ kind: 'replay', lesson: 'sharding/config-server', phase: 'typing' });
      onEvent({
        kind: 'typing',
        lesson: 'sharding/config-server',
        typing: { how: 'shell', at: 'config1', input: 'rs.initiate()' },
      });
      onEvent({ kind: 'replay', lesson: 'sharding/config-server', phase: 'passed' });
    },
    checkpoints: {
      async list() {
        return [savedCheckpoint];
      },
      async find(name) {
        if (name !== savedCheckpoint.name) throw new Error(`There is no checkpoint "${name}".`);
        return savedCheckpoint;
      },
      async save(name) {
        calls.push(`saveCheckpoint ${name}`);
      },
      async restore(name, onEvent) {
        calls.push(`restoreCheckpoint ${name}`);
        onEvent({ kind: 'restore', lesson: savedCheckpoint.lesson, name });
      },
    },
    async play({ begin, typeInto }) {
      for (const typing of options.solution ?? []) {
        await begin(typing);
        calls.push(`play ${typing.how} ${typing.input}`);
        if (typing.how === 'shell') await typeInto(typing.at, 'own', typing.input);
      }
      say({ kind: 'verdicts', lesson: opened, passed: true, checks: passedVerdicts, measured: [] });
      return { passed: true };
    },
    async answer(question, value) {
      calls.push(`answer ${question} ${value}`);
    },
    stir() {},
    async look() {
      if (options.doneFile !== undefined) look();
    },
    async shell(service, kind) {
      calls.push(kind === 'own' ? `shell ${service}` : `shell ${service} ${kind}`);
      return (
        options.shell ?? { file: 'bash', args: ['--norc', '--noprofile', '-i'], env: { PS1: 'shell> ' } }
      );
    },
    async workspaceFile(file) {
      calls.push(`workspaceFile ${file}`);
      return `/home/ada/workspace/${file}`;
    },
    async fault(fault, service) {
      calls.push(`fault ${fault} ${service}`);
    },
    async traffic(act, sent) {
      calls.push(['traffic', act, ...(sent ? [JSON.stringify(sent)] : [])].join(' '));
    },
    async *logs(service, signal) {
      calls.push(`logs ${service}`);
      yield `${service} was started`;
      yield JSON.stringify({
        t: { $date: '2026-01-31T14:03:59.000+00:00' },
        s: 'I',
        c: 'NETWORK',
        msg: 'Waiting for connections',
        attr: { port: 27111 },
      });
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      calls.push(`end of logs ${service}`);
    },
    async mistakes() {
      return options.mistakes ?? mistakes;
    },
    async glossary() {
      return terms;
    },
    async summary(stage) {
      calls.push(`summary ${stage}`);
      return summary;
    },
    async close() {
      calls.push('close');
      clearInterval(timer);
    },
  };
}
