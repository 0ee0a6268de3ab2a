#!/bin/sh
# deepq learn and PyTorch in turns: the same network, batch and threads, training alone.
# usage: bench/peers/learn.sh DEEPQ [mlp|cnn] [THREADS] [EXAMPLES] [TURNS]
set -eu
deepq=$1 net=${2:-mlp} threads=${3:-2} examples=${4:-20000} turns=${5:-3}
peer=$(dirname "$0")/learn_torch.py
for turn in $(seq "$turns"); do
    echo "turn $turn"
    /usr/bin/python3 "$peer" "$net" "$threads" 1 64 "$examples"
    "$deepq" learn fashion-mnist --net "$net" --epochs 1 --batch 64 --threads "$threads" --examples "$examples" --json |
        sed 's/.*"seconds":\([0-9.]*\),"processor_seconds":\([0-9.]*\),"examples_per_second":\([0-9]*\).*/deepq: \3 examples\/s, \1 s, \2 s of processor/'
done
