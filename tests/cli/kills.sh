#!/bin/sh
# Runs that are killed or whose disk fails, at random moments and at chosen ones, are taken up again and come to the
# same as a run that was left alone.
# usage: kills.sh DEEPQ LIBDISK_FAULT [KILLS]        random kills; 4 without
set -eu
export DEEPQ="$1"
fault_library="$2"
kills=${3:-4}
chosen=12 points="1 3 20"
[ "$kills" -le 10 ] || chosen=60 points="1 2 3 4 5 6 7 8 9 20 61 150"
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm # where flushing costs nothing
. "$(dirname "$0")/check.sh"
[ -e "$fault_library" ] || exit 77
needs_proc
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0"

frames=$((6000 + 1000 * kills))
setting="--frames $frames --set epoch_steps=1500 --set eval_steps=60 --set heldout_states=10 --set replay_steps=900
    --set learn_start_steps=200 --quiet"

# become_train RUN OPTION...: begin the run, or go on with it if it is there. Takes the shell's place, so that $! is its
# process. With the variables of $faults.
faults=
become_train()
{
    run=$1
    shift
    # shellcheck disable=SC2086 # many words are meant
    if ls "$run"/checkpoints/checkpoint-*.bin >/dev/null 2>&1; then
        exec env $faults "$DEEPQ" train --resume --run "$run" --quiet "$@" 2>>stderr.txt
    else
        rm -rf "$run" # killed before it had begun
        exec env $faults "$DEEPQ" train catch $setting --run "$run" "$@" 2>>stderr.txt
    fi
}

train()
{
    (become_train "$@")
}

# same RUN: it must be what the run that was left alone is.
same()
{
    grep '_digest' "$1/summary.json" >a.txt
    grep '_digest' alone/summary.json >b.txt
    cmp -s a.txt b.txt || wrong "$1 is another run: $(cat a.txt b.txt)"
    for file in metrics.csv episodes.csv weights.safetensors weights-best.safetensors; do
        cmp -s "$1/$file" "alone/$file" || wrong "$1/$file is another one"
    done
    [ ! -s stderr.txt ] || wrong "$1 complained: $(cat stderr.txt)"
}

: >stderr.txt
train alone
[ "$(wc -l <alone/metrics.csv)" -ge 5 ] || wrong "the run has no epochs"

# killed at random moments, often amid a checkpoint, on one thread or two
seed=1
killed=0
while [ $killed -lt "$kills" ]; do
    if [ -e random/summary.json ]; then # it came to its end before it was killed
        same random
        rm -rf random
    fi
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    become_train random --checkpoint-minutes 0.0003 --threads $((1 + seed / 65536 % 2)) &
    process=$!
    sleep 0.$(printf %03d $((40 + seed / 65536 % 260)))
    kill -9 $process 2>/dev/null || true
    wait $process 2>>killed.txt || true
    killed=$((killed + 1))
done
train random
same random

# killed in every call by which a checkpoint and the memory beside it are written, one after the other
at=1
while [ $at -le $chosen ]; do
    faults="LD_PRELOAD=$fault_library DISK_FAULT=kill DISK_FAULT_AT=$at DISK_FAULT_IN=/checkpoints"
    train chosen --checkpoint-minutes 0.0003 2>>killed.txt && wrong "there was no call $at to be killed in"
    at=$((at + 1))
done
faults=
train chosen
same chosen

# a broken or full disk ends the run with a sentence; when it works again, the run goes on
for fault in EIO ENOSPC; do
    for at in $points; do
        got=0
        faults="LD_PRELOAD=$fault_library DISK_FAULT=$fault DISK_FAULT_AT=$at DISK_FAULT_IN=/checkpoints"
        train $fault --checkpoint-minutes 0.0003 || got=$?
        [ $got -eq 1 ] || wrong "$fault at call $at ended with $got"
        [ "$(grep -c "^deepq: cannot .*'$fault/checkpoints/" stderr.txt)" -eq 1 ] && [ "$(wc -l <stderr.txt)" -eq 1 ] ||
            wrong "$fault at call $at was said so: $(cat stderr.txt)"
        : >stderr.txt
        [ "$at" -gt 1 ] || [ ! -e $fault ] || wrong "$fault at the first checkpoint left a folder that cannot go on"
    done
    faults=
    train $fault
    same $fault
done

finish
