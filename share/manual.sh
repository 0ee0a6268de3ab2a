#!/bin/sh
# Writes deepq.1: the template with a subsection for each command, from what `deepq COMMAND --help` says. So an option is
# described in one place. usage: manual.sh DEEPQ TEMPLATE OUTPUT
set -eu
deepq=$1 template=$2
exec >"$3"

# Help of one command as mdoc. Paragraphs are filled, but for indented lines and examples, which stay as they are.
subsection()
{
    "$deepq" "$@" --help | awk '
        function text(line) {
            gsub(/\\/, "\\e", line); gsub(/--/, "\\-\\-", line)
            return line ~ /^[.'\'']/ ? "\\\\&" line : line
        }
        function sentences(line) { # each on a line of its own, as mdoc wants them
            while (match(line, /[.?!] +[A-Z]/)) {
                print text(substr(line, 1, RSTART)); line = substr(line, RSTART + 1); sub(/^ +/, "", line)
            }
            print text(line)
        }
        function literal(on) {
            if (on && !is_literal) print ".Bd -literal -offset indent"
            if (!on && is_literal) print ".Ed"
            is_literal = on
        }
        /^usage: /   { sub(/^usage: /, ""); gsub(/  +/, " "); print ".Ss " text($0) "\\&"; next }
        /^Usage: /   { literal(0); options = 1; print ".Bl -tag -width Ds"; next }
        options && /^  (-[A-Za-z],|   ) --/ {
            line = $0; sub(/^ +/, "", line); words = line; sub(/  +.*/, "", words); sub(/^.*[A-Za-z\]]  +/, "", line)
            short = ""; if (words ~ /^-[A-Za-z], /) { short = "Fl " substr(words, 2, 1) " , "; words = substr(words, 5) }
            name = substr(words, 2); argument = ""
            if (match(name, /[= ]/)) { argument = " Ar " substr(name, RSTART + 1); name = substr(name, 1, RSTART - 1) }
            print ".It " short "Fl " name argument; sentences(line); next
        }
        options && /^ +[^ ]/ { sub(/^ +/, ""); sentences($0); next }
        options    { next }
        /^$/       { literal(0); blank = 1; next }
        { example = /^examples?: / || (example && /^ /); sub(/^examples?: +/, "         ")
          if (blank && !example && !/^ / && begun) print ".Pp"
          literal(example || /^ /); blank = 0; begun = 1
          if (example) sub(/^ +/, "")
          if (is_literal) print text($0); else sentences($0) }
        END { literal(0); if (options) print ".El" }'
}

subsections()
{
    "$deepq" --help | awk '/^  [a-z]/ {print $1}' | while read -r command; do
        subsection "$command"
        [ "$command" = bench ] || continue
        "$deepq" bench --help | awk '/^  [a-z]/ {print $1}' | while read -r what; do
            subsection bench "$what"
        done
    done
}

while IFS= read -r line; do
    case $line in
    @COMMANDS@) subsections ;;
    *) printf '%s\n' "$line" ;;
    esac
done <"$template"
