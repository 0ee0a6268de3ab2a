#!/bin/sh
# Installs into a fresh folder, and a stranger's program is built against what lies there: with the shared library, with
# the static one, and as C++. The libraries show the header's names and no others. install.sh BUILD COMPILER
set -eu
build=$1 compiler=$2
source=$(cd "$(dirname "$0")/../.." && pwd)
command -v pkg-config >/dev/null || { echo "skipped: no pkg-config"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

fail()
{
    echo "WRONG: $*"
    exit 1
}

sanitized=$(sed -n 's/^DEEPQ_SANITIZE:[A-Z]*=//p' "$build/CMakeCache.txt")
sanitize=${sanitized:+-fsanitize=$sanitized}
cmake --install "$build" --prefix "$scratch/prefix" >install.txt || fail "$(tail -3 install.txt)"
[ -x prefix/bin/deepq ] || fail "bin/deepq is not there"
PKG_CONFIG_PATH=$(dirname "$(find prefix -name deepq-atari.pc)")
export PKG_CONFIG_PATH
libdir=$(pkg-config --variable=libdir deepq-atari)

# names atari: what the header declares, a line each, is what both libraries show.
names()
{
    grep -o "deepq_$1_[a-z0-9_]*(" "prefix/include/deepq_$1.h" | tr -d '(' | sort -u >documented.txt
    nm -D --defined-only "$libdir/libdeepq-$1.so" | awk '{print $3}' | sort -u >shared.txt
    nm -g --defined-only "$libdir/libdeepq-$1.a" | awk 'NF == 3 {print $3}' | sort -u >static.txt
    cmp documented.txt shared.txt || fail "libdeepq-$1.so shows: $(diff documented.txt shared.txt)"
    cmp documented.txt static.txt || fail "libdeepq-$1.a shows: $(diff documented.txt static.txt)"
}
names atari
names nn

# The learning loop, which has to learn what it is shown.
# shellcheck disable=SC2046,SC2086
"$compiler" -std=c11 -Wall -Wextra -Werror $sanitize "$source/examples/1_learning_loop.c" \
    $(pkg-config --cflags --libs deepq-nn) -o loop_shared
# shellcheck disable=SC2046,SC2086
"$compiler" -std=c11 $sanitize "$source/examples/1_learning_loop.c" $(pkg-config --cflags deepq-nn) \
    "$libdir/libdeepq-nn.a" $(pkg-config --libs-only-l --static deepq-nn | sed 's/-ldeepq-nn//') -o loop_static
LD_LIBRARY_PATH=$libdir ./loop_shared >loop_says.txt
./loop_static >loop_static_says.txt
cmp loop_says.txt loop_static_says.txt || fail "the two libraries learn differently"
awk '{ right = ($1 != $3 + 0) ? 1 : 0; off = $4 - right; if (off > 0.1 || off < -0.1) exit 1 }' loop_says.txt ||
    fail "exclusive-or was not learnt: $(cat loop_says.txt)"
[ "$(wc -l <loop_says.txt)" -eq 4 ] || fail "the loop said: $(cat loop_says.txt)"

# shellcheck disable=SC2046,SC2086
"$compiler" -std=c11 -Wall -Wextra -Werror $sanitize "$source/examples/random_player.c" \
    $(pkg-config --cflags --libs deepq-atari) -o with_shared
# shellcheck disable=SC2046,SC2086
"$compiler" -std=c11 $sanitize "$source/examples/random_player.c" $(pkg-config --cflags deepq-atari) \
    "$libdir/libdeepq-atari.a" $(pkg-config --libs-only-l --static deepq-atari | sed 's/-ldeepq-atari//') -o with_static
LD_LIBRARY_PATH=$libdir ./with_shared "$source/cartridges/rally.bin" >shared_says.txt
./with_static "$source/cartridges/rally.bin" >static_says.txt
grep -q '^rally: -*[0-9]* points in [0-9]* frames$' shared_says.txt || fail "the example said: $(cat shared_says.txt)"
cmp shared_says.txt static_says.txt || fail "the two libraries play differently"
status=0
./with_static no-such-file 2>complaint.txt || status=$?
[ "$status" -eq 2 ] && grep -q no-such-file complaint.txt || fail "a missing file: $status, $(cat complaint.txt)"
echo "all as it should be"
