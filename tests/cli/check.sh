# Helpers of the command line's tests, to be sourced. DEEPQ must be the program's absolute path. Goes into a fresh folder
# that is removed at the end.
# shellcheck shell=sh
failures=0
scratch=$(mktemp -d)
trap 'chmod -R u+rwX "$scratch"; rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
unset DEEPQ_ROMS ALE_ROMS_DIR ALE_ROM_DIR ALE_PY_ROM_DIR VIRTUAL_ENV CONDA_PREFIX

wrong()
{
    echo "WRONG: $*"
    failures=$((failures + 1))
}

# needs_proc: the test is skipped where the system does not show its processes.
needs_proc()
{
    [ -e /proc/self/exe ] || { echo "skipped: /proc is not mounted"; exit 77; }
}

# refused STATUS PART ARGUMENT...: deepq must end with STATUS and say one sentence with PART in it.
refused()
{
    want=$1 part=$2
    shift 2
    got=0
    "$DEEPQ" "$@" >stdout.txt 2>stderr.txt </dev/null || got=$?
    [ "$got" -eq "$want" ] || wrong "deepq $* ended with $got, not $want: $(cat stderr.txt)"
    [ "$(wc -l <stderr.txt)" -eq 1 ] || wrong "deepq $* said not one line but: $(cat stderr.txt)"
    grep -q '^deepq: ' stderr.txt || wrong "deepq $* did not begin with 'deepq: ': $(cat stderr.txt)"
    grep -qF -- "$part" stderr.txt || wrong "deepq $* did not say '$part' but: $(cat stderr.txt)"
    [ ! -s stdout.txt ] || wrong "deepq $* printed: $(head -3 stdout.txt)"
}

# accepted ARGUMENT...: deepq must end with 0 and complain about nothing.
accepted()
{
    got=0
    "$DEEPQ" "$@" >stdout.txt 2>stderr.txt </dev/null || got=$?
    [ "$got" -eq 0 ] || wrong "deepq $* ended with $got: $(cat stderr.txt)"
    [ ! -s stderr.txt ] || wrong "deepq $* complained: $(cat stderr.txt)"
}

# printed PART: the last command's stdout has it.
printed()
{
    grep -qF -- "$1" stdout.txt || wrong "'$1' was not printed"
}

finish()
{
    [ "$failures" -eq 0 ] || exit 1
    echo "all as it should be"
}
