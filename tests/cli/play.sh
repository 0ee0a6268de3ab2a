#!/bin/sh
# The window: keys move things, it pauses, steps, closes, and obeys Ctrl-C. On a screen of its own (Xvfb), with keys pressed
# by xdotool and seen with ImageMagick's import; without those only what SDL's dummy screen can show.
# usage: play.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"

refused 2 "there is no game 'brickz'" play brickz
refused 2 "'bricks' has no mode 7: it has 0" play bricks --mode 7
refused 2 "'catch' is a toy without modes" play catch --mode 1
refused 2 "'--epsilon' is for agents" play bricks --epsilon 0.1
refused 2 "'--scale' cannot be '9'" play bricks --scale 9
refused 2 "nowhere" play bricks --agent nowhere

export SDL_VIDEODRIVER=nothing
if "$DEEPQ" play bricks 2>&1 | grep -q "without windows"; then
    echo "skipped: this deepq was built without SDL2"
    exit 77
fi
refused 1 "cannot open a window" play bricks

# With sanitizers: what the D-Bus library, which SDL brings, keeps until the end is no leak of ours. OpenGL's drivers leave
# some, too, and are gone before anybody could name them: draw without.
export SDL_RENDER_DRIVER=software SDL_FRAMEBUFFER_ACCELERATION=0
echo "leak:libdbus" >leaks.txt
export LSAN_OPTIONS="suppressions=$scratch/leaks.txt:print_suppressions=0"

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

# begin ARGUMENT...: deepq play, beside the test
begin()
{
    "$DEEPQ" play "$@" >stdout.txt 2>stderr.txt </dev/null &
    process=$!
}

is_gone()
{
    ! kill -0 $process || [ "$(ps -o stat= -p $process | cut -c1)" = Z ]
}

# ends STATUS: soon, and without a word
ends()
{
    if ! wait_for 5 is_gone; then
        wrong "deepq play goes on"
        kill -KILL $process
    fi
    got=0
    wait $process || got=$?
    [ "$got" -eq "$1" ] || wrong "deepq play ended with $got, not $1: $(cat stderr.txt)"
    [ ! -s stderr.txt ] || wrong "deepq play complained: $(cat stderr.txt)"
}

# Ctrl-C, on a screen that nobody sees: for a person, for an agent
accepted train catch --frames 300 --set learn_start_steps=100 --set replay_steps=300 --run run
for what in bricks run; do
    SDL_VIDEODRIVER=dummy begin $what
    sleep 1
    kill -INT $process || true # it has said why it is gone
    ends 130
done
refused 2 "has learnt 'catch', not 'bricks'" play bricks --agent run
refused 2 "'run' is a run itself" play run --agent run
refused 2 "'--mode' is for people" play run --mode 0

[ "$failures" -eq 0 ] || exit 1
for tool in Xvfb xdotool import; do
    if ! command -v $tool >/dev/null 2>&1; then
        echo "skipped in part: keys, titles and pictures need $tool (on Debian: xvfb, xdotool, imagemagick)"
        [ "$tool" = import ] || exit 0
    fi
done

# -noreset: without it the screen begins anew when its last window closes, and the next one may come too early
timeout 60 Xvfb -noreset -displayfd 1 -screen 0 1024x800x24 >display.txt 2>/dev/null &
screen=$!
unset SDL_VIDEODRIVER
export XDG_RUNTIME_DIR="$scratch"
wait_for 10 grep -q . display.txt || wrong "no screen"
DISPLAY=:$(cat display.txt)
export DISPLAY

# titled PATTERN: the window comes to this title; without one nothing else makes sense
titled()
{
    wait_for 8 xdotool search --name "$1" && return
    wrong "no window has the title '$1': $(cat stderr.txt)"
    kill $process $screen || true
    exit 1
}

# steps: ten single steps of a pause
steps()
{
    xdotool key --delay 30 n n n n n n n n n n
    sleep 0.2
}

# place AREA: where something lies in it, "width x height + x + y" with spaces between
place()
{
    import -window "$(xdotool search --name score | head -1)" -crop "$1" +repage -format '%@' info: | tr 'x+' '  '
}

# left_edge AREA, top_edge AREA: of what lies in it
left_edge()
{
    place "$1" | awk '{ print $3 }'
}

top_edge()
{
    place "$1" | awk '{ print $4 }'
}

# shown: a digest of the window
shown()
{
    import -window "$(xdotool search --name score | head -1)" rgb:- | cksum
}

begin bricks --scale 2
titled '^Bricks - score [0-9]*$'
xdotool key p
titled '^Bricks - score [0-9]* - paused$'
if command -v import >/dev/null 2>&1; then
    # between the walls, at the paddle's height
    paddle=490x8+30+360
    still=$(shown)
    middle=$(left_edge $paddle)
    sleep 0.3
    [ "$still" = "$(shown)" ] || wrong "a paused game moves"
    xdotool keydown Left
    steps
    xdotool keyup Left
    left=$(left_edge $paddle)
    [ "$left" -lt "$middle" ] || wrong "LEFT moved the paddle from $middle to $left"
    xdotool keydown Right
    steps
    steps
    xdotool keyup Right
    right=$(left_edge $paddle)
    [ "$right" -gt "$left" ] || wrong "RIGHT moved the paddle from $left to $right"
fi
xdotool key p
titled '^Bricks - score [1-9][0-9]*$' # a ball is served by itself, upwards, to where the bricks are
xdotool key F2 p                      # RESET is heard even by a game that pauses at once
steps
titled '^Bricks - score 0 - paused$'
xdotool key Escape
ends 0

if command -v import >/dev/null 2>&1; then
    begin rally --mode 1 --scale 2
    titled '^Rally - score'
    xdotool key p
    titled 'paused$'
    # the columns in which the bats move, between the field's lines
    left_bat=30x290+45+80 right_bat=30x290+475+80
    left=$(top_edge $left_bat) right=$(top_edge $right_bat)
    xdotool keydown w
    steps
    xdotool keyup w
    [ "$(top_edge $left_bat)" -eq "$left" ] || wrong "player 2's keys move the bat of player 1"
    [ "$(top_edge $right_bat)" -lt "$right" ] || wrong "W does not move the bat of player 2"
    xdotool keydown Down
    steps
    xdotool keyup Down
    [ "$(top_edge $left_bat)" -gt "$left" ] || wrong "DOWN does not move the bat of player 1"
    xdotool key q
    ends 0
fi

begin catch
titled '^catch - game [2-9] - score'
xdotool key Escape
ends 0

begin run
titled '^catch - an agent - game [2-9] - score'
kill -TERM $process || true
ends 130

kill $screen || true
finish
