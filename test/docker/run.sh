#!/usr/bin/env bash
# `npm run test:docker`: the tests that need an engine. Arguments go to vitest.
set -euo pipefail
cd "$(dirname "$0")/../.."

exec bash test/docker/with-engine.sh npx vitest run --config test/docker/vitest.config.ts "$@"
