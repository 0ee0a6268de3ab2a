#!/bin/sh
# The page about a run: whole, self-contained, with the run's numbers and the papers'; small and quick; in a browser, where one
# is, no wider than a phone. usage: report.sh DEEPQ
set -eu
export DEEPQ="$1"
here=$(cd "$(dirname "$0")" && pwd)
. "$here/check.sh"

# has PAGE PART, lacks PAGE PART
has() { grep -qF -- "$2" "$1" || wrong "$1 has no '$2'"; }
lacks() { ! grep -qF -- "$2" "$1" || wrong "$1 has '$2'"; }

for seed in 1 2 3; do
    accepted train catch --frames 2000 --set epoch_steps=500 --set eval_steps=100 --seed $seed --run "seed $seed" --quiet
done
accepted report "seed 1" -o one.html
printed "one.html: 1 run of catch"
accepted report "seed 1" "seed 2" "seed 3" -o three.html --no-film
for page in one.html three.html; do
    lacks $page "<script"
    lacks $page "http"
    lacks $page "url("
    has $page "prefers-color-scheme: dark"
    has $page "@media print"
done
has one.html "data:image/gif;base64,R0lGOD"
lacks three.html "image/gif"
[ ! -e one.html.film ] || wrong "the film's file was left"
has one.html "deepq train catch --preset quick --set train_frames=2000 --set epoch_steps=500 --set eval_steps=100 --seed 1"
has three.html "--seed 3"
[ "$(grep -c '<svg' three.html)" -eq 6 ] || wrong "not six charts"
for what in Score "Mean maximal Q" Loss Epsilon "Frames a second"; do
    has three.html "<h3>$what</h3>"
done
best=$(awk -F, 'NR > 1 && $12 != "" && (!n++ || $12 > b) {b = $12} END {printf "%.4g", b}' "seed 1/metrics.csv")
has one.html "seed 1</th><td class=\"number\">$best</td>"
cp one.html before.html
accepted report "seed 1" -o one.html
cmp -s one.html before.html || wrong "the same run gave another page"
# another recipe has a curve of its own, by frames and by minutes
accepted train catch --frames 2000 --set epoch_steps=500 --set eval_steps=100 --set gamma=0.9 --run other --quiet
accepted report "seed 1" other "seed 2" -o recipes.html --no-film
[ "$(grep -c '<svg' recipes.html)" -eq 7 ] || wrong "not seven charts"
has recipes.html "3 runs, recipes quick, gamma = 0.99; quick, gamma = 0.9<"
has recipes.html "over minutes:"
has recipes.html "Evaluations, protocol own: epsilon 0: of each recipe"
has one.html "Evaluations, protocol own: epsilon 0. The band"
for chart in "Score over frames" "Score over minutes" "Loss over frames"; do
    grep "$chart: quick, gamma = 0.99 is .* quick, gamma = 0.9 is " recipes.html >alternative.txt || wrong "$chart: not two lines"
done
[ "$(grep -c 'class="band' recipes.html)" -ge 2 ] || wrong "two seeds have no band"

# what makes it again names the arithmetic, and the weights it began with, which make another recipe
accepted train catch --frames 2000 --set epoch_steps=500 --set eval_steps=100 --set backend=plain --run plain --quiet
accepted report plain -o plain.html --no-film
has plain.html "--preset quick --set backend=plain --set train_frames=2000"
accepted train catch --frames 2000 --set epoch_steps=500 --set eval_steps=100 --init "seed 1/weights.safetensors" --run begun --quiet
accepted report "seed 1" begun -o init.html --no-film
has init.html "--init begun/init.safetensors"
has init.html "2 runs, recipes quick; quick, --init<"

if command -v python3 >/dev/null; then
    python3 "$here/read_page.py" one.html || wrong "one.html is no whole page"
    python3 "$here/read_page.py" recipes.html || wrong "recipes.html is no whole page"
    python3 "$here/read_page.py" three.html || wrong "three.html is no whole page"
fi

# beside the papers: as if it had learnt breakout, with an evaluation of 167.7; random 1.7, human 30.5
cp -r "seed 1" "a<b>&\"c"
sed -i 's/^game = catch/game = breakout/' "a<b>&\"c/config.ini"
awk -F, -v OFS=, 'NR > 1 {$12 = NR == 3 ? 167.7 : 1} {print}' "seed 1/metrics.csv" >"a<b>&\"c/metrics.csv"
accepted report "a<b>&\"c" -o papers.html --no-film
has papers.html "a&lt;b&gt;&amp;&quot;c"
lacks papers.html "a<b>"
has papers.html 'DQN, 2015</th><td class="number">401.2</td><td class="number">1387.2 %'
has papers.html 'DQN, 2013</th><td class="number">168</td><td class="number">577.4 %'
has papers.html 'Rainbow</th><td class="number">417.5</td>'
has papers.html '<td class="number">167.7</td><td class="number">576.4 %'

# a run that has not ended; one that has not come to an epoch
rm "seed 2/summary.json"
accepted report "seed 2" -o cut.html
has cut.html "it has no summary.json"
sed -i 1q "seed 3/metrics.csv"
rm "seed 3"/weights* "seed 3/timing.csv"
accepted report "seed 3" -o begun.html
has begun.html "no values yet"

# bad input
refused 2 "the page's name is missing" report "seed 1"
refused 2 "'page.pdf' cannot be reported to: a name ends in .html or .png" report "seed 1" -o page.pdf
[ ! -e page.pdf ] || wrong "a page lies in page.pdf"
refused 2 "something is missing of 'RUN...'" report -o page.html
refused 2 "there is no run 'nowhere'" report nowhere -o page.html
mkdir folder
refused 2 "is not the folder of a run" report folder -o page.html
refused 2 "'seed 1' learnt catch and 'a<b>&\"c' breakout: a report is of one game" report "seed 1" "a<b>&\"c" -o page.html
refused 2 "no cartridge of 'breakout'" report "a<b>&\"c" -o page.html
refused 1 "nowhere/page.html" report "seed 1" -o nowhere/page.html
refused 1 "nowhere/page.html" report "seed 1" -o nowhere/page.html --no-film
cp -r "seed 1" damaged
echo "5,x" >>damaged/metrics.csv
refused 2 "'damaged/metrics.csv' is damaged: line 6" report damaged -o page.html
cp "seed 1/metrics.csv" damaged
echo "{" >damaged/summary.json
refused 2 "'damaged/summary.json' is damaged" report damaged -o page.html
cp "seed 1/summary.json" damaged
head -c 300 "seed 1/weights-best.safetensors" >damaged/weights-best.safetensors
refused 2 "'damaged/weights-best.safetensors' is damaged" report damaged -o page.html --no-film
[ ! -e page.html ] || wrong "a page was written of bad input"

# a run of an earlier program, which counted no dead units
cp -r "seed 1" earlier
cut -d, -f1-15 "seed 1/metrics.csv" >earlier/metrics.csv
accepted report earlier -o earlier.html --no-film
[ "$(grep -c '<svg' earlier.html)" -eq 5 ] || wrong "not five charts of a run of an earlier program"

# a hundred epochs in two seconds of a processor, under 3 MB
head -1 "seed 1/metrics.csv" >long.csv
for epoch in $(seq 1 100); do
    echo "$epoch,$((epoch * 1000)),$((epoch * 250)),$epoch,$epoch,1.5,0.1,0.01,0.5,0.6,10,$epoch.5,2,1,0,0.1" >>long.csv
done
cp -r "seed 1" long && cp long.csv long/metrics.csv
(
    ulimit -t 2
    exec "$DEEPQ" report long -o long.html --no-film >stdout.txt
) || wrong "a report of a hundred epochs takes more than two seconds"
[ "$(wc -c <long.html)" -lt 3000000 ] || wrong "a report of a hundred epochs has $(wc -c <long.html) bytes"
[ "$(grep -c '<circle class="point colour0"' long.html)" -ge 300 ] || wrong "not all epochs were drawn"

# an evaluation of two games, whose interval is wide, leaves the curve its height
awk -F, -v OFS=, 'NR == 3 {$13 = 3000000} {print}' long.csv >long/metrics.csv
accepted report long -o wide.html --no-film
has wide.html ">100</text>"
lacks wide.html ">2M</text>"

# as a picture: three evaluations, of 10, 20 and 30 points, after 1, 2 and 3 thousand frames and after 1, 2 and 6 minutes
cp -r "seed 1" drawn
head -1 "seed 1/metrics.csv" >drawn/metrics.csv
head -1 "seed 1/timing.csv" >drawn/timing.csv
while read -r epoch seconds; do
    echo "$epoch,${epoch}000,250,1,1,1.5,0.1,0.01,0.5,0.6,10,${epoch}0,2,1,0,0.1" >>drawn/metrics.csv
    echo "$epoch,${epoch}000,$seconds,100" >>drawn/timing.csv
done <<TIMES
1 60
2 120
3 360
TIMES
accepted report drawn -o minutes.png
printed "minutes.png: 1 run"
accepted report drawn -o frames.png --over frames
if command -v python3 >/dev/null; then
    python3 "$here/read_figure.py" minutes.png 0.2 || wrong "the minutes are not drawn"
    python3 "$here/read_figure.py" frames.png 0.5 || wrong "the frames are not drawn"
fi
accepted report drawn "a<b>&\"c" -o games.png
printed "games.png: 2 runs"
accepted report drawn "a<b>&\"c" -o LOUD.PNG
cmp games.png LOUD.PNG || wrong "LOUD.PNG is not the picture"
width() { od -An -tu1 -j18 -N2 "$1" | awk '{print $1 * 256 + $2}'; }
[ "$(width games.png)" -eq $((2 * $(width frames.png))) ] || wrong "two games are not two panels"
refused 2 "'--over' is for pictures" report drawn -o page.html --over frames
refused 2 "'--over' cannot be 'hours': it is minutes or frames" report drawn -o page.png --over hours
refused 2 "there is no run 'nowhere'" report drawn nowhere -o page.png
refused 1 "nowhere/page.png" report drawn -o nowhere/page.png
recipes=""
for number in 1 2 3 4 5 6 7 8 9; do
    cp -r drawn recipe$number
    sed -i "s/^gamma = 0.99/gamma = 0.9$number/" recipe$number/config.ini
    recipes="$recipes recipe$number"
done
# shellcheck disable=SC2086 # a list
refused 2 "a figure shows at most 8 recipes of a game, and here are 9" report $recipes -o page.png
[ ! -e page.png ] || wrong "a picture was drawn of bad input"

# in a browser nothing stands out at the side
if [ ! -e /proc/self/exe ]; then
    echo "not looked at in a browser: /proc is not mounted, and chromium needs it"
elif command -v chromium >/dev/null; then
    for width in 390 1280; do
        cat >look.html <<PAGE
<body><iframe src="three.html" style="width:${width}px;height:900px" onload="
    const page = this.contentDocument, all = page.documentElement;
    document.title = (all.scrollWidth > all.clientWidth ? 'too wide ' : 'fits ') + page.images.length"></iframe>
PAGE
        timeout 60 chromium --headless --no-sandbox --disable-gpu --allow-file-access-from-files --user-data-dir="$scratch/c" \
            --dump-dom "file://$scratch/look.html" >dom.txt 2>chromium.txt || wrong "chromium: $(tail -1 chromium.txt)"
        grep -q "<title>fits [1-9]" dom.txt || wrong "$width wide: $(grep -o '<title>.*</title>' dom.txt)"
    done
fi
finish
