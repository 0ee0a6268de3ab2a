#!/bin/sh
# Watching: a run in training is followed and does not notice; every view draws; bad requests are refused. What the window
# looks like is play.sh's matter: both show the same page. Runs on SDL's dummy screen.
# usage: watch.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"

refused 2 "nowhere" watch nowhere
refused 2 "'--speed' cannot be '5'" watch nowhere --speed 5
refused 2 "'--frames' cannot be '0'" watch nowhere --frames 0
accepted watch --help
printed "example: deepq watch"

learn="train catch --frames 9000 --set epoch_steps=300 --set learn_start_steps=100 --set eval_steps=50"
# shellcheck disable=SC2086 # one word for each argument is meant
accepted $learn --run alone

export SDL_VIDEODRIVER=nothing
if "$DEEPQ" watch alone 2>&1 | grep -q "without windows"; then
    echo "skipped: this deepq was built without SDL2"
    exit 77
fi
refused 1 "cannot open a window" watch alone
export SDL_VIDEODRIVER=dummy SDL_RENDER_DRIVER=software
# what the D-Bus library, which SDL brings, keeps until the end is no leak of ours
echo "leak:libdbus" >leaks.txt
export LSAN_OPTIONS="suppressions=$scratch/leaks.txt:print_suppressions=0"

for view in "" --saliency --layers "--saliency --layers" --best; do
    # shellcheck disable=SC2086
    accepted watch alone --speed 4 --frames 60 $view
    printed "alone: "
    printed "weights renewed 0 times"
done

# the same training, with somebody who watches it all the time
# shellcheck disable=SC2086
timeout 100 "$DEEPQ" $learn --run watched >train.txt 2>&1 &
trainer=$!
tenths=600
while [ ! -e watched/weights.safetensors ] && [ $tenths -gt 0 ]; do
    tenths=$((tenths - 1))
    sleep 0.1
done
"$DEEPQ" watch watched --speed 4 --saliency >watch.txt 2>watch-errors.txt </dev/null &
watcher=$!
wait $trainer || wrong "the watched training failed: $(tail -3 train.txt)"
sleep 1 # for the last weights to be seen
kill -INT $watcher
got=0
wait $watcher || got=$?
[ "$got" -eq 130 ] || wrong "deepq watch ended with $got, not 130: $(cat watch-errors.txt)"
[ ! -s watch-errors.txt ] || wrong "deepq watch complained: $(cat watch-errors.txt)"
grep -Eq 'weights renewed [1-9][0-9]* times' watch.txt || wrong "no newer weights were seen: $(cat watch.txt)"

digests()
{
    grep -o '"[a-z]*_digest":.*' "$1/summary.json"
}
digests alone >alone.txt
digests watched >watched.txt
[ -s alone.txt ] || wrong "a run without digests"
cmp -s alone.txt watched.txt || wrong "watching changed the training: $(cat alone.txt watched.txt)"
for file in metrics.csv episodes.csv weights.safetensors weights-best.safetensors; do
    cmp -s "alone/$file" "watched/$file" || wrong "watching changed $file"
done
finish
