#!/bin/sh
# At home on a Unix machine: manual, completion, help, pipes. usage: unix.sh DEEPQ
set -eu
export DEEPQ="$1"
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$(dirname "$0")/check.sh"
manual=$(dirname "$DEEPQ")/deepq.1
[ -s "$manual" ] || { "$source/share/manual.sh" "$DEEPQ" "$source/share/deepq.1.in" deepq.1 && manual=deepq.1; }

"$DEEPQ" --help | awk '/^  [a-z]/ {print $1}' >commands.txt
"$DEEPQ" bench --help | awk '/^  [a-z]/ {print "bench " $1}' >>commands.txt
[ "$(wc -l <commands.txt)" -ge 11 ] || wrong "commands are missing: $(cat commands.txt)"

# Every option that some help has, by a reading of its own: what follows two dashes at the beginning of an indented line.
options() { "$DEEPQ" "$@" --help | sed -n 's/^  *\(-[a-z], \)*--\([a-z0-9-]*\).*/--\2/p' | sort; }

# each command: an example in its help; each of its options in its part of the manual
if command -v mandoc >/dev/null; then
    mandoc -Tlint -W warning "$manual" >lint.txt || wrong "the manual: $(cat lint.txt)"
    mandoc -Tascii -Owidth=500 "$manual" | sed 's/.\x08//g' >manual.txt
fi
while read -r command; do
    # shellcheck disable=SC2086 # bench has two words
    accepted $command --help
    grep -q "^examples\{0,1\}: *deepq $command" stdout.txt || wrong "the help of $command has no example"
    # shellcheck disable=SC2086
    [ "$command" = bench ] || options $command >wanted.txt
    [ ! -e manual.txt ] || {
        awk -v title="^   deepq $command( |\$)" '/^   [^ ]/ {on = 0} $0 ~ title {on = 1} /^[^ ]/ {on = 0} on' manual.txt |
            grep -oE '^     (-[a-zA-Z], )?--[a-z0-9-]+' | sed 's/.*--/--/' | sort >found.txt
        [ "$command" = bench ] || cmp -s wanted.txt found.txt || wrong "manual of $command: $(diff wanted.txt found.txt)"
    }
done <commands.txt

# completion in a real bash
if command -v bash >/dev/null; then
    cat >try.bash <<'BASH'
. "$1"; shift
complete -p deepq >/dev/null || exit 1
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
_deepq
printf '%s\n' "${COMPREPLY[@]}" | sort
BASH
    offered() { bash try.bash "$source/share/deepq.bash" "$DEEPQ" "$@" >offered.txt; }
    offered ""
    { awk 'NF == 1' commands.txt; echo --help; echo --version; } | sort | cmp -s - offered.txt || wrong "commands: $(cat offered.txt)"
    offered re
    [ "$(tr '\n' ' ' <offered.txt)" = "record report " ] || wrong "re: $(cat offered.txt)"
    offered train bri
    [ "$(cat offered.txt)" = bricks ] || wrong "train bri: $(cat offered.txt)"
    offered train --preset ni
    [ "$(cat offered.txt)" = nips2013 ] || wrong "train --preset ni: $(cat offered.txt)"
    offered train --preset ra
    [ "$(cat offered.txt)" = rainbow ] || wrong "train --preset ra: $(cat offered.txt)"
    mkdir a-run && : >a-file
    offered train --run a-
    [ "$(cat offered.txt)" = a-run ] || wrong "--run takes folders: $(cat offered.txt)"
    offered report a-
    [ "$(tr '\n' ' ' <offered.txt)" = "a-file a-run " ] || wrong "report takes runs: $(cat offered.txt)"
    while read -r command; do
        [ "$command" != bench ] || continue
        # shellcheck disable=SC2086
        offered $command --
        # shellcheck disable=SC2086
        options $command | cmp -s - offered.txt || wrong "options of $command: $(cat offered.txt)"
    done <commands.txt
fi
if command -v zsh >/dev/null; then
    zsh -n "$source/share/_deepq" || wrong "zsh cannot read _deepq"
    "$DEEPQ" train --help >help.txt
    zsh -c 'source =(sed "\$d" "$1"); _deepq_specs <help.txt' zsh "$source/share/_deepq" >specs.txt
    sed 's/[=[].*//' specs.txt | sort >found.txt
    options train | cmp -s - found.txt || wrong "zsh: options of train: $(cat found.txt)"
    grep -qF -- '--run=[the run'\''s folder, a new one (default runs/GAME-PRESET-SEED)]:DIR:_files -/' specs.txt ||
        wrong "zsh: --run: $(grep -e --run specs.txt)"
fi

# pipes: no control characters where nobody looks, none of colour anywhere; a listener that leaves harms nothing
accepted train catch --frames 3000 --set epoch_steps=1000 --set eval_steps=100 --run piped
! grep -q "$(printf '[\033\r]')" stdout.txt || wrong "control characters in a pipe"
"$DEEPQ" train catch --frames 3000 --set epoch_steps=1000 --set eval_steps=100 --run left --verbose 2>stderr.txt | head -1 >/dev/null
tries=0
while [ ! -e left/summary.json ] && [ $tries -lt 200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
cmp -s left/metrics.csv piped/metrics.csv || wrong "the run whose listener left is another"
[ ! -s stderr.txt ] || wrong "it complained: $(cat stderr.txt)"
if command -v script >/dev/null && script -qec true no-terminal >/dev/null 2>&1; then # a system may have no pseudo-terminals
    script -qec "'$DEEPQ' train catch --frames 3000 --set epoch_steps=1000 --set eval_steps=100 --run seen" typescript >/dev/null
    ! grep -q "$(printf '\033')\\[[0-9;]*m" typescript || wrong "colours, without a word about NO_COLOR"
fi
# nobody to tell: what was asked for is not done, in a sentence
if [ -c /dev/full ]; then
    for command in games "qtable chain" "eval piped --json" --version; do
        got=0
        # shellcheck disable=SC2086
        "$DEEPQ" $command >/dev/full 2>stderr.txt || got=$?
        [ "$got" -eq 1 ] || wrong "$command on a full disk ended with $got"
        [ "$(cat stderr.txt)" = "deepq: cannot write to standard output: No space left on device" ] ||
            wrong "$command on a full disk: $(cat stderr.txt)"
    done
fi
got=0
"$DEEPQ" games >&- 2>stderr.txt || got=$?
[ "$got" -eq 1 ] || wrong "games without a standard output ended with $got"
# ... and no file of the run is taken for the stream that is closed
"$DEEPQ" train catch --frames 3000 --set epoch_steps=1000 --set eval_steps=100 --run unheard <&- >&- 2>&- ||
    wrong "without any stream a run ended with $?"
cmp -s unheard/episodes.csv piped/episodes.csv || wrong "episodes.csv is another without streams"
[ ! -s unheard/lock ] || wrong "what was said went into the lock"

accepted --version
grep -qE '^deepq [0-9]+\.[0-9]+\.[0-9]+( \([0-9a-f]+\+?\))?$' stdout.txt || wrong "the version: $(cat stdout.txt)"

finish
