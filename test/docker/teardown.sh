#!/usr/bin/env bash
# Ends the engine that engine.sh has started, with all its containers; `--purge` also removes its images and the
# rest of the cache. Packages that were installed stay. An engine that was there before is not touched.
set -euo pipefail

cache=${MSC_TEST_CACHE:-$HOME/.cache/mongo-scale-course-docker}
run=/run/mongo-scale-course-docker

if [ -s "$run/dockerd.pid" ]; then
  pid=$(cat "$run/dockerd.pid")
  # Only if it still is what was started: the number may belong to another process by now.
  if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "$run/docker.sock"; then
    kill "$pid"
    tail --pid="$pid" -f /dev/null
  fi
fi
rm -rf "$run"
if [ "${1:-}" = --purge ]; then rm -rf "$cache"; fi
