#!/bin/sh
# deepq sweep: all runs are made, counted and drawn, what is done is not done again, Ctrl-C and going on change nothing, and a
# mistake is said with its line before anything starts. usage: sweep.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"
needs_proc

plan() { { echo "[sweep]" && cat; } >plan.ini; }

plan <<'INI'
games = catch
protocol = own
presets = quick, rainbow
seeds = 1, 2
frames = 600
set = learn_start_steps=100
set = epoch_steps=300
INI
accepted sweep plan.ini --run one --jobs 2
printed "4 runs, 2 at a time, in one"
printed "[4 of 4] catch-"
printed "one/catch.html: 4 runs"
[ "$(wc -l <one/sweep.csv)" -eq 3 ] || wrong "sweep.csv has not a row for each preset: $(cat one/sweep.csv)"
printed "hours: of a run, with 1 thread"
for figure in frames minutes; do
    printed "one/$figure.png: 4 runs"
    [ "$(head -c 4 one/$figure.png | tail -c 3)" = PNG ] || wrong "one/$figure.png is no picture"
done
cmp -s one/frames.png one/minutes.png && wrong "curves over minutes are those over frames"
head -1 one/sweep.csv | grep -q ",standard_error,hours$" || wrong "sweep.csv has no hours: $(head -1 one/sweep.csv)"
seconds() { tr -d ' \t' <"one/$1/summary.json" | sed -n 's/^"seconds":\([^,]*\),.*/\1/p'; }
awk -F, -v a="$(seconds catch-rainbow-1)" -v b="$(seconds catch-rainbow-2)" \
    '$2 == "rainbow" {off = $NF * 3600 - (a + b) / 2; exit !(a > 0 && off * off < 1e-6 * a * a)}' one/sweep.csv ||
    wrong "rainbow's hours are not its runs' seconds: $(cat one/sweep.csv)"
grep -q "^catch,rainbow,own,2," one/sweep.csv || wrong "rainbow's two runs are not in sweep.csv: $(cat one/sweep.csv)"
grep -q "learn_start_steps = 100" one/catch-quick-2/config.ini || wrong "a setting did not arrive"

# done once; other settings are not taken for the same
touch then
sleep 0.1
accepted sweep plan.ini --run one
[ -z "$(find one -name weights.safetensors -newer then)" ] || wrong "a run that was done was done again"

# checkpoints stay, unless they are not wanted any more
[ -e one/catch-quick-1/checkpoints ] || wrong "checkpoints went by themselves"
accepted sweep plan.ini --run one --drop-checkpoints --threads 64
printed "4 runs, 1 at a time, in one"
[ -z "$(find one -name checkpoints)" ] || wrong "checkpoints that were not wanted are there"
accepted eval one/catch-quick-1 --episodes 2
sed -i 's/frames = 600/frames = 700/' plan.ini
refused 2 "'one/catch-quick-1' was made with train_frames = 600, and 'plan.ini' asks for 700" sweep plan.ini --run one
sed -i 's/frames = 700/frames = 600/' plan.ini

# Ctrl-C in the middle, then on: the same table
"$DEEPQ" sweep plan.ini --run two --jobs 1 >stopped.txt 2>&1 &
process=$!
for _ in $(seq 100); do
    [ ! -e two/catch-quick-1/checkpoints ] || break
    sleep 0.02
done
kill -INT $process
status=0
wait $process || status=$?
[ "$status" -eq 130 ] || wrong "a sweep that was stopped ended with $status: $(cat stopped.txt)"
grep -q "the same command goes on" stopped.txt || wrong "a sweep that was stopped did not say how to go on"

# what somebody counted meanwhile is not what the run comes to
[ ! -e two/catch-rainbow-2 ] || wrong "the sweep was over before it was stopped"
echo '{"agent": {"mean": 99, "ci95": 0, "games": 30}}' >two/catch-quick-1/eval-own.json
accepted sweep plan.ini --run two
without_hours() { sed 's/,[^,]*$//' "$1/sweep.csv"; }
[ "$(without_hours one)" = "$(without_hours two)" ] || wrong "a sweep that was stopped comes to something else"

# killed before its first checkpoint: that run is begun again
(cd two/catch-quick-2 && rm -r checkpoints weights*.safetensors ./*.json timing.csv tensorboard)
sed -i 1q two/catch-quick-2/episodes.csv two/catch-quick-2/metrics.csv
exec 9>two/catch-quick-2/lock
flock 9 # as if another process trained there: that run fails, the others are told of
rm two/sweep.csv
status=0
"$DEEPQ" sweep plan.ini --run two >stdout.txt 2>stderr.txt || status=$?
[ "$status" -eq 1 ] || wrong "a sweep with a run that failed ended with $status: $(cat stderr.txt)"
grep -q "'two/catch-quick-2' failed: another process trains in 'two/catch-quick-2'" stderr.txt ||
    wrong "a sweep did not say why a run failed: $(cat stderr.txt)"
grep -q "^catch,rainbow,own,2," two/sweep.csv || wrong "no table came of a sweep with a run that failed"
exec 9>&-
accepted sweep plan.ini --run two
[ "$(without_hours one)" = "$(without_hours two)" ] || wrong "a sweep with a run killed early comes to something else"

# another precision, where there is one
printf 'games = catch\nprotocol = own\nframes = 600\nset = precision=bf16\n' | plan
if "$DEEPQ" bench net --preset quick --precision bf16 >/dev/null 2>&1; then
    accepted sweep plan.ini --run three
    grep -q "^precision = bf16 " three/catch-quick-1/config.ini || wrong "the precision did not arrive"
else
    refused 2 "'plan.ini', line 5: this machine multiplies no bfloat16" sweep plan.ini --run none
fi

# mistakes, each with its line
mistake() { refused 2 "'plan.ini', line $1: $2" sweep plan.ini --run none; }
printf 'games = catch\nprotocol = own\n\n\n\nseeds = 1, x\n' | plan
mistake 7 "a seed cannot be 'x'"
printf 'games = catch\ngame = catch\n' | plan
mistake 3 "there is no key 'game'"
printf 'games = catch\n' | plan
mistake 2 "protocol '2015' is for Atari's games, 'catch' is a toy"
printf 'games = bricks, brickz\n' | plan
mistake 2 "there is no game 'brickz'"
printf 'games = bricks\npresets = quick, slow\n' | plan
mistake 3 "there is no preset 'slow'"
printf 'games = bricks\nset = gamma=2\n' | plan
mistake 3 "'gamma' cannot be '2'"
printf 'games = bricks\nset = gamma=0.9\nset = seed=4\n' | plan
mistake 4 "the seeds are the words of 'seeds'"
printf 'games = bricks\nset = precision=auto\n' | plan
mistake 3 "what 'precision' = auto comes to may differ from run to run"
printf 'games = bricks\nset = target_every_steps=0\n' | plan
mistake 3 "'double_q' = yes and target_every_steps = 0 do not go together"
printf 'games = bricks\nframes = many\n' | plan
mistake 3 "'frames' cannot be 'many'"
printf 'games = bricks\nprotocol = 2014\n' | plan
mistake 3 "there is no protocol '2014'"
printf 'games = bricks\nseeds = 1\n    2, 3\n' | plan
mistake 4 "it begins with a blank: a key and its whole value stand on one line"
printf 'games = bricks\nseeds = 1\nseeds = 2\n' | plan
mistake 4 "'seeds' stands there a second time"
printf 'games = bricks,,rally\n' | plan
mistake 2 "'games' should list games"
printf 'games = bricks\nseeds = 1, 01\n' | plan
mistake 3 "a seed cannot be '01'"
printf 'games = bricks\nseeds = 1, 2, 1\n' | plan
mistake 3 "'1' and '1' would be one run, 'bricks-quick-1'"
printf 'games = bricks, rally, bricks\n' | plan
mistake 2 "'bricks' and 'bricks' would be one run, 'bricks-quick-1'"
mkdir other && cp one/catch-quick-1/config.ini other/quick.ini
printf 'games = bricks\npresets = quick, other/quick.ini\n' | plan
mistake 3 "'quick' and 'other/quick.ini' would be one run, 'bricks-quick-1'"
printf 'seeds = 1\n' | plan
refused 2 "'plan.ini' has no key 'games'" sweep plan.ini --run none
refused 2 "nowhere.ini" sweep nowhere.ini
[ ! -e none ] || wrong "a refused sweep left its folder"
finish
