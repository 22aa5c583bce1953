import { expect, test } from 'vitest';
import { findLesson, loadCatalog } from '../../src/course/catalog.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { lessonTraffic } from '../../src/workbench/lesson-traffic.js';

const catalog = await loadCatalog<Lesson>();
const trafficOf = (id: string) => lessonTraffic(findLesson(catalog, id).plan);

test('the customers of a lesson are those of its own solution', () => {
  expect(trafficOf('single-node/single-point-of-failure')).toMatchObject({ orders: 100, w: 'both' });
  expect(trafficOf('replication/kill-a-primary')).toMatchObject({ orders: 100, w: 'both' });
  expect(trafficOf('single-node/find-the-slow-query')).toEqual({ w: 1 });
});

test('a lesson that sends none has none of its own', () => {
  expect(trafficOf('sharding/config-server')).toBeUndefined();
});
