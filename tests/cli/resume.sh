#!/bin/sh
# A stopped or killed run goes on with --resume and comes to the same; whatever cannot go on is said in one sentence.
# usage: resume.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"
catch="--frames 6000 --set epoch_steps=1000 --set eval_steps=100 --set heldout_states=10 --quiet"
bricks="--frames 2400 --set epoch_steps=300 --set learn_start_steps=100 --set eval_steps=50 --set heldout_states=10
    --set max_episode_frames=600 --set replay_steps=400 --quiet"

# same A B: two runs must be the same to the last bit.
same()
{
    grep '_digest' "$1/summary.json" >a.txt
    grep '_digest' "$2/summary.json" >b.txt
    cmp -s a.txt b.txt || wrong "$1 and $2 differ: $(cat a.txt b.txt)"
    grep -q state_digest a.txt || wrong "$1 has no state digest"
    for file in metrics.csv episodes.csv weights.safetensors weights-best.safetensors; do
        cmp -s "$1/$file" "$2/$file" || wrong "$1/$file and $2/$file differ"
    done
}

# stopped RUN FILE OPTION...: train until FILE is in the folder, then SIGTERM.
stopped()
{
    run=$1 file=$2
    shift 2
    "$DEEPQ" train "$@" --run "$run" >stdout.txt 2>stderr.txt </dev/null &
    process=$!
    tries=0
    until [ -e "$run/$file" ] || [ $tries -ge 300 ]; do
        sleep 0.02
        tries=$((tries + 1))
    done
    kill -TERM $process
    got=0
    wait $process || got=$?
    [ "$got" -eq 130 ] || wrong "$run ended with $got when it was stopped: $(cat stderr.txt)"
    [ ! -s stderr.txt ] || wrong "$run complained when it was stopped: $(cat stderr.txt)"
}

# stopped and taken up again, on another number of threads
# shellcheck disable=SC2086 # many words are meant
accepted train catch $catch --run whole
# shellcheck disable=SC2086
stopped parts metrics.csv catch $catch --threads 1
printed "deepq train --resume --run parts"
accepted train --resume --run parts --threads 2 --quiet
same whole parts
# shellcheck disable=SC2086
accepted train bricks $bricks --run bricks-whole
# shellcheck disable=SC2086
stopped bricks-parts weights.safetensors bricks $bricks --threads 2
accepted train --resume --run bricks-parts --threads 1 --quiet
same bricks-whole bricks-parts

# in bfloat16, where the machine has it: what a checkpoint keeps are floats all the same
bf16=--precision=bf16
# shellcheck disable=SC2086
if "$DEEPQ" train bricks $bricks $bf16 --run bf16-whole >stdout.txt 2>stderr.txt </dev/null; then
    # shellcheck disable=SC2086
    stopped bf16-parts weights.safetensors bricks $bricks $bf16 --threads 2
    accepted train --resume --run bf16-parts --threads 1 --precision auto --quiet
    same bf16-whole bf16-parts
    grep -q '^precision = bf16 ' bf16-parts/config.ini || wrong "config.ini does not say bf16"
    cmp -s bf16-whole/weights.safetensors bricks-whole/weights.safetensors && wrong "bf16 learnt what f32 did"
    head -c 2000 bf16-whole/weights.safetensors | grep -aq '"dtype":"F32"' || wrong "weights of bf16 are no floats"
    refused 2 "'precision' is bf16 in 'bf16-parts', and f32 was asked for" train --resume --run bf16-parts --precision f32
else
    # shellcheck disable=SC2086
    refused 2 "this machine multiplies no bfloat16" train bricks $bricks $bf16 --run bf16-whole
    [ ! -e bf16-whole ] || wrong "a run that cannot be has a folder"
fi
accepted train catch --frames 2000 --precision auto --run auto --quiet
grep -Eq '^precision = (f32|bf16) ' auto/config.ini || wrong "auto was not settled: $(grep precision auto/config.ini)"
# a run from before there was a choice
cp -r whole before && sed -i '/^precision/d' before/config.ini
accepted train --resume --run before --quiet
same whole before

# the same without a replay memory and with noisy layers, stopped in the middle of a rollout
pqn="--preset pqn --set noisy=yes --set envs=4 --set rollout_steps=24 --set eval_steps=50 --set heldout_states=10 --quiet"
# shellcheck disable=SC2086
accepted train catch $pqn --frames 20000 --set epoch_steps=1000 --run pqn-whole --threads 1
# shellcheck disable=SC2086
stopped pqn-parts weights.safetensors catch $pqn --frames 20000 --set epoch_steps=1000 --threads 2
accepted train --resume --run pqn-parts --threads 1 --quiet
same pqn-whole pqn-parts

# the same with taus that are drawn
iqn="--set returns=iqn --set atoms=8 --set eval_steps=50 --set heldout_states=10 --quiet"
# shellcheck disable=SC2086
accepted train catch $iqn --frames 5000 --set epoch_steps=1000 --run iqn-whole --threads 1
# shellcheck disable=SC2086
stopped iqn-parts weights.safetensors catch $iqn --frames 5000 --set epoch_steps=1000 --threads 2
accepted train --resume --run iqn-parts --threads 1 --quiet
same iqn-whole iqn-parts

# a run that is done stays as it is
cp -r parts done
accepted train --resume --run done --quiet
same done parts

# what it was begun with may be said again, anything else not
# shellcheck disable=SC2086
accepted train catch --preset quick $catch --resume --run done
refused 2 "'gamma' is 0.99 in 'done', and 0.5 was asked for" train --resume --run done --set gamma=0.5
refused 2 "'seed' is 1 in 'done', and 2 was asked for" train --resume --run done --seed 2
refused 2 "'train_frames' is 6000 in 'done'" train --resume --run done --frames 7000
refused 2 "'preset' is quick in 'done'" train --resume --run done --preset nips2013
refused 2 "'game' is catch in 'done', and bricks was asked for" train bricks --resume --run done
refused 2 "there is no key 'gama'" train --resume --run done --set gama=1
refused 2 "'--resume' goes on with the run in the folder that --run names" train catch --resume
refused 2 "there is no run 'nowhere'" train --resume --run nowhere
refused 2 "'--checkpoint-minutes' cannot be 'often'" train catch --checkpoint-minutes often
mkdir empty
refused 2 "'empty' is not the folder of a run" train --resume --run empty
cp -r done bare && rm -r bare/checkpoints
refused 2 "'bare' has no checkpoint to go on from" train --resume --run bare

cp -r done unsettled && sed -i 's/^precision = [a-z0-9]*/precision = auto/' unsettled/config.ini
refused 2 "'precision' is auto in 'unsettled/config.ini'" train --resume --run unsettled
refused 2 "'precision' is auto in 'unsettled/config.ini'" eval unsettled

# one process at a time
"$DEEPQ" train catch --frames 1000000000 --set epoch_steps=1000 --run busy --quiet >stdout2.txt 2>stderr2.txt </dev/null &
process=$!
tries=0
until [ -e busy/weights.safetensors ] || [ $tries -ge 300 ]; do
    sleep 0.02
    tries=$((tries + 1))
done
refused 2 "another process trains in 'busy'" train --resume --run busy
accepted eval busy --last --episodes 2
kill -9 $process
wait $process 2>killed.txt || true
accepted eval busy --last --episodes 2
accepted record busy -o busy.png

# the newest checkpoint is damaged: the other one serves, and it is said so
newest=$(ls parts/checkpoints/checkpoint-*.bin | tail -1)
size=$(wc -c <"$newest")
printf '\252' | dd of="$newest" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
got=0
"$DEEPQ" train --resume --run parts --quiet >stdout.txt 2>stderr.txt </dev/null || got=$?
[ "$got" -eq 0 ] || wrong "with one whole checkpoint a run ended with $got: $(cat stderr.txt)"
grep -q "^deepq: the checkpoint of agent step 6000 cannot be used: its checksum does not fit" stderr.txt ||
    wrong "a damaged checkpoint was said so: $(cat stderr.txt)"
same whole parts

# a loss without end ends in the same way however often it is tried
got=0
away="--set optimiser=sgd --set loss=squared --set reduce=sum --set learning_rate=10 --set epoch_steps=500"
# shellcheck disable=SC2086
"$DEEPQ" train catch $away --run away --quiet >stdout.txt 2>first.txt </dev/null || got=$?
[ "$got" -eq 1 ] || wrong "a loss without end gave status $got"
refused 1 "not " train --resume --run away --quiet
cmp -s first.txt stderr.txt || wrong "it ended in another way when it was tried again: $(cat first.txt stderr.txt)"

finish
