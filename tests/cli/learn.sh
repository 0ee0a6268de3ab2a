#!/bin/sh
# deepq learn as a user meets it: figures, folder, bad input, and results that do not depend on threads. learn.sh DEEPQ
set -eu
export DEEPQ="$1"
. "$(dirname "$0")/check.sh"

# A table of two classes that a line tells apart: 200 rows to train with, 100 to test.
mkdir table
for part in train test; do
    awk -v part=$part 'BEGIN { srand(part == "train" ? 1 : 2); rows = part == "train" ? 200 : 100; print "x,y,class"
        for (i = 0; i < rows; i++) { x = rand(); y = rand(); print x "," y "," (x > y ? 1 : 0) } }' >table/$part.csv
done
echo "dense 16, tanh, dense 2" >small.net
accepted learn table --net small.net --epochs 60 --rate 0.02 --json --threads 1
[ "$(wc -l <stdout.txt)" -eq 1 ] || wrong "--json printed $(wc -l <stdout.txt) lines"
grep -Eq '"test_accuracy":(1|0\.9)' stdout.txt || wrong "two classes were not told apart: $(cat stdout.txt)"
for key in train_accuracy seconds examples_per_second; do
    printed "\"$key\":"
done

accepted learn table --net small.net --epochs 3 --threads 1 --run one --quiet
accepted learn table --net small.net --epochs 3 --threads 2 --run two --quiet
cmp one/weights.safetensors two/weights.safetensors || wrong "threads show in the weights"
accepted learn table --net small.net --epochs 3 --seed 2 --run other --quiet
cmp -s one/weights.safetensors other/weights.safetensors && wrong "the seed does not show in the weights"
for file in metrics.csv confusion.png summary.json report.html; do
    [ -s one/$file ] || wrong "one/$file is not there"
done
accepted learn table --net small.net --epochs 0 --init one/weights.safetensors --json
grep -o '"test_accuracy":[0-9.]*' stdout.txt >again.txt
grep -q "$(sed 's/.*://' again.txt | cut -c1-6)" one/summary.json || wrong "the weights do not come back: $(cat again.txt)"
refused 2 "'one' is there already" learn table --run one
refused 2 "something to learn from is missing" learn
refused 2 "there is no folder 'nowhere'" learn nowhere
refused 2 "there is no network 'mlq'" learn table --net mlq
refused 2 "'--epochs' cannot be '-1'" learn table --epochs -1
refused 2 "'--output' is for an experiment's figure or the encoder of a run" learn table -o figure.png
refused 2 "'--epochs' is 0: an experiment has at least 1" learn --experiment vanishing --epochs 0
awk -F, -v OFS=, 'NR > 1 {$1 *= 1e30} {print}' table/train.csv >steep.csv
cp -r table steep && mv steep.csv steep/train.csv
echo "dense 16, relu, dense 16, relu, dense 2" >steep.net
refused 1 "the weights are not finite numbers any more: a smaller '--rate' would help" \
    learn steep --net steep.net --optimiser sgd --rate 100 --epochs 40 --quiet
cp -r table vast && sed -i '2s/^[^,]*/1e300/' vast/train.csv
refused 2 "column 1 is '1e300', it should be a finite number" learn vast --net small.net
refused 2 "there is no optimiser 'adem'" learn table --optimiser adem
refused 2 "there is no pre-training 'rbn'" learn table --net small.net --pretrain rbn
refused 2 "begin with 'dense UNITS, sigmoid'" learn table --net small.net --pretrain rbm
refused 2 "fewer than are asked for" learn table --examples 201
refused 2 "there is no experiment 'vanish'" learn --experiment vanish
refused 2 "should end with .png" learn --experiment vanishing -o figure.jpg
echo "dense 16, relu, dense 1" >narrow.net
refused 2 "'narrow.net' has 1 outputs, the data have 2 classes" learn table --net narrow.net
echo "conv 4 3 1" >conv.net
refused 2 "kernel larger than its input" learn table --net conv.net
cp -r table nan && awk 'NR == 17 { print "0.5,nan,1"; next } { print }' table/train.csv >nan/train.csv
refused 2 "'nan/train.csv', row 17: column 2 is 'nan'" learn nan
cp -r table wide && awk '{ print (NR == 1 ? "z," : "1,") $0 }' table/test.csv >wide/test.csv
refused 2 "the test examples are 3x1x1, those to train with 2x1x1" learn wide --net small.net
cp -r table more && echo "0.1,0.2,2" >>more/test.csv && cp table/train.csv more/
refused 2 "test example 100 has the label 2, those to train with have 0 to 1" learn more --net small.net

# IDX: four pictures of 2 x 2 pixels and their labels, then spoilt in every way.
mkdir idx
printf '\0\0\010\003\0\0\0\004\0\0\0\002\0\0\0\002aaaabbbbaaaabbbb' >idx/train-images-idx3-ubyte
printf '\0\0\010\001\0\0\0\004\0\001\0\001' >idx/train-labels-idx1-ubyte
for part in images-idx3 labels-idx1; do cp idx/train-$part-ubyte idx/t10k-$part-ubyte; done
accepted learn idx --epochs 2 --json
gzip idx/t10k-images-idx3-ubyte
accepted learn idx --epochs 2 --json
cp -r idx cut && head -c 30 idx/train-images-idx3-ubyte >cut/train-images-idx3-ubyte
refused 2 "'cut/train-images-idx3-ubyte' is cut: it has 14 of the 16 values" learn cut
cp -r idx mixed && cp idx/train-labels-idx1-ubyte mixed/train-images-idx3-ubyte
refused 2 "'mixed/train-images-idx3-ubyte' is no IDX file of pictures" learn mixed
cp -r idx gone && rm gone/t10k-labels-idx1-ubyte
refused 2 "cannot open 'gone/t10k-labels-idx1-ubyte.gz'" learn gone
cp -r idx far && printf '\0\0\010\001\0\0\0\004\0\001\0\007' >far/train-labels-idx1-ubyte
refused 2 "label 7 in place 3 but no label 2" learn far
accepted learn idx --epochs 1 --run tiny --quiet
refused 2 "belongs to another network" learn table --net mlp --init tiny/weights.safetensors
accepted learn --help
printed "example:"
finish
