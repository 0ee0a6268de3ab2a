#!/bin/sh
# The bytes beside each cartridge's source are what the source says.
cd "$(dirname "$0")/../../cartridges" || exit 1
command -v dasm >/dev/null 2>&1 || {
    echo "skipped: dasm is not installed"
    exit 77
}
fresh=$(mktemp) || exit 1
trap 'rm -f "$fresh"' EXIT
count=0
for source in bricks rally; do
    dasm "$source.asm" -f3 -o"$fresh" >/dev/null || {
        echo "$source.asm does not assemble"
        exit 1
    }
    cmp "$fresh" "$source.bin" || {
        echo "$source.bin is not what $source.asm says: dasm $source.asm -f3 -o$source.bin"
        exit 1
    }
    [ "$(wc -c <"$source.bin")" -eq 4096 ] || {
        echo "$source.bin is not 4096 bytes long"
        exit 1
    }
    count=$((count + 1))
done
echo "$count cartridges are what their sources say"
