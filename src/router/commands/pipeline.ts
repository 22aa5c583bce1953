/** Looks through an aggregation pipeline, without decoding it, for stages that must not reach a mongod. */
import { elementsOf, type RawElement, Type } from '../wire/document.js';
import { ServerError } from '../wire/errors.js';

const stages = new Set([
  '$addFields',
  '$bucket',
  '$bucketAuto',
  '$collStats',
  '$count',
  '$currentOp',
  '$densify',
  '$documents',
  '$facet',
  '$fill',
  '$geoNear',
  '$graphLookup',
  '$group',
  '$indexStats',
  '$limit',
  '$lookup',
  '$match',
  '$merge',
  '$out',
  '$planCacheStats',
  '$project',
  '$redact',
  '$replaceRoot',
  '$replaceWith',
  '$sample',
  '$set',
  '$setWindowFields',
  '$shardedDataDistribution',
  '$skip',
  '$sort',
  '$sortByCount',
  '$unionWith',
  '$unset',
  '$unwind',
]);

/** MongoDB nests views and sub-pipelines at most 20 deep (`kMaxSubPipelineViewDepth`). */
const deepest = 20;

export const changeStreamRefusal =
  'course router: change streams are not supported through it. Open the stream on one shard’s replica set instead: ' +
  'connect to that shard’s primary and call watch() there';

/** The names of the stages seen, those of sub-pipelines included. @throws ServerError for a stage that is not allowed */
export function checkPipeline(buffer: Buffer, pipeline: RawElement, depth = 0): Set<string> {
  if (pipeline.type !== Type.array)
    throw new ServerError('TypeMismatch', "'pipeline' option must be specified as an array");
  if (depth > deepest) throw new ServerError('BadValue', `pipelines are nested more than ${deepest} deep`);
  const seen = new Set<string>();
  for (const stage of elementsOf(buffer, pipeline.value, pipeline.end)) {
    if (stage.type !== Type.document) {
      throw new ServerError('TypeMismatch', "Each element of the 'pipeline' array must be an object");
    }
    for (const part of elementsOf(buffer, stage.value, stage.end)) {
      if (part.name.startsWith('$changeStream'))
        throw new ServerError('CommandNotSupported', changeStreamRefusal);
      if (!stages.has(part.name)) {
        throw new ServerError('Location40324', `Unrecognized pipeline stage name: '${part.name}'`);
      }
      seen.add(part.name);
      for (const nested of subPipelines(buffer, part)) {
        for (const name of checkPipeline(buffer, nested, depth + 1)) seen.add(name);
      }
    }
  }
  return seen;
}

function subPipelines(buffer: Buffer, stage: RawElement): RawElement[] {
  if (stage.type !== Type.document) return [];
  if (stage.name === '$facet') return elementsOf(buffer, stage.value, stage.end);
  if (stage.name === '$lookup' || stage.name === '$unionWith') {
    return elementsOf(buffer, stage.value, stage.end).filter(({ name }) => name === 'pipeline');
  }
  // $merge's `whenMatched` may be a pipeline too; MongoDB takes only $set, $unset, $project and $replaceWith there.
  return [];
}
