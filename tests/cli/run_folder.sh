#!/bin/sh
# A run's folder holds what it should, survives Ctrl-C and a full disk, and is what eval and record work from.
# usage: run_folder.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"
short="--set epoch_steps=1000 --set eval_steps=100"

# what a run leaves
# shellcheck disable=SC2086 # many words are meant
accepted train catch --frames 3000 $short
printed "run folder: runs/catch-quick-1"
for file in config.ini metrics.csv episodes.csv weights.safetensors weights-best.safetensors summary.json; do
    [ -s "runs/catch-quick-1/$file" ] || wrong "there is no $file"
done
grep -q '"end":.*"done"' runs/catch-quick-1/summary.json || wrong "the summary does not say that it is done"
[ "$(wc -l <runs/catch-quick-1/metrics.csv)" -eq 4 ] || wrong "metrics.csv has not 3 rows"
[ "$(tail -1 runs/catch-quick-1/metrics.csv | cut -d, -f1,2,3)" = 3,3000,3000 ] || wrong "the last epoch is wrong"
columns=$(head -1 runs/catch-quick-1/metrics.csv | tr -cd , | wc -c)
[ "$(tail -1 runs/catch-quick-1/metrics.csv | tr -cd , | wc -c)" -eq "$columns" ] || wrong "a column is missing"

# a second one gets a folder of its own, and its configuration makes the same run again
# shellcheck disable=SC2086
accepted train catch --frames 3000 $short
printed "run folder: runs/catch-quick-1-2"
accepted train catch --preset runs/catch-quick-1/config.ini --run again --quiet
cmp -s runs/catch-quick-1/metrics.csv again/metrics.csv || wrong "config.ini did not make the same run again"

# what can be done with it
accepted eval runs/catch-quick-1 --episodes 7 --random --json -o result.json
printed '"games":7'
cmp -s stdout.txt result.json || wrong "the file is not what was printed"
accepted eval runs/catch-quick-1 --episodes 7 --random --json
cmp -s stdout.txt result.json || wrong "the same evaluation gave another result"
accepted eval runs/catch-quick-1 --episodes 3 --last --epsilon 0
printed "agent"

# numbers that ran away: status 1, and the weights of before are there
refused_after=0
"$DEEPQ" train catch --set optimiser=sgd --set loss=squared --set reduce=sum --set learning_rate=10 --set epoch_steps=500 \
    --run away --quiet >stdout.txt 2>stderr.txt </dev/null || refused_after=$?
[ "$refused_after" -eq 1 ] || wrong "a loss without end gave status $refused_after"
grep -q "not a finite number" stderr.txt || wrong "a loss without end was said so: $(cat stderr.txt)"
accepted eval away --last --episodes 2

# Ctrl-C: stops, saves, says how to go on
"$DEEPQ" train catch --frames 1000000000 --run stopped >stdout.txt 2>stderr.txt </dev/null &
process=$!
tries=0
while [ ! -e stopped/weights.safetensors ] && [ $tries -lt 200 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -TERM $process
got=0
wait $process || got=$?
[ "$got" -eq 130 ] || wrong "an interrupted run ended with $got: $(cat stderr.txt)"
[ ! -s stderr.txt ] || wrong "an interrupted run complained: $(cat stderr.txt)"
printed "deepq eval stopped --last"
grep -q '"end":.*"interrupted"' stopped/summary.json || wrong "the summary does not say that it was interrupted"
accepted eval stopped --last --episodes 2

# a full disk: files that may not grow over 48 blocks of 512 bytes; a checkpoint is smaller
got=0
(
    ulimit -f 48
    exec "$DEEPQ" train catch --frames 20000 --set "network=dense 2, relu" --set history=1 --run full --quiet \
        >stdout.txt 2>stderr.txt </dev/null
) || got=$?
[ "$got" -eq 1 ] || wrong "a full disk ended with $got: $(cat stderr.txt)"
[ "$(wc -l <stderr.txt)" -eq 1 ] || wrong "a full disk was said so: $(cat stderr.txt)"
grep -q "^deepq: cannot write 'full/episodes.csv" stderr.txt || wrong "a full disk was said so: $(cat stderr.txt)"
[ "$(tail -c 1 full/episodes.csv | od -An -tx1 | tr -d ' ')" = 0a ] || wrong "half a row was left"
[ ! -e full/weights.safetensors.new ] || wrong "half a file was left"

finish
