#!/bin/sh
# Trains on our own cartridge `bricks` and shows what was learnt: demo.sh DEEPQ SEED
#
# runs/demo/training is the run; runs/demo/summary.json and runs/demo/agent.gif say and show the result. All of
# runs/demo belongs to the demo and is made anew each time.
set -eu
deepq=$1
seed=$2
case $seed in
'' | *[!0-9]*)
    echo "deepq: SEED cannot be '$seed': it is a whole number" >&2
    exit 2
    ;;
esac

demo=runs/demo
if [ -e "$demo" ]; then
    echo "deepq: the demo of before in $demo is replaced"
    rm -rf "$demo"
fi
mkdir -p "$demo"

echo "deepq: learning bricks from pixels, seed $seed; this takes some minutes"
"$deepq" train bricks --preset quick --seed "$seed" --run "$demo/training"
echo
echo "deepq: 30 whole games each"
"$deepq" eval "$demo/training" --random --episodes 30 --output "$demo/summary.json"
"$deepq" record "$demo/training" --output "$demo/agent.gif"
