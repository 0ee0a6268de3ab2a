#!/bin/sh
# Q as a table: what is printed, as a table and as JSON, and what is refused. usage: qtable.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"

accepted qtable
printed "37 states x 4 actions = 148 numbers"
printed "10^67970" # 28224 log10(256) = 67970.2
[ "$(awk '/^Q\*/ {on = 1} on && /\^#/ {print $1; exit}' stdout.txt)" = "^###########" ] || wrong "the way begins elsewhere"
accepted qtable chain --gamma 0.5 --sweeps 20 --quiet
[ "$(wc -l <stdout.txt)" -eq 9 ] || wrong "not quiet: $(cat stdout.txt)" # a blank, the head, 0 1 2 4 8 16 20

# a deterministic chain of eight: after n sweeps of Bellman gamma^n is missing, and after eight nothing
accepted qtable chain --gamma 0.5 --sweeps 20 --json
[ "$(wc -l <stdout.txt)" -eq 1 ] || wrong "not one line"
cat >look.py <<'PY'
import json, sys
got = json.load(open("stdout.txt"))
assert got["world"] == "chain" and got["states"] == 8 and got["sweeps"] == 20, got
assert len(got["bellman"]) == len(got["q_learning"]) == 21
assert [round(x, 12) for x in got["bellman"][:8]] == [0.5 ** n for n in range(8)], got["bellman"]
assert got["bellman"][9] == 0 and 0 < got["q_learning"][20] < got["q_learning"][0] == 1, got
PY
if command -v python3 >/dev/null; then
    python3 look.py || wrong "the JSON object: $(cat stdout.txt)"
fi
cp stdout.txt before.txt
accepted qtable chain --gamma 0.5 --sweeps 20 --json
cmp -s stdout.txt before.txt || wrong "the same command said something else"
accepted qtable chain --gamma 0.5 --sweeps 20 --json --seed 2
! cmp -s stdout.txt before.txt || wrong "another seed said the same"

refused 2 "there is no world 'moon': there are chain, cliff, lake, catch" qtable moon
refused 2 "no place for the argument 'cliff'" qtable lake cliff
refused 2 "'--sweeps' cannot be '0'" qtable --sweeps 0
refused 2 "'--gamma' cannot be '1': it is a number from 0 to 0.999" qtable --gamma 1
refused 2 "'--alpha' cannot be 'nan'" qtable --alpha nan
refused 2 "'--epsilon' cannot be '-0.1'" qtable --epsilon -0.1
refused 2 "'--seed' cannot be 'x'" qtable --seed x
finish
