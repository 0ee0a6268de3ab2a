#!/bin/sh
# Event files are what TensorBoard reads: another implementation of Protocol Buffers and of the checksum takes them apart and
# compares every number with metrics.csv. A kill in the middle of a run harms none of them. usage: tensorboard.sh DEEPQ
set -eu
export DEEPQ="$1"
here=$(cd "$(dirname "$0")" && pwd)
. "$here/check.sh"
for python in python3 /usr/bin/python3 none; do
    "$python" -c "import google.protobuf" 2>/dev/null && break
done
[ "$python" != none ] || { echo "skipped: no python3-protobuf"; exit 77; }

accepted train catch --frames 3000 --set epoch_steps=500 --set eval_steps=100 --run whole --quiet
"$python" "$here/read_events.py" whole 6 || wrong "the files of a whole run"

# cut off in the middle, and resumed: a file for each start
"$DEEPQ" train catch --frames 3000 --set epoch_steps=500 --set eval_steps=100 --run killed --checkpoint-minutes 0.001 \
    --quiet >stdout.txt 2>stderr.txt </dev/null &
process=$!
tries=0
while [ "$(cat killed/timing.csv 2>/dev/null | wc -l)" -lt 4 ] && [ $tries -lt 300 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -KILL $process 2>/dev/null || true
wait $process 2>/dev/null || true
accepted train --resume --run killed --quiet
"$python" "$here/read_events.py" killed 6 || wrong "the files of a run that was killed"
[ "$(ls killed/tensorboard | wc -l)" -eq 2 ] || wrong "not a file for each start: $(ls killed/tensorboard)"

# the referee can say no: one flipped bit
file=$(ls whole/tensorboard/*)
printf '\001' | dd of="$file" bs=1 seek=200 conv=notrunc status=none
"$python" "$here/read_events.py" whole 6 >/dev/null 2>&1 && wrong "a damaged file was taken for whole"
finish
