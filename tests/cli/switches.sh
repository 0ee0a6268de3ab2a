#!/bin/sh
# Each improvement on DQN by itself, and each preset, learns catch: most of the points that there are, long before a minute is
# over. What each is for is seen in tests/rl/effects_test.c. usage: switches.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"

# learns OPTION...: its best evaluation is above 0.9; 8,000 of the 20,000 frames that it would have are enough
learns()
{
    accepted train catch --frames 8000 --threads 1 --quiet --run learnt "$@"
    mean=$(tr -d ' \t\n' <learnt/summary.json | sed -n 's/.*"agent":{"mean":\([-0-9.e]*\),.*/\1/p')
    awk -v mean="${mean:-none}" 'BEGIN {exit !(mean + 0 > 0.9)}' || wrong "train catch $*: agent.mean is ${mean:-missing}"
    rm -rf learnt
}

# quick has double_q and Munchausen's returns, which weigh all actions and leave Double Q nothing to choose: so without
for switch in munchausen=0.9 double_q=yes dueling=yes prioritised=yes return_steps=3 noisy=yes returns=c51 returns=qr \
    returns=iqn; do
    learns --set double_q=no --set munchausen=0 --set $switch
done
for preset in quick nips2013 nature2015 rainbow dopamine pqn; do
    learns --preset $preset
done
finish
