#!/bin/sh
# Every include of src/ follows an arrow of docs/architecture.md: no room looks into one it may not see.
cd "$(dirname "$0")/../.." || exit 1
may() {
    case $1 in
    base) echo base ;;
    atari | games | nn | tabular | viewer) echo "base $1" ;;
    library_nn) echo "base nn" ;;
    learn) echo "base nn learn" ;;
    env) echo "base atari games env" ;;
    rl) echo "base env nn rl" ;;
    run) echo "base env nn rl run" ;;
    library) echo "base atari games env" ;;
    report) echo "base nn run viewer report" ;;
    cli) echo "base atari games env nn learn rl tabular run viewer report cli" ;;
    *) echo "" ;;
    esac
}
bad=0
for folder in src/*/; do
    room=$(basename "$folder")
    for seen in $(grep -hoE '^#include "[a-z]+/' "$folder"*.[ch] | sed 's/.*"//; s,/,,' | sort -u); do
        case " $(may "$room") " in
        *" $seen "*) ;;
        *) echo "src/$room includes src/$seen, which it may not see"; bad=1 ;;
        esac
    done
done
if grep -nE '#include "(atari|games)/' src/rl/*.[ch]; then
    echo "the learner sees the hardware"
    bad=1
fi
exit $bad
