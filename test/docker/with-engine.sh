#!/usr/bin/env bash
# Runs a command where a Docker engine with the course's images answers (engine.sh): bash test/docker/with-engine.sh COMMAND …
set -euo pipefail
cd "$(dirname "$0")/../.."

npm run --silent build
bash test/docker/engine.sh
# shellcheck disable=SC1091
source "${MSC_TEST_CACHE:-$HOME/.cache/mongo-scale-course-docker}/environment"
exec "$@"
