#!/bin/sh
# The bridge from deep learning to the agent: an encoder learnt from an agent's frames, and weights of another run, begin a
# run; what does not fit is refused and leaves nothing. usage: init.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"

# digest FILE: of the state that a run ended in
digest() { grep -o '"state_digest":.*' "$1/summary.json"; }

tiny="--set learn_start_steps=50 --set epoch_steps=200 --set eval_steps=0 --set heldout_states=10 --quiet"
# shellcheck disable=SC2086 # a list of options
accepted train bricks --frames 1200 $tiny --run first
accepted learn first -o encoder.safetensors --epochs 2 --examples 256
printed "epoch 2 of 2: loss 0"
printed "encoder.safetensors: the encoder of 'conv 16 8 4, relu, conv 32 4 2, relu, transposed 16 4 2"
cp encoder.safetensors again.safetensors
accepted learn first -o again.safetensors --epochs 2 --examples 256 --threads 1 --json
printed '"updates": 16'
cmp -s encoder.safetensors again.safetensors || wrong "an encoder is different the second time"

# begun_and_stopped INIT: the run `third`, with Ctrl-C as soon as it has a checkpoint
begun_and_stopped()
{
    # shellcheck disable=SC2086
    "$DEEPQ" train bricks --frames 2000 $tiny --init "$1" --run third 2>/dev/null &
    process=$!
    for _ in $(seq 100); do
        [ -z "$(ls third/checkpoints/checkpoint-* 2>/dev/null)" ] || break
        sleep 0.05
    done
    kill -INT $process || true # it has ended by itself
    wait $process || true
}

for init in encoder.safetensors first/weights.safetensors; do
    rm -rf second third
    # shellcheck disable=SC2086
    accepted train bricks --frames 2000 $tiny --init $init --run second
    cmp -s $init second/init.safetensors || wrong "the run does not keep '$init'"
    begun_and_stopped $init
    accepted train --resume --run third --quiet
    [ "$(digest second)" = "$(digest third)" ] || wrong "a run from '$init' is another after it went on"
done
# shellcheck disable=SC2086
accepted train bricks --frames 2000 $tiny --run fresh
[ "$(digest fresh)" != "$(digest second)" ] || wrong "--init changes nothing"

refused 2 "'encoder.safetensors' has no layer in common" train catch --init encoder.safetensors --run none
refused 2 "nowhere" train bricks --init nowhere --run none
refused 2 "is no safetensors file" train bricks --init first/config.ini --run none
refused 2 "'--init' is for a new run" train --resume --run first --init encoder.safetensors
[ ! -e none ] || wrong "a refused run left its folder"
refused 2 "weights' name is missing" learn first
refused 2 "has neither '--run'" learn first -o x.safetensors --run y
rm -r first/checkpoints/replay-*
refused 2 "holds nothing of a replay memory" learn first -o x.safetensors
accepted train catch --frames 600 --set learn_start_steps=100 --quiet --run dense
refused 2 "begins with convolutions" learn dense -o x.safetensors
[ ! -e x.safetensors ] || wrong "a refused request left a file"
finish
