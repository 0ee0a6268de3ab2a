#!/bin/sh
# Trains on our own cartridge `bricks` and shows what was learnt: demo.sh DEEPQ SEED
#
# runs/demo/training is the run; runs/demo/summary.json and runs/demo/agent.gif say and show the result. All of
# runs/demo belongs to the demo and is made anew each time.
set -eu
deepq=$1
seed=$2
frames=500000 # of the console: two and a quarter hours at its own speed
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
# By the arithmetic that ends with the same bits on every processor, so that README's figures are the reader's own.
"$deepq" train bricks --preset quick --seed "$seed" --frames "$frames" --set backend=vector --run "$demo/training"
echo
echo "deepq: 30 whole games each"
"$deepq" eval "$demo/training" --random --episodes 30 --output "$demo/summary.json"
echo
"$deepq" record "$demo/training" --panels --output "$demo/agent.gif"
echo "deepq: $demo/summary.json holds these figures, $demo/agent.gif shows the agent at play;"
echo "       \`$deepq play $demo/training\` opens a window on it"
