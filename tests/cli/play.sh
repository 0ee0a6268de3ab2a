#!/bin/sh
# The window: keys move things, it pauses, closes, and obeys Ctrl-C. On a screen of its own (Xvfb), with keys pressed by
# xdotool; without them only what SDL's dummy screen can show.
# usage: play.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"

refused 2 "there is no game 'brickz'" play brickz
refused 2 "'bricks' has no mode 7" play bricks --mode 7
refused 2 "'catch' is a toy" play catch
refused 2 "nowhere" play bricks --agent nowhere

# wait_for SECONDS COMMAND...: until it succeeds
wait_for()
{
    tenths=$(($1 * 10))
    shift
    while ! "$@" >/dev/null 2>&1; do
        tenths=$((tenths - 1))
        [ "$tenths" -gt 0 ] || return 1
        sleep 0.1
    done
}

# ends PROCESS STATUS: soon
ends()
{
    wait_for 5 sh -c "! kill -0 $1 2>/dev/null || [ \"\$(ps -o stat= -p $1)\" = Z ]" || wrong "deepq play goes on"
    got=0
    wait "$1" || got=$?
    [ "$got" -eq "$2" ] || wrong "deepq play ended with $got, not $2: $(cat stderr.txt)"
}

# Ctrl-C, on a screen that nobody sees
SDL_VIDEODRIVER=dummy "$DEEPQ" play bricks >stdout.txt 2>stderr.txt </dev/null &
process=$!
sleep 1
kill -TERM $process
if grep -q "without windows" stderr.txt; then
    echo "skipped: this deepq was built without SDL2"
    exit 77
fi
ends $process 130

if ! command -v Xvfb >/dev/null 2>&1 || ! command -v xdotool >/dev/null 2>&1; then
    [ "$failures" -eq 0 ] || exit 1
    echo "skipped in part: keys and titles need Xvfb and xdotool"
    exit 0
fi

display=:$((100 + $$ % 400))
Xvfb $display -screen 0 1024x800x24 >/dev/null 2>&1 &
screen=$!
export DISPLAY=$display XDG_RUNTIME_DIR=$scratch
unset SDL_VIDEODRIVER
wait_for 5 xdotool getdisplaygeometry || wrong "no screen"

"$DEEPQ" play bricks >stdout.txt 2>stderr.txt </dev/null &
process=$!
has_title()
{
    xdotool search --name "$1"
}
wait_for 5 has_title '^Bricks - score 0$' || wrong "no window with a score: $(cat stderr.txt)"
window=$(xdotool search --name '^Bricks' | head -1)
if [ -n "$window" ]; then
    xdotool key --window "$window" space # serve; a ball served from above the paddle meets a brick at last
    wait_for 10 has_title '^Bricks - score [1-9]' || wrong "the score never rose"
    xdotool key p
    wait_for 3 has_title 'paused$' || wrong "P does not pause"
    xdotool key p F2
    wait_for 3 has_title '^Bricks - score 0$' || wrong "F2 does not begin again"
    xdotool key Escape
    ends $process 0
else
    kill $process
fi
[ ! -s stderr.txt ] || wrong "deepq play complained: $(cat stderr.txt)"
kill $screen
finish
