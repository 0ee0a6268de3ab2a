#!/bin/sh
# Evaluations by protocol, of one run and of several: what is printed, what the report says, what is refused.
# usage: eval.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"
tiny="--frames 800 --set epoch_steps=800 --set learn_start_steps=300 --set eval_steps=50"

for seed in 1 2 3; do
    # shellcheck disable=SC2086
    accepted train catch --seed $seed --run "c$seed" --quiet $tiny
done
accepted train bricks --frames 400 --set learn_start_steps=64 --set epoch_steps=100 --set eval_steps=1 \
    --set heldout_states=0 --set "network=dense 2, relu" --run b --quiet

accepted eval c1 --episodes 5
printed "protocol of the run: 5 games"
accepted eval c1 --protocol 2013 -o c1/evaluation-2013.json
printed "protocol 2013: 10,000 agent steps, epsilon 0.05"
accepted eval b --protocol 2015 --json
cat >look.py <<'PY'
import json, statistics, sys
one = json.load(open("c1/evaluation-2013.json"))
assert one["protocol"] == "2013" and "0.05" in one["protocol_text"] and one["epsilon"] == 0.05, one
assert one["agent"]["games"] == 1112 and one["agent"]["frames"] == 10008, one  # 9 steps a game, to the game's end
b = json.load(open("stdout.txt"))
assert b["protocol"] == "2015" and b["agent"]["games"] == 30 and "human_normalised" not in b["agent"], b
assert b["agent"]["frames"] <= 30 * 18000, b
PY
if command -v python3 >/dev/null; then python3 look.py || wrong "the objects"; fi

# three seeds together, by Python's own arithmetic
accepted eval c1 c2 c3 --episodes 20 --json
cat >look.py <<'PY'
import json, statistics
got = json.load(open("stdout.txt"))
means = [run["agent"]["mean"] for run in got["runs"]]
all = got["games"]["catch"]
assert [run["training_seed"] for run in got["runs"]] == [1, 2, 3], got
assert abs(all["mean"] - statistics.mean(means)) < 1e-9 and all["runs"] == 3, all
assert abs(all["median"] - statistics.median(means)) < 1e-9, all
assert abs(all["standard_error"] - statistics.stdev(means) / 3 ** 0.5) < 1e-9, all
assert min(means) - 1e-9 <= all["iqm_interval"][0] <= all["iqm"] <= all["iqm_interval"][1] <= max(means) + 1e-9, all
assert len(set(means)) > 1, "seeds that come to the same say nothing"
PY
if command -v python3 >/dev/null; then python3 look.py || wrong "three seeds: $(cat stdout.txt)"; fi
accepted eval c1 b --episodes 1
printed "catch, 1 run:"
printed "bricks, 1 run:"

# the page says by which protocol
accepted report c1 -o page.html --no-film
grep -q "protocol 2013: 10,000 agent steps" page.html || wrong "the page does not name the protocol"
grep -q "protocol of the run, epsilon" page.html || wrong "the page does not say that the run's evaluations are its own"
echo "{}" >c1/evaluation-2013.json
refused 2 "'c1/evaluation-2013.json' is damaged" report c1 -o page.html --no-film

refused 2 "there is no protocol '2014': there are 2013, 2015, 2018" eval c1 --protocol 2014
refused 2 "protocol '2018' does not fit 'catch': sticky actions" eval c1 --protocol 2018
refused 2 "protocol '2015' does not fit 'catch': no-ops" eval b c1 --protocol 2015
refused 2 "'--protocol 2015' and '--epsilon' cannot go together" eval b --protocol 2015 --epsilon 0.1
refused 2 "'--protocol 2013' and '--episodes' cannot go together" eval b --protocol 2013 --episodes 3
finish
