#!/bin/sh
# Every kind of bad input gets one sentence, the right exit status, and harms nothing on the disk.
# usage: bad_input.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"
tiny="--frames 600 --set epoch_steps=300 --set learn_start_steps=64 --set eval_steps=50 --set heldout_states=10 --quiet"

# the command itself
refused 2 "there is no command 'trian'" trian catch
refused 2 "something is missing of 'GAME|ROM'" train
refused 2 "no place for the argument 'bricks'" train catch bricks
refused 2 "'--fast'" train catch --fast
refused 2 "'--seed'" train catch --seed
refused 2 "cannot be measured" bench disk
accepted bench replay catch --steps 300
accepted bench replay --steps 300 --json
printed '"game": "bricks"'
refused 2 "unknown option '--precision'" bench replay --precision bf16
accepted bench env --envs 4 --threads 2 --frames 400 --json
printed '"pixels": "84x84"'
refused 2 "'--envs' and '--threads' go with '--pixels 84x84' alone" bench env --envs 4 --pixels all
refused 2 "'--envs' cannot be '0'" bench env --envs 0
refused 2 "'envs' cannot be '0'" bench train --envs 0
refused 2 "'precision' cannot be 'f16'" bench net --precision f16
refused 2 "'--steps' cannot be '0'" bench replay catch --steps 0
refused 2 "'envs' cannot be '0'" train catch --envs 0
accepted --help
printed "deepq COMMAND"
accepted
printed "train"
accepted --version
for command in train eval record play games "bench net" "bench train"; do
    # shellcheck disable=SC2086 # two words are meant
    accepted $command --help
    printed "example"
done

# games and cartridges
refused 2 "there is no game 'brickz': the nearest is 'bricks'" train brickz
refused 2 "cannot open './nothing.bin'" train ./nothing.bin
mkdir folder.bin
refused 2 "'folder.bin' is a folder" train folder.bin
: >empty.bin
refused 2 "'empty.bin' has 0 bytes" train empty.bin
head -c 3000 /dev/zero >odd.bin
refused 2 "'odd.bin' has 3000 bytes" train odd.bin
head -c 600000 /dev/zero >huge.bin
refused 2 "'huge.bin' has 600000 bytes" train huge.bin
head -c 4096 /dev/zero >unknown.bin
refused 2 "'unknown.bin' (md5 620f0b67a91f7f74151bc5be745b7110) is the cartridge of no game" train unknown.bin
refused 2 "no cartridge of 'breakout'" train breakout --roms .
refused 2 "cannot read the folder of cartridges 'nowhere'" train breakout --roms nowhere
refused 2 "cannot read the folder of cartridges 'empty.bin', which --roms names" games --roms empty.bin
refused 2 "cannot read the folder of cartridges ''" games --roms ""
mkfifo pipe.bin
refused 2 "'./pipe.bin' is not a regular file" train ./pipe.bin
refused 2 "'/dev/zero' is not a regular file" train /dev/zero
mkdir roms && mkfifo roms/pong.bin
refused 2 "no cartridge of 'pong' (md5" train pong --roms roms
# larger than any memory, if the file system can; by name and in a folder
truncate -s 1T roms/vast.bin 2>/dev/null || truncate -s 16G roms/vast.bin
begin=$(date +%s)
refused 2 "'roms/vast.bin' has" train roms/vast.bin
accepted games --roms roms
head -c 100000000 /dev/zero | gzip -1 >roms/vast.gz
refused 2 "'roms/vast.gz' is not a whole gzip file with a cartridge in it" train roms/vast.gz
[ $(($(date +%s) - begin)) -lt 20 ] || wrong "vast files are read"
gzip -c unknown.bin | head -c 20 >cut.gz
refused 2 "'cut.gz' is not a whole gzip file with a cartridge in it" train cut.gz
for command in "train catch" "trace bricks" "trace --core unknown.bin" "eval good" "play bricks" "record bricks -o a.png" \
    "bench env bricks" "bench train bricks"; do
    # shellcheck disable=SC2086
    refused 2 "'--cartridge-type'" $command --cartridge-type
done
types="detect, 2K, 4K, CV, F8, F8SC, F6, F6SC, F4, F4SC, FA, E0, E7, FE, 3F, UA, DPC"
for command in "train catch" "trace bricks" "trace --core unknown.bin" "play bricks" "record bricks -o a.png" \
    "bench env bricks" "bench train bricks" "bench net"; do
    # shellcheck disable=SC2086
    refused 2 "there is no cartridge type 'F9': there are $types" $command --cartridge-type F9
done
refused 2 "'unknown.bin' has 4096 bytes; a cartridge of type F8 has 8192" trace --core unknown.bin --cartridge-type F8
refused 2 "'bricks' has 4096 bytes; a cartridge of type F6 has 16384" train bricks --cartridge-type F6
refused 2 "'catch' is a toy without a cartridge: leave out '--cartridge-type'" train catch --cartridge-type F8
if [ "$(id -u)" -ne 0 ]; then
    head -c 4096 /dev/zero >closed.bin
    chmod 0 closed.bin
    refused 2 "cannot open 'closed.bin'" train closed.bin
fi

# presets, keys, values
refused 2 "there is no preset 'quik'" train catch --preset quik
refused 2 "cannot open 'my.ini'" train catch --preset my.ini
printf '[learning]\ngama = 1\n' >my.ini
refused 2 "'my.ini', line 2: there is no key 'gama': the nearest is 'gamma'" train catch --preset my.ini
refused 2 "there is no key 'gama': the nearest is 'gamma'" train catch --set gama=1
refused 2 "'gamma' cannot be 'nan'" train catch --set gamma=nan
refused 2 "'gamma' cannot be 'big'" train catch --set gamma=big
refused 2 "'replay_steps' cannot be '-1'" train catch --set replay_steps=-1
refused 2 "'rollout_steps' above 0 and double_q = yes do not go together" train catch --set rollout_steps=8
refused 2 "'double_q' = yes and target_every_steps = 0 do not go together" \
    train catch --preset nips2013 --set double_q=yes
refused 2 "'rollout_steps' above 0 and prioritised = yes do not go together" train catch --preset pqn --set prioritised=yes
refused 2 "'max_episode_frames' is 34: it must be more than the 34 frames that 'noop_max' and 'fire_at_reset' may take" \
    train bricks --set max_episode_frames=34
refused 2 "'replay_steps' is 500: with 'acting_lag_updates' = 1, which plays 'update_every_steps' = 1000 at a time, at least 4000" \
    train catch --set update_every_steps=1000 --set replay_steps=500 --set learn_start_steps=100
printf '[learning]\ngamma = 0.9\n  0.8\n' >indented.ini
refused 2 "'indented.ini', line 3: it begins with a blank" train catch --preset indented.ini
printf '[learning]\ngamma = 0.9\ngamma = 0.8\n' >twice.ini
refused 2 "'twice.ini', line 3: 'gamma' stands there a second time" train catch --preset twice.ini
refused 2 "'returns' = iqn and noisy = yes do not go together" train catch --set returns=iqn --set noisy=yes
refused 2 "the backend 'vector' has no layer 'quantiles'" train catch --set returns=iqn --set backend=vector
refused 2 "'minibatch' is 33: it must divide 'rollout_steps' times 'envs', which is 64" \
    train catch --preset pqn --set minibatch=33
refused 2 "'minibatch' cannot be '1e300'" train catch --set minibatch=1e300
refused 2 "'train_frames' cannot be '-5'" train catch --frames -5
refused 2 "'threads' cannot be '0'" train catch --threads 0
refused 2 "'threads' cannot be '1000'" train catch --threads 1000
refused 2 "a replay memory of 100000000 transitions needs 705.6 GB and this machine has" \
    train bricks --set replay_steps=100000000 --set replay_packed=no
refused 2 "a replay memory of 100000000 transitions needs 705.6 GB" \
    train bricks --set replay_steps=100000000 --set replay_packed=no --envs 128
refused 2 "'learn_start_steps' is 500" train catch --set replay_steps=400
refused 2 "'deep 64'" train catch --set "network=deep 64"

# run folders
mkdir taken
echo precious >taken/config.ini
refused 2 "'taken' is there already" train catch --run taken
[ "$(cat taken/config.ini)" = precious ] || wrong "the folder that was there was changed"
echo file >file
refused 1 "'file" train catch --run file/run
refused 2 "'nowhere" eval nowhere
refused 2 "'folder.bin" eval folder.bin

# weights
# shellcheck disable=SC2086 # many words are meant
accepted train catch --run good $tiny
refused 2 "there is no cartridge type 'F9'" eval good --cartridge-type F9
for command in "eval good --episodes 0" "eval good --episodes many" "eval good --epsilon 2" "eval good --epsilon nan"; do
    # shellcheck disable=SC2086
    refused 2 "cannot be" $command
done
cp -r good cut && head -c 500 good/weights-best.safetensors >cut/weights-best.safetensors
refused 2 "'cut/weights-best.safetensors'" eval cut
cp -r good flipped
size=$(wc -c <good/weights-best.safetensors)
printf '\252' | dd of=flipped/weights-best.safetensors bs=1 seek=$((size - 7)) conv=notrunc 2>/dev/null
cmp -s good/weights-best.safetensors flipped/weights-best.safetensors && wrong "nothing was flipped"
refused 2 "'flipped/weights-best.safetensors'" eval flipped
# shellcheck disable=SC2086
accepted train catch --run other $tiny --set "network=dense 13, relu"
cp -r good foreign && cp other/weights-best.safetensors foreign/
refused 2 "'foreign/weights-best.safetensors'" eval foreign
cp -r good without && rm without/weights*.safetensors
refused 2 "'without/weights" eval without
refused 2 ".png" record good -o film.mov
refused 1 "nowhere/film.gif" record good -o nowhere/film.gif
refused 2 "missing" record good

[ ! -e runs ] || wrong "something that was refused left a run's folder"
finish
