#!/bin/sh
# What deepq needs from the system, and why; what of it is missing here; and its installation.
#
#   scripts/packages.sh check     one sentence and status 1 if something is missing that the program cannot do without
#   scripts/packages.sh install   installs all that is missing with apt-get (sudo where not root)
#
# A package counts as present when its command, header or pkg-config module is found, however it came here. Nothing but
# apt-get runs as root.
set -eu

# package         how to find it        need        why
packages='
build-essential   header stdio.h        program     the C compiler
cmake             command cmake         program     the build
ninja-build       command ninja         program     the build
pkg-config        command pkg-config    program     finds the libraries below
libxxhash-dev     module libxxhash      program     digests of runs
liblz4-dev        module liblz4         program     packs the replay memory
libmd-dev         header md5.h          program     identifies cartridges
libinih-dev       module inih           program     reads presets and configurations
libcjson-dev      module libcjson       program     summaries and the headers of weights
libpopt-dev       module popt           program     reads options
zlib1g-dev        module zlib           program     cartridges in .gz files
libpng-dev        module libpng         program     pictures
libgif-dev        header gif_lib.h      program     films
libsdl2-dev       module sdl2           optional    windows
libavformat-dev   module libavformat    optional    films as .mp4
libavcodec-dev    module libavcodec     optional    ... in H.264 or MPEG-4
libswscale-dev    module libswscale     optional    ... whose colours it converts
libdnnl-dev       header oneapi/dnnl/dnnl.h optional    another backend of the network (oneDNN)
libcmocka-dev     module cmocka         tests       their frame
mandoc            command mandoc        tests       one checks the manual
zsh               command zsh           tests       one reads its completion
chromium          command chromium      tests       one looks at a report
python3-protobuf  python google.protobuf tests      with it one reads event files
dasm              command dasm          tests       one assembles our cartridges again
dataset-fashion-mnist path /usr/share/datasets/fashion-mnist tests pictures that networks learn to tell apart
xz-utils          command xz            tests       they read compressed vectors
'

found()
{
    case $1 in
    path) [ -e "$2" ] ;;
    command) command -v "$2" >/dev/null 2>&1 ;;
    module) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$2" ;;
    python) python3 -c "import $2" 2>/dev/null || /usr/bin/python3 -c "import $2" 2>/dev/null ;;
    header) printf '#include <stddef.h>\n#include <stdio.h>\n#include <sys/types.h>\n#include <%s>\n' "$2" |
        cc -E - >/dev/null 2>&1 ;;
    esac
}

# list_missing NEED: those of that need, or `all`.
list_missing()
{
    echo "$packages" | while read -r package how what need _why; do
        [ -n "$package" ] || continue
        [ "$1" = all ] || [ "$1" = "$need" ] || continue
        found "$how" "$what" || printf '%s ' "$package"
    done
}

if [ "${1:-check}" != install ]; then
    missing=$(list_missing program)
    [ -n "$missing" ] || exit 0
    echo "deepq: missing packages: ${missing% } (scripts/packages.sh install fetches them on Debian)" >&2
    exit 1
fi

missing=$(list_missing all)
[ -n "$missing" ] || exit 0
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

missing=$(list_missing all)
if [ -n "$missing" ]; then
    echo "deepq: still missing after apt-get: ${missing% }" >&2
    exit 1
fi
