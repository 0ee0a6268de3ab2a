#!/bin/sh
# deepq beside a plain PyTorch loop of the same recipe (plain_dqn.py), in turns, and the ratios of the medians.
#
#   bench/peers/compare.sh BUILD [ROUNDS]      BUILD: a built tree, as build/; needs python3-torch
#
# The loop takes the number of threads that is best for it, 1 or 2, where whole training is measured.
set -eu
build=$1
rounds=${2:-5}
here=$(dirname "$0")
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -c 'import torch' 2>/dev/null || { echo "compare.sh: $python has no torch (Debian: python3-torch)" >&2; exit 2; }
library=$(find "$build" -name 'libdeepq-atari.so' | head -1)
[ -n "$library" ] || { echo "compare.sh: no libdeepq-atari.so in $build: ninja -C $build deepq_atari_shared" >&2; exit 2; }

# keep NAME COMMAND...: the command's "name value" lines, each into a file of its own
keep()
{
    name=$1
    shift
    "$@" | while read -r key value; do echo "$value" >>"$work/$name.$key"; done
}

median() { sort -g "$work/$1" | awk '{v[NR] = $1} END {print (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2}'; }

for round in $(seq "$rounds"); do
    for preset in nips2013 nature2015; do
        keep "deepq.$preset" "$build/deepq" bench net --preset $preset --threads 1
        keep "torch.$preset" "$python" "$here/plain_dqn.py" step --preset $preset --threads 1
        keep "deepq.train.$preset" "$build/deepq" bench train bricks --preset $preset --frames 12000 --threads 2
        for threads in 1 2; do
            keep "torch$threads.train.$preset" "$python" "$here/plain_dqn.py" train --preset $preset \
                --threads $threads --frames 4000 --library "$library" --rom "$here/../../cartridges/bricks.bin"
        done
    done
    echo "round $round of $rounds" >&2
done

printf '%-44s %10s %10s %8s\n' "" deepq PyTorch ratio
for preset in nips2013 nature2015; do
    for key in train_step_ms act_ms; do
        awk -v d="$(median deepq.$preset.$key)" -v t="$(median torch.$preset.$key)" -v n="$preset, one thread, $key" \
            'BEGIN {printf "%-44s %10.3f %10.3f %8.2f\n", n, d, t, t / d}'
    done
    awk -v d="$(median deepq.train.$preset.frames_per_second)" -v a="$(median torch1.train.$preset.frames_per_second)" \
        -v b="$(median torch2.train.$preset.frames_per_second)" -v n="$preset, two cores, frames_per_second" \
        'BEGIN {t = a > b ? a : b; printf "%-44s %10.0f %10.0f %8.2f\n", n, d, t, d / t}'
done
