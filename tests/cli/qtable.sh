#!/bin/sh
# deepq qtable: both ways come to Q*, for people and for programs; what is not there is refused. usage: qtable.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"

refused 2 "there is no world 'maze': there are chain, cliff, ice, catch" qtable maze
refused 2 "'--gamma' cannot be '1'" qtable chain --gamma 1
refused 2 "'--sweeps' cannot be '0'" qtable chain --sweeps 0
refused 2 "'--alpha' cannot be 'much'" qtable chain --alpha much

for world in chain cliff ice catch; do
    accepted qtable $world --sweeps 500
    printed "   500 "
    printed "Q*, which Bellman's equation leaves as it is"
    accepted qtable $world --sweeps 500 --json
    tr ',{}' '\n' <stdout.txt >"$world.txt"
    [ "$(grep -c '"sweep"' "$world.txt")" -eq 501 ] || wrong "$world: not a row for each sweep"
    grep '"bellman"' "$world.txt" | tail -1 | awk '{exit !($2 < 1e-9)}' || wrong "$world: Bellman did not find Q*"
done
grep '"q_learning"' chain.txt | tail -1 | awk '{exit !($2 < 1e-6)}' || wrong "Q-learning did not find the chain's Q*"
if command -v python3 >/dev/null; then
    python3 -c 'import json, sys; json.load(sys.stdin)' <stdout.txt || wrong "that is no JSON"
fi
accepted qtable
printed "ice: "
finish
