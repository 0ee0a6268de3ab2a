#!/bin/sh
# deepq beside a plain PyTorch loop of the same recipe (plain_dqn.py), in turns, and the ratios of the medians.
#
#   bench/peers/compare.sh BUILD [ROUNDS]      BUILD: a built tree, as build/; needs python3-torch
#
# deepq by f32, and by bf16 where the machine has that; PyTorch by f32. The loop takes the number of threads that is best for it,
# 1 or 2, where whole training is measured. What has one thread stays on one core, the same for both.
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

# OpenBLAS, where PyTorch has it, asks nobody else how many threads it may have.
core="env OPENBLAS_NUM_THREADS=1 taskset -c $(taskset -cp $$ | sed 's/.*[ ,-]//')"
precisions=f32
"$build/deepq" bench net --preset quick --precision bf16 >/dev/null 2>&1 && precisions='f32 bf16'

for round in $(seq "$rounds"); do
    for preset in nips2013 nature2015; do
        for precision in $precisions; do
            keep "$precision.$preset" $core "$build/deepq" bench net --preset $preset --threads 1 --precision $precision
            keep "$precision.train.$preset" "$build/deepq" bench train bricks --preset $preset --frames 12000 \
                --threads 2 --precision $precision
        done
        keep "torch.$preset" $core "$python" "$here/plain_dqn.py" step --preset $preset --threads 1
        for threads in 1 2; do
            keep "torch$threads.train.$preset" "$python" "$here/plain_dqn.py" train --preset $preset \
                --threads $threads --frames 4000 --library "$library" --rom "$here/../../cartridges/bricks.bin"
        done
    done
    echo "round $round of $rounds" >&2
done

# row WHAT DEEPQ PYTORCH RATIO: the last an expression of d and t
row() { awk -v what="$1" -v d="$2" -v t="$3" "BEGIN {printf \"%-48s %10.3f %10.3f %8.2f\n\", what, d, t, $4}"; }

printf '%-48s %10s %10s %8s\n' "" deepq PyTorch ratio
for precision in $precisions; do
    for preset in nips2013 nature2015; do
        for key in train_step_ms act_ms; do
            row "$preset, $precision, one thread, $key" "$(median $precision.$preset.$key)" \
                "$(median torch.$preset.$key)" "t / d"
        done
        torch=$({ median torch1.train.$preset.frames_per_second; median torch2.train.$preset.frames_per_second; } |
            sort -g | tail -1)
        row "$preset, $precision, two cores, frames_per_second" \
            "$(median $precision.train.$preset.frames_per_second)" "$torch" "d / t"
    done
done
