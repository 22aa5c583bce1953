#!/usr/bin/env bash
# `npm run test:full`: everything, an hour. Before an issue is resolved, and each night.
#   npm test          every lesson's start and solution, the workbench, the router, the commands
#   test:docker       what only an engine can show
#   prove all         every mistake of every lesson, on local processes and in containers
#   test:chaos        the exam and killed primaries, over and over
#   test:specs        the driver's CRUD specification, where MSC_CRUD_SPECS names a folder with its files
# All of them run, whichever fails.
set -uo pipefail
cd "$(dirname "$0")/.."

failed=()
step() {
  local from=$SECONDS
  echo "== $*"
  "$@" || failed+=("$*")
  echo "== $*: $((SECONDS - from)) s"
}

step npm test
# The lessons in containers are proven below, with all their mistakes.
step npm run test:docker -- --exclude 'test/docker/lessons-*.test.ts'
step npm run prove -- all
step npm run prove -- all --docker
step npm run test:chaos
if [ -n "${MSC_CRUD_SPECS:-}" ]; then
  step npm run test:specs
else
  echo '== npm run test:specs: NOT RUN, MSC_CRUD_SPECS names no folder (mongodb/specifications, source/crud/tests/unified)'
  [ -z "${CI:-}" ] || failed+=('npm run test:specs')
fi

echo "test:full: $((SECONDS / 60)) min"
if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}"
  exit 1
fi
