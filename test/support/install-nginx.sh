#!/usr/bin/env bash
# Installs nginx where it is missing, for the lesson about the edge: the course has no source of its own for it. Needs
# root and Debian's packages. Debian starts a server on every address as soon as it is installed, which is held back here.
set -euo pipefail
if command -v nginx >/dev/null || [ -x /usr/sbin/nginx ]; then exit 0; fi

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet=2
apt-get install --quiet=2 --yes --no-install-recommends nginx-light >/dev/null
