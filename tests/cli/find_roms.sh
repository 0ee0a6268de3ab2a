#!/bin/sh
# Cartridges are found by their md5 where users have them, and what only looks like one is told and never played. Files of
# random bytes under games' names show which places are looked at; what needs a known md5 takes tetris from the test data.
# usage: find_roms.sh DEEPQ
set -eu
export DEEPQ="$1"
own=$(cd "$(dirname "$0")/../../cartridges" && pwd)
data=${DEEPQ_TEST_DATA:-$(cd "$(dirname "$0")/../../.." && pwd)/shared}
. "$(dirname "$0")/check.sh"
export HOME="$scratch/home"

md5_of()
{
    md5sum <"$1" | cut -c1-32
}

# random_file PATH: 4 KB that nobody knows, and the folders above
random_file()
{
    mkdir -p "$(dirname "$1")"
    head -c 4096 /dev/urandom >"$1"
}

# row GAME PART: the last command's line of that game has it.
row()
{
    grep "^$1 " stdout.txt | grep -qF -- "$2" || wrong "'$2' is not in: $(grep "^$1 " stdout.txt)"
}

near_miss()
{
    row "$1" "not found; '$2' has its name but md5 $(md5_of "$2")"
}

# what the program has itself, and that places which are not there are no error
VIRTUAL_ENV="$scratch/nowhere" CONDA_PREFIX="" accepted games
for game in catch bricks rally; do
    row $game "built in"
done
[ "$(wc -l <stdout.txt)" -eq 112 ] || wrong "not a title, 104 games, four for two alone, two of ours and a toy but $(wc -l <stdout.txt) lines"
if grep -q ' /' stdout.txt; then
    echo "skipped: cartridges are installed in this system, and would be found everywhere"
    exit 77
fi

# every package's folder below every prefix, wherever its path has what a shell would expand
for prefix in "$scratch/a [b]*?\\" "$scratch/conda" "$HOME/.local"; do
    for place in lib/python3.11/site-packages/ale_py/roms lib/python3.9/site-packages/AutoROM/roms \
        lib/python3/dist-packages/multi_agent_ale_py/roms lib64/python3.13/site-packages/envpool/atari/roms \
        lib/python3.8/site-packages/atari_py/atari_roms lib/python3.8/site-packages/atari_py/atari_roms/below; do
        random_file "$prefix/$place/pong.bin"
        VIRTUAL_ENV="$scratch/a [b]*?\\" CONDA_PREFIX="$scratch/conda" accepted games
        near_miss pong "$prefix/$place/pong.bin"
        rm -r "${prefix:?}/lib"*
    done
done

# and no others: neither the rest of site-packages nor what cannot be read as a folder
packages="$scratch/venv/lib/python3.11/site-packages"
export VIRTUAL_ENV="$scratch/venv"
random_file "$packages/pong.bin"
random_file "$packages/numpy/roms/pong.bin"
random_file "$packages/ale_py/pong.bin"
random_file "$packages/ale_py/roms"
accepted games
row pong "not found"
grep -q "has its name" stdout.txt && wrong "a file was found where nobody should look: $(grep 'has its name' stdout.txt)"

# variables come before, each in its turn, and --roms is looked at alone
rm "$packages/ale_py/roms"
before="$packages/ale_py/roms/pong.bin"
random_file "$before"
for variable in ALE_PY_ROM_DIR ALE_ROM_DIR ALE_ROMS_DIR DEEPQ_ROMS; do
    accepted games
    near_miss pong "$before"
    before="$scratch/in $variable/pong.bin"
    random_file "$before"
    export "$variable=$scratch/in $variable"
done
accepted games
near_miss pong "$before"
mkdir empty
accepted games --roms empty
grep -q "has its name" stdout.txt && wrong "--roms was not looked at alone"
for variable in DEEPQ_ROMS ALE_ROMS_DIR ALE_ROM_DIR ALE_PY_ROM_DIR; do
    export "$variable=$scratch/none"
    refused 2 "cannot read the folder of cartridges '$scratch/none', which $variable names" games
    refused 2 "cannot read the folder of cartridges '$scratch/none', which $variable names" train pong
    accepted games --roms empty
    unset "$variable"
done
unset VIRTUAL_ENV

# names: of which game a near miss is
for name in "Space Invaders.a26" space-invaders SPACE_INVADERS.bin.old spaceinvaders.rom; do
    rm -rf names
    random_file "names/$name"
    accepted games --roms names
    near_miss space_invaders "names/$name"
done
rm -rf names
for name in "my pong.bin" pong2.bin pon.bin; do
    random_file "names/$name"
done
: >names/.pong.bin
random_file "names/cut" && gzip -c names/cut | head -c 1000 >names/pong.bin.gz
accepted games --roms names
row pong "not found"
grep -q "has its name" stdout.txt && wrong "a near miss that is none: $(grep 'has its name' stdout.txt)"

# a near miss, even one that is a known cartridge or packed, is played by no command
right=60e0ea3cbe0913d39803477945e9e5ec
mkdir near packed
cp "$own/bricks.bin" near/Pong.bin
head -c 3000 /dev/urandom >pong
gzip -c pong >packed/pong.bin.gz
for command in "train pong" "trace pong" "trace pong --core" "play pong" "record pong -o film.gif" "bench env pong" \
    "bench train pong" "bench net --game pong"; do
    # shellcheck disable=SC2086 # many words are meant
    refused 2 "no cartridge of 'pong' was found: 'near/Pong.bin' has its name but md5 $(md5_of near/Pong.bin), not $right" \
        $command --roms near
    # shellcheck disable=SC2086
    refused 2 "'packed/pong.bin.gz' has its name but md5 $(md5_of pong), not $right" $command --roms packed
    if [ -e runs ] || [ -e film.gif ]; then wrong "deepq $command left something"; fi
    # shellcheck disable=SC2086
    refused 2 "no cartridge of 'pong' (md5 $right) was found" $command --roms empty
done
refused 2 "'./pong.rom' (md5 $(md5_of names/cut)) is the cartridge of no game that is known: that of 'pong' has md5 $right" \
    train "$(cp names/cut pong.rom && echo ./pong.rom)"

# packed cartridges are played as if they were not
gzip -c "$own/bricks.bin" >wrapped
accepted trace bricks --steps 300
mv stdout.txt bare.txt
accepted trace ./wrapped --steps 300
[ "$(wc -l <stdout.txt)" -eq 301 ] || wrong "no trace of 300 steps"
cmp -s stdout.txt bare.txt || wrong "a gzip'ed cartridge plays otherwise"

[ "$failures" -eq 0 ] || exit 1
if [ ! -r "$data/roms/tetris.bin" ]; then
    echo "skipped in part: 'roms/tetris.bin' is not there (DEEPQ_TEST_DATA names the folder)"
    exit 0
fi

# a cartridge of somebody else, under a name that says nothing: found by every command, kept by the run
tiny="--frames 400 --set epoch_steps=100 --set learn_start_steps=64 --set eval_steps=0 --set heldout_states=10 --quiet"
export VIRTUAL_ENV="$scratch/venv"
random_file "$packages/ale_py/roms/tetris.bin" # a near miss is harmless while the right one is somewhere
here="$packages/AutoROM/roms/nameless"
mkdir -p "$(dirname "$here")"
cp "$data/roms/tetris.bin" "$here"
accepted games
row tetris "$here"
grep -q "^tetris .*md5" stdout.txt && wrong "a near miss is told though the cartridge is there"
# shellcheck disable=SC2086
accepted train tetris --run run $tiny
grep -qF "rom = $here" run/config.ini || wrong "the run's configuration does not say where its cartridge was"
accepted eval run --episodes 1
accepted trace tetris --steps 3
accepted record tetris -o tetris.png
accepted bench env tetris --frames 60
mkdir mine
gzip -c "$here" >mine/a.gz
DEEPQ_ROMS=mine accepted games
row tetris mine/a.gz
cp "$here" mine/pong.bin && rm mine/a.gz
accepted games --roms mine
row tetris mine/pong.bin
near_miss pong mine/pong.bin

# what lies where the run's cartridge was is looked at, too; the cartridge itself can be anywhere
cp names/cut "$here"
unset VIRTUAL_ENV
refused 2 "no cartridge of 'tetris'" eval run --episodes 1 --roms empty
accepted eval run --episodes 1 --roms mine

finish
