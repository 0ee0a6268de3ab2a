#!/bin/sh
# What deepq needs from the system, and why; what of it is missing here; and its installation.
#
#   scripts/packages.sh check     one sentence and status 1 if something is missing
#   scripts/packages.sh install   installs what is missing with apt-get (sudo where not root)
#
# A package counts as present when its command, header or pkg-config module is found, however it came here. Nothing but
# apt-get runs as root.
set -eu

# package         how to find it        why
needed='
build-essential   header stdio.h        the C compiler
cmake             command cmake         the build
ninja-build       command ninja         the build
pkg-config        command pkg-config    finds the libraries below
libxxhash-dev     module libxxhash      digests of runs
libmd-dev         header md5.h          identifies cartridges
libinih-dev       module inih           reads presets and configurations
libpopt-dev       module popt          reads options
zlib1g-dev        module zlib           cartridges in .gz files
libpng-dev        module libpng         pictures
libgif-dev        header gif_lib.h      films
libsdl2-dev       module sdl2           windows
libdnnl-dev       header oneapi/dnnl/dnnl.h   the fast path of the network (oneDNN)
libcmocka-dev     module cmocka         tests
libcjson-dev      module libcjson      summaries and the headers of weights
dasm              command dasm          a test assembles our cartridges again
xz-utils          command xz            tests read compressed vectors
'

found()
{
    case $1 in
    command) command -v "$2" >/dev/null 2>&1 ;;
    module) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$2" ;;
    header) printf '#include <stddef.h>\n#include <stdio.h>\n#include <sys/types.h>\n#include <%s>\n' "$2" |
        cc -E - >/dev/null 2>&1 ;;
    esac
}

list_missing()
{
    echo "$needed" | while read -r package how what _why; do
        [ -z "$package" ] || found "$how" "$what" || printf '%s ' "$package"
    done
}

missing=$(list_missing)
[ -n "$missing" ] || exit 0

if [ "${1:-check}" != install ]; then
    echo "deepq: missing packages: ${missing% } (scripts/packages.sh install fetches them on Debian)" >&2
    exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "deepq: this system has no apt-get; install what Debian calls: ${missing% }" >&2
    exit 1
fi

root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "deepq: neither root nor sudo here; as root: apt-get install ${missing% }" >&2
        exit 1
    fi
    root=sudo
fi
echo "deepq: installing ${missing% }"
export DEBIAN_FRONTEND=noninteractive
$root apt-get update -qq
# shellcheck disable=SC2086 # one word for each package is meant
$root apt-get install -y -qq --no-install-recommends $missing >/dev/null

missing=$(list_missing)
if [ -n "$missing" ]; then
    echo "deepq: still missing after apt-get: ${missing% }" >&2
    exit 1
fi
