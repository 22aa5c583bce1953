#!/usr/bin/env bash
# `npm run test:docker`: an engine with images (engine.sh), then the tests that need one. Arguments go to vitest.
set -euo pipefail
cd "$(dirname "$0")/../.."

npm run --silent build
bash test/docker/engine.sh
# shellcheck disable=SC1091
source "${MSC_TEST_CACHE:-$HOME/.cache/mongo-scale-course-docker}/environment"
exec npx vitest run --config test/docker/vitest.config.ts "$@"
