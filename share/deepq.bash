# bash completion for deepq. Commands, options and what they take are read from the program's own --help when TAB is
# pressed: nothing here can be out of date.
# shellcheck shell=bash

# Each spelling of each option in a command's help, a line each, with what it takes: "--output FILE", "-o FILE", "--json".
_deepq_options()
{
    awk '/^  (-[A-Za-z],|   ) --/ {
        sub(/^ +/, ""); sub(/   *.*/, "")
        letter = /^-[A-Za-z],/ ? substr($0, 1, 2) : ""
        sub(/^-[A-Za-z], /, ""); sub(/[= ]/, " ")
        print
        if (letter != "") { sub(/^[^ ]+/, letter); print }
    }'
}

# The presets that --preset's help lists, a line each: "quick (the default), nips2013, ... or a FILE.ini".
_deepq_presets()
{
    awk '/--preset=/ { on = 1; sub(/.*--preset=[A-Z]*/, "") }
        on && /^ +(-[A-Za-z], )?--/ { exit }
        on { text = text $0 }
        END { sub(/\(the default\)/, "", text); sub(/ or a .*/, "", text); gsub(/[ ,]+/, "\n", text); print text }'
}

# What can stand at the cursor: compgen's arguments.
_deepq_offer()
{
    local IFS=$'\n'
    # shellcheck disable=SC2207 # a line for each
    COMPREPLY+=($(compgen "$@" -- "$word"))
}

_deepq()
{
    local deepq=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command=("${COMP_WORDS[1]}") names help takes IFS=$' \t\n'
    COMPREPLY=()
    [[ ${command[0]} != bench || $COMP_CWORD -lt 3 ]] || command+=("${COMP_WORDS[2]}")
    if ((COMP_CWORD == 1)) || [[ ${command[*]} == bench ]]; then
        [[ $COMP_CWORD -gt 1 ]] || command=()
        names=$("$deepq" "${command[@]}" --help 2>/dev/null | awk '/^  [a-z]/ {print $1} END {print "--help"}')
        [[ $COMP_CWORD -gt 1 ]] || names+=$'\n--version'
        _deepq_offer -W "$names"
        return
    fi
    help=$("$deepq" "${command[@]}" --help 2>/dev/null) || return
    if [[ $word == -* ]]; then
        _deepq_offer -W "$(_deepq_options <<<"$help" | awk '/^--/ {print $1}')"
        return
    fi
    takes=$(_deepq_options <<<"$help" | awk -v option="$before" '$1 == option {print $2 == "" ? "nothing" : $2}')
    [[ -n $takes && $takes != nothing ]] || takes=$(sed -n '1s/^usage: deepq *//p' <<<"$help")
    [[ $before != --preset ]] || _deepq_offer -W "$(_deepq_presets <<<"$help")"
    [[ $takes != *GAME* ]] || _deepq_offer -W "$("$deepq" games 2>/dev/null | awk 'NR > 1 && !NF {exit} NR > 1 {print $1}')"
    case $takes in
    DIR) _deepq_offer -d ;;
    *RUN* | *ROM* | FILE* | NAME) _deepq_offer -f ;;
    esac
}

complete -o filenames -F _deepq deepq
