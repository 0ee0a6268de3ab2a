#!/bin/sh
# How a cartridge switches its banks is seen in its bytes, or is what --cartridge-type says; a run keeps what was said.
# usage: cartridge_type.sh DEEPQ
set -eu
export DEEPQ="$1"
own=$(cd "$(dirname "$0")/../../cartridges" && pwd)
. "$(dirname "$0")/check.sh"
tiny="--frames 400 --set epoch_steps=100 --set learn_start_steps=64 --set eval_steps=0 --set heldout_states=10 --quiet"

# traced FILE ARGUMENT...: the console's frames, kept in FILE
traced()
{
    file=$1
    shift
    accepted trace --core --frames 100 "$@"
    mv stdout.txt "$file"
    [ "$(sort -u -k 4 "$file" | wc -l)" -gt 1 ] || wrong "deepq trace $* shows nothing"
}

# Two banks of 4 KB: an F8 begins in the second one, a UA in the first.
cat "$own/bricks.bin" "$own/rally.bin" >two.bin
traced bricks.txt bricks
traced rally.txt rally
cmp -s bricks.txt rally.txt && wrong "two games look the same"
traced detected.txt two.bin
cmp -s detected.txt rally.txt || wrong "without a type, two.bin is no F8"
for type in F8 f8 detect; do
    traced said.txt two.bin --cartridge-type $type
    cmp -s said.txt rally.txt || wrong "--cartridge-type $type does not begin in the second bank"
done
traced said.txt two.bin --cartridge-type UA
cmp -s said.txt bricks.txt || wrong "--cartridge-type UA does not begin in the first bank"

# every type that a size can have runs, whatever its bytes
for size in 2048 4096 8192 10240 10495 12288 16384 32768; do
    head -c $size /dev/urandom >noise.bin
    accepted=0
    for type in 2K 4K CV F8 F8SC F6 F6SC F4 F4SC FA E0 E7 FE 3F UA DPC; do
        got=0
        "$DEEPQ" trace --core noise.bin --frames 20 --cartridge-type $type >stdout.txt 2>stderr.txt </dev/null || got=$?
        case $got in
        0)
            accepted=$((accepted + 1))
            [ "$(wc -l <stdout.txt)" -eq 20 ] || wrong "$size bytes as $type stopped"
            ;;
        2) grep -q "has $size bytes; a cartridge of type $type has" stderr.txt || wrong "said: $(cat stderr.txt)" ;;
        *) wrong "$size bytes as $type ended with $got: $(cat stderr.txt)" ;;
        esac
    done
    [ $accepted -gt 0 ] || wrong "$size bytes are of no type"
done

# a run plays as it has learnt, unless told otherwise
# shellcheck disable=SC2086 # many words are meant
accepted train bricks --run said --cartridge-type 3f $tiny
grep -q '^cartridge_type = 3F ' said/config.ini || wrong "the type is not kept: $(grep cartridge_type said/config.ini)"
# shellcheck disable=SC2086
accepted train bricks --run unsaid $tiny
grep -q '^cartridge_type = *;' unsaid/config.ini || wrong "a type is kept: $(grep cartridge_type unsaid/config.ini)"
sed -i 's/^cartridge_type = 3F/cartridge_type = F8/' said/config.ini
for command in "eval said --episodes 1" "record said -o picture.png" "play said"; do
    # shellcheck disable=SC2086
    refused 2 "'bricks' has 4096 bytes; a cartridge of type F8 has 8192" $command
done
accepted eval said --episodes 1 --cartridge-type 4K
accepted record said -o picture.png --cartridge-type detect
sed -i 's/^cartridge_type = F8/cartridge_type = F9/' said/config.ini
refused 2 "there is no cartridge type 'F9': there are detect, 2K," eval said --episodes 1

# what another run said does not count for a new one; runs from before there was such a key are read
# shellcheck disable=SC2086
accepted train bricks --preset said/config.ini --run fresh $tiny
grep -q '^cartridge_type = *;' fresh/config.ini || wrong "a preset brought its type along"
sed -i '/^cartridge_type/d' unsaid/config.ini
accepted eval unsaid --episodes 1

finish
