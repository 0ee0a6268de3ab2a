#!/bin/sh
# The same configuration and seed give the same run: weights, replay memory, metrics, whatever the number of threads.
# usage: determinism.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"

# What makes a run of each game tiny.
tiny()
{
    case $1 in
    catch) echo "--frames 3000 --set epoch_steps=1000 --set learn_start_steps=100 --set eval_steps=100" ;;
    bricks) echo "--frames 2400 --set epoch_steps=300 --set learn_start_steps=100 --set eval_steps=50" \
        "--set heldout_states=10 --set max_episode_frames=600" ;;
    esac
}

digests()
{
    grep -o '"[a-z]*_digest":.*' "$1/summary.json"
}

# same A B: two runs must be the same to the last bit.
same()
{
    digests "$1" >a.txt
    digests "$2" >b.txt
    [ "$(wc -l <a.txt)" -eq 3 ] || wrong "$1 has no three digests"
    cmp -s a.txt b.txt || wrong "$1 and $2 differ: $(cat a.txt b.txt)"
    for file in metrics.csv episodes.csv weights.safetensors weights-best.safetensors; do
        cmp -s "$1/$file" "$2/$file" || wrong "$1/$file and $2/$file differ"
    done
}

for game in catch bricks; do
    for run in first again; do
        # shellcheck disable=SC2046 # many words are meant
        accepted train "$game" $(tiny "$game") --seed 7 --threads 1 --run "$game-$run" --quiet
    done
    # shellcheck disable=SC2046
    accepted train "$game" $(tiny "$game") --seed 7 --threads 2 --run "$game-threads" --quiet
    # shellcheck disable=SC2046
    accepted train "$game" $(tiny "$game") --seed 8 --threads 1 --run "$game-other" --quiet
    same "$game-first" "$game-again"
    same "$game-first" "$game-threads"
    [ "$(wc -l <"$game-first/metrics.csv")" -ge 3 ] || wrong "$game has no epochs"
    digests "$game-other" >a.txt
    digests "$game-first" >b.txt
    cmp -s a.txt b.txt && wrong "another seed gave the same $game run"
    cmp -s "$game-first/weights.safetensors" "$game-other/weights.safetensors" &&
        wrong "another seed gave the same weights for $game"
done

finish
