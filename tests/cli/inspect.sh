#!/bin/sh
# deepq inspect: all pictures are there, are pictures, and are the same each time; bad requests are refused, harming nothing.
# usage: inspect.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"

refused 2 "nowhere" inspect nowhere -o out
refused 2 "folder's name is missing" inspect nowhere
refused 2 "'--states' cannot be '1'" inspect nowhere -o out --states 1
[ ! -e out ] || wrong "a refused request left a folder"
accepted inspect --help
printed "example: deepq inspect"

accepted train bricks --frames 800 --set epoch_steps=100 --set learn_start_steps=50 --set eval_steps=0 \
    --set heldout_states=10 --run bricks
accepted train catch --frames 600 --set learn_start_steps=100 --run catch
echo "not a folder" >file
refused 1 "file" inspect catch -o file --steps 50
[ "$(cat file)" = "not a folder" ] || wrong "a file was overwritten"

for out in one two; do
    accepted inspect bricks -o $out --steps 100 --states 40
    printed "$out/index.html: 100 steps"
    printed "layer 1: 16 of 16 units were excited by something"
done
for name in filters-1 filters-2 filters-3 patches-1 patches-2 patches-3 states; do
    [ "$(head -c 4 one/$name.png | tail -c 3)" = PNG ] || wrong "$name.png is no picture"
    cmp -s one/$name.png two/$name.png || wrong "$name.png differs the second time"
    grep -q "src=\"$name.png\"" one/index.html || wrong "the page does not show $name.png"
done
[ "$(find one -type f | wc -l)" -eq 8 ] || wrong "other files than said: $(ls one)"
if grep -Eq 'https?://|<script' one/index.html; then
    wrong "the page needs the net"
fi
accepted inspect bricks -o three --steps 100 --states 40 --seed 2
if cmp -s one/states.png three/states.png; then
    wrong "another seed gives the same map"
fi

# a network without convolutions: its one hidden layer, and the map
accepted inspect catch -o toy --steps 100 --states 50
[ "$(find toy -name '*.png' | wc -l)" -eq 3 ] || wrong "catch has other pictures than said: $(ls toy)"

# noisy layers are layers like others, by their means
accepted train catch --frames 600 --set learn_start_steps=100 --set eval_steps=20 --set noisy=yes \
    --set "network=conv 4 3 1, relu, dense 8, relu" --run noisy
accepted inspect noisy -o means --steps 50 --states 20
[ "$(find means -name '*.png' | wc -l)" -eq 5 ] || wrong "noisy has other pictures than said: $(ls means)"
grep -q "the last hidden layer's 8 units" means/index.html || wrong "the map is of another layer: $(grep -o "hidden layer[^.]*" means/index.html)"

# behind quantiles a unit sees everything, at each tau: as of a dense layer, the window that matters
accepted train catch --frames 600 --set learn_start_steps=100 --set eval_steps=20 --set returns=iqn --set atoms=4 \
    --set "network=conv 4 3 1, relu, dense 8, relu" --run iqn
accepted inspect iqn -o taus --steps 50 --states 20
[ "$(find taus -name '*.png' | wc -l)" -eq 5 ] || wrong "iqn has other pictures than said: $(ls taus)"
grep -q "3 x 3 pixels that it looked at" taus/index.html || wrong "the page does not say what a convolution sees"
grep -q "2 x 4 pixels that mattered most" taus/index.html || wrong "the page does not say what mattered"

# films do not depend on the clock
if "$DEEPQ" record bricks -o a.mp4 --frames 60 2>&1 | grep -q "without FFmpeg"; then
    refused 1 "without FFmpeg" record bricks -o a.mp4
else
    kinds=mp4
fi
for kind in gif ${kinds:-}; do
    accepted record bricks -o a.$kind --panels --frames 100
    sleep 1
    accepted record bricks -o b.$kind --panels --frames 100
    cmp -s a.$kind b.$kind || wrong "a .$kind is different the second time"
done
refused 2 "a name ends in .mp4, .gif or .png" record bricks -o film.avi
finish
