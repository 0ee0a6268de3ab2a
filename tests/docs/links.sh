#!/bin/sh
# What the documents show and name is there, and no picture of docs/ is left that none of them shows.
# shellcheck disable=SC2013 # no path here has a space
cd "$(dirname "$0")/../.." || exit 1
documents=$(ls ./*.md docs/*.md bench/*.md cartridges/*.md)
bad=0
wrong()
{
    echo "$*"
    bad=1
}

shown=
for document in $documents; do
    folder=$(dirname "$document")
    for target in $(grep -oE '\]\([^)# ]+' "$document" | cut -c3-); do
        case $target in
        *://*) continue ;;
        esac
        [ -e "$folder/$target" ] || wrong "$document: there is no '$target'"
        shown="$shown $(realpath -m "$folder/$target")"
    done
    rooms='docs|src|include|examples|tests|bench|cartridges|scripts|share|cmake'
    for name in $(grep -oE "\b($rooms)/[A-Za-z0-9_/.-]+\.[a-z]{1,5}\b" "$document" | sort -u); do
        [ -e "$name" ] || wrong "$document: there is no '$name'"
    done
done
[ -n "$shown" ] || wrong "the documents show nothing"

for picture in docs/*.png docs/*.gif docs/*/*.png; do
    case "$shown " in
    *" $(realpath "$picture") "*) ;;
    *) wrong "no document shows '$picture'" ;;
    esac
done
exit $bad
