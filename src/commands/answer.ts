import type { Command } from 'commander';
import { findLesson } from '../course/catalog.js';
import { keepAnswer } from '../grading/answers.js';
import { withCourse } from './course-context.js';
import { optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';

export function answerCommand(command: Command): Command {
  return command
    .argument('<lesson>')
    .argument('<question>', 'its short name, as the lesson gives it')
    .argument('<value>')
    .action(async (id: string, question: string, value: string, _: unknown, command: Command) => {
      const options = optionsOf(command);
      await withCourse(options, async ({ lab, catalog }) => {
        const lesson = findLesson(catalog, id);
        const kept = await keepAnswer(lab.home, lesson, question, value);
        if (options.json) sayJson({ lesson: lesson.id, question, value: kept });
        else say(`Kept: ${question} = ${kept}. Look: mongo-scale-course check ${lesson.id}`);
      });
    });
}
