import { readStack } from '../lab/compose/stack.js';
import type { LessonSource, LintFinding } from './source.js';

/** What can be said of a lesson's plan: services that its stage has not, placeholders, titles that are no ids. */
export function lintPlan({ id, stage, file, source, plan }: LessonSource): readonly LintFinding[] {
  const module = file.replace(/[^/]+$/, 'lesson.ts');
  const stack = readStack(stage, { env: {} });
  const services = new Set([...stack.services.map(({ name }) => name), ...Object.keys(stack.toCome ?? {})]);
  const findings: LintFinding[] = [];
  const steps = [...plan.solution, ...plan.mistakes.flatMap(({ after }) => after)];
  const named = [
    ...plan.checks.map(({ at }) => at),
    ...steps.flatMap((step) =>
      (step.kind === 'shell' || step.kind === 'fault') && typeof step.service === 'string'
        ? [step.service]
        : [],
    ),
  ];
  for (const service of new Set(named)) {
    if (services.has(service)) continue;
    findings.push({
      where: module,
      rule: 'unknown-service',
      message: `names the service "${service}", which compose/${stage}.yaml has not`,
    });
  }
  const lines = steps.flatMap((step) => (step.kind === 'shell' ? [step.lines] : []));
  for (const [whole, word, name = ''] of [source, ...lines].join('\n').matchAll(/\{\{(\w+) ([^}]+)\}\}/g)) {
    const known =
      word === 'address' || word === 'peer' || word === 'host'
        ? services.has(name)
        : word === 'course' || word === 'workspace';
    if (known) continue;
    findings.push({
      where: file,
      rule: 'unknown-placeholder',
      message: `says ${whole}, which the lab of this stage cannot fill in`,
    });
  }
  const titles = plan.checks.map(({ title }) => title);
  for (const title of new Set(titles.filter((title, index) => titles.indexOf(title) !== index))) {
    findings.push({
      where: module,
      rule: 'title-twice',
      message: `has two checks called "${title}": progress keeps them by their titles`,
    });
  }
  for (const { id: mistake, after } of plan.mistakes) {
    if (after.length > 0) continue;
    findings.push({
      where: module,
      rule: 'mistake-not-made',
      message: `does not say how the mistake "${mistake}" of ${id} is made, so no test can make it`,
    });
  }
  const isWritten = plan.solution.some((step) => step.kind === 'write' && step.file === plan.file);
  if (plan.leavesFile && (plan.leavesNothing || !isWritten)) {
    findings.push({
      where: module,
      rule: 'no-file-left',
      message: plan.leavesNothing
        ? 'says leavesFile and leavesNothing: leave one of them out'
        : 'says leavesFile, but its solution does not write its file',
    });
  }
  return findings;
}
