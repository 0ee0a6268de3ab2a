#!/bin/sh
# deepq eval: by a protocol, of several runs; what does not go together is refused. usage: eval.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"

tiny="--set learn_start_steps=50 --set epoch_steps=100 --set eval_steps=0 --set heldout_states=10 --quiet"
# shellcheck disable=SC2086 # a list of options
for seed in 1 2; do accepted train bricks --frames 800 $tiny --seed $seed --run bricks-$seed; done
# shellcheck disable=SC2086
accepted train catch --frames 600 $tiny --run catch
refused 2 "there is no protocol '2014': there are 2013, 2015, 2018" eval bricks-1 --protocol 2014
refused 2 "'--episodes' and '--epsilon' cannot go with it" eval bricks-1 --protocol 2015 --episodes 3
refused 2 "'--episodes' and '--epsilon' cannot go with it" eval bricks-1 --protocol 2018 --epsilon 0
refused 2 "protocol '2018' is for Atari's games: 'catch'" eval catch --protocol 2018
refused 2 "nobody counted that for 'catch'" eval bricks-1 catch --episodes 2

accepted eval bricks-1 --protocol 2015 -o pressed-2015.json
printed "protocol 2015: 30 games of at most 5 minutes, epsilon 0.05, up to 30 no-ops"
printed "agent        30"
accepted eval bricks-1 --protocol 2013 --json
printed '"2013"'
printed '0.05'
printed '"standard_error"'
printed '"iqm"'

# as long as the protocol says: at most one game more than 10,000 steps
frames=$(grep -o '"frames":[^,]*' stdout.txt | head -1 | tr -dc 0-9)
[ "$frames" -ge 39000 ] && [ "$frames" -lt 60000 ] || wrong "protocol 2013 played $frames frames"

# sticky actions play other games; the same seed the same
accepted eval bricks-1 --episodes 5 --json -o one.json
accepted eval bricks-1 --episodes 5 --json -o two.json
cmp -s one.json two.json || wrong "the same evaluation differs the second time"
agent() { tr -d '\n\t ' <"$1" | grep -o '"agent":{[^}]*}'; }
accepted eval bricks-1 --episodes 5 --random --json -o three.json
[ "$(agent one.json)" = "$(agent three.json)" ] || wrong "a random player before it changes the agent's games"

accepted eval bricks-1 bricks-2 --episodes 3
printed "bricks-2: bricks"
printed "2 runs of 1 game, score of each"
printed "interquartile mean"
accepted eval bricks-1 bricks-2 --episodes 3 --json
printed '"together"'
printed '"interval95"'
printed '"standard_error"'

# refused before a game is played, however long those before it would take
begin=$(date +%s)
refused 2 "protocol '2018' is for Atari's games: 'catch'" eval bricks-1 bricks-2 catch --protocol 2018
[ $(($(date +%s) - begin)) -lt 5 ] || wrong "it played before it refused"

# the papers' agents pressed their buttons themselves, and began no life with no-ops
grep -q '^fire_at_reset = yes' bricks-1/config.ini || wrong "the preset's run does not press FIRE by itself"
cp -r bricks-1 left && sed -i 's/^fire_at_reset = .*/fire_at_reset = no/; s/^noops_after_life = .*/noops_after_life = no/' left/config.ini
accepted eval left --protocol 2015 -o left/eval-2015.json
sed 's/"run":"[^"]*",//' pressed-2015.json >pressed.json
sed 's/"run":"[^"]*",//' left/eval-2015.json >left.json
cmp -s pressed.json left.json || wrong "protocol 2015 presses FIRE, or waits after a lost life"
"$DEEPQ" eval bricks-1 --episodes 5 --json | sed 's/"run":"[^"]*",//' >pressed.json
"$DEEPQ" eval left --episodes 5 --json | sed 's/"run":"[^"]*",//' >left.json
! cmp -s pressed.json left.json || wrong "these runs do not differ in what they do by themselves"

# the page has the run's score by the protocol, and says which
accepted report left -o page.html --no-film
mean=$(sed 's/.*"agent":{"mean":\([0-9.]*\).*/\1/' left/eval-2015.json)
grep -q "protocol 2015: 30 games of at most 5 minutes" page.html || wrong "the page does not name the protocol"
grep -F "protocol 2015:" page.html | grep -qF "$(printf '%.4g' "$mean")" || wrong "the page has not the mean $mean"
echo "{}" >left/eval-2015.json
refused 2 "'left/eval-2015.json' is damaged" report left -o page.html --no-film
finish
