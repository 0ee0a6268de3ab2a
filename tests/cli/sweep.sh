#!/bin/sh
# Many runs by one file: trained, skipped, gone on with, stopped; the table, the pages; mistakes by their line.
# usage: sweep.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"

cat >first.ini <<'INI'
; two presets, two seeds
[sweep]
games = catch
presets = quick, small.ini
seeds = 1, 2
frames = 800
protocol = 2013
folder = out
[set]
epoch_steps = 400
eval_steps = 50
learn_start_steps = 100
INI
accepted train catch --frames 200 --set learn_start_steps=64 --set "network=dense 8, relu" --run made --quiet
cp made/config.ini small.ini
accepted sweep first.ini
printed "4 runs in 'out', 0 complete"
printed "protocol 10,000 agent steps, epsilon 0.05"
printed "2 seeds: mean"
[ "$(wc -l <out/sweep.csv)" -eq 5 ] || wrong "the table: $(cat out/sweep.csv)"
[ "$(grep -c ',done,2013,800,1112,' out/sweep.csv)" -eq 4 ] || wrong "rows: $(cat out/sweep.csv)"
grep -q "protocol 2013" out/catch.html || wrong "the page does not name the protocol"
[ "$(grep -c 'class="ours"' out/catch.html)" -eq 12 ] || wrong "not best, last and 2013 of four runs"

# a run is what deepq train makes of the same words
accepted train catch --preset quick --seed 2 --frames 800 --set epoch_steps=400 --set eval_steps=50 \
    --set learn_start_steps=100 --run alone --quiet
cmp -s alone/metrics.csv out/catch-quick-2/metrics.csv || wrong "a run of the sweep is another"

# complete: nothing is done again; one without its evaluation is evaluated, one that is gone is made again
cp out/sweep.csv before.csv
cp out/catch-quick-1/summary.json before.json
rm -r out/catch-quick-2 out/catch-small-1/evaluation-2013.json
accepted sweep first.ini
printed "4 runs in 'out', 2 complete"
cmp -s out/sweep.csv before.csv || wrong "the same sweep came to something else"
cmp -s out/catch-quick-1/summary.json before.json || wrong "a complete run was trained again"

# one that fails leaves the others, and its log says why
sed 's/^folder = .*/folder = broken/; s/^protocol.*//; s/, small.ini//' first.ini >broken.ini
mkdir -p broken && : >broken/catch-quick-1
got=0
"$DEEPQ" sweep broken.ini >stdout.txt 2>stderr.txt || got=$?
[ "$got" -eq 1 ] || wrong "a sweep with a run that failed ended with $got"
grep -q "'broken/catch-quick-1' failed: 'broken/catch-quick-1.log' says why" stderr.txt || wrong "$(cat stderr.txt)"
grep -q "'broken/catch-quick-1' is there already" broken/catch-quick-1.log || wrong "$(cat broken/catch-quick-1.log)"
grep -q '^catch,quick,2,broken/catch-quick-2,done,run,800,' broken/sweep.csv || wrong "$(cat broken/sweep.csv)"

# Ctrl-C stops all of them; the same command goes on, to the same end
cat >long.ini <<'INI'
[sweep]
games = catch
seeds = 1, 2
frames = 6000
folder = long
[set]
epoch_steps = 500
eval_steps = 10
INI
"$DEEPQ" sweep long.ini >stdout.txt 2>stderr.txt &
process=$!
tries=0
while [ ! -s long/catch-quick-1/timing.csv ] && [ $tries -lt 200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
got=0
kill -TERM $process && wait $process || got=$?
[ "$got" -eq 130 ] || wrong "stopped, it ended with $got: $(cat stdout.txt stderr.txt)"
printed "stopped, and saved; \`deepq sweep long.ini\` goes on"
grep -q '"end".*"interrupted"' long/catch-quick-1/summary.json || wrong "the run was not saved: $(cat long/*.log)"
[ ! -e long/sweep.csv ] || wrong "there is a table of half a sweep"
sed 's/^frames = .*/frames = 7000/' long.ini >longer.ini
refused 2 "deepq: 'train_frames' is 6000 in 'long/catch-quick-1', and 7000 was asked for" sweep longer.ini
accepted sweep long.ini --quiet
accepted train catch --frames 6000 --set epoch_steps=500 --set eval_steps=10 --run whole --quiet
cmp -s whole/metrics.csv long/catch-quick-1/metrics.csv || wrong "stopped and gone on, the run is another"
grep -q 'catch,quick,2,long/catch-quick-2,done,run,6000,' long/sweep.csv || wrong "$(cat long/sweep.csv)"

# mistakes, by their line, before anything is trained
mistake() # LINE TEXT PART
{
    sed "$1s/.*/$2/" first.ini | sed 's/^folder = .*/folder = never/' >bad.ini
    refused 2 "'bad.ini', line $1: $3" sweep bad.ini
    [ ! -e never ] || wrong "something was begun"
}
mistake 3 "games = catch, catsh" "there is no game 'catsh'"
mistake 3 "game = catch" "there is no key 'game' in [sweep]"
mistake 4 "presets = quick, quik" "there is no preset 'quik'"
mistake 5 "seeds = 1, x" "'seed' cannot be 'x'"
mistake 5 "seeds = 1, 1" "'1' stands there twice"
mistake 6 "frames = many" "'train_frames' cannot be 'many'"
mistake 7 "protocol = 2014" "there is no protocol '2014'"
mistake 7 "protocol = 2018" "protocol '2018' does not fit 'catch'"
mistake 7 "protocol" "neither [section] nor key = value"
mistake 10 "epoch_stepz = 400" "there is no key 'epoch_stepz'"
mistake 12 "learn_start_steps = 9999999" "'learn_start_steps' is 9999999"
mistake 10 "seed = 3" "'seed' belongs in [sweep]"
printf '[sweep]\ngames = catch\n[sett]\ngamma = 0.9\n' >section.ini
refused 2 "'section.ini', line 4: 'gamma' stands in [sett]: there are [sweep] and [set]" sweep section.ini
refused 2 "cannot open 'nowhere.ini'" sweep nowhere.ini
echo "[sweep]" >empty.ini
refused 2 "'empty.ini' has no games" sweep empty.ini
finish
