# What the scripts beside this share: a private pcscd with the virtual reader vpcd, in namespaces of its own (mounts,
# processes, network), so that neither a pcscd of the system nor its readers are touched. As root, or as anyone where
# user namespaces are open. Sourced by a script, which begins with
#
#   source "$(dirname "$0")/rig.sh"
#   enter "$@"                          runs the script again inside, with $WORK a folder for it
#
# and in which whatever still runs at the end goes with the namespaces.
set -u

# example NAME FEATURES VARIABLE: builds an example unless the variable already names one.
example() {
    if [ -z "${!3:-}" ]; then
        cargo build --quiet --features "$2" --example "$1" || exit 1
        export "$3=${CARGO_TARGET_DIR:-target}/debug/examples/$1"
    fi
    export "$3=$(realpath "${!3}")"
}

enter() {
    [ "${1:-}" != --inside ] || return 0
    for tool in pcscd pkcs15-tool pkcs11-tool opensc-tool openssl ip unshare timeout; do
        command -v "$tool" >/dev/null || { echo "$0: $tool is not installed" >&2; exit 1; }
    done
    WORK=$(mktemp -d) || exit 1
    trap 'rm -rf "$WORK"' EXIT
    export WORK
    local user=""
    [ "$(id -u)" = 0 ] || user="-Ur"
    # shellcheck disable=SC2086 # an empty option is no option
    unshare $user -mnp --fork --mount-proc bash "$0" --inside
    exit $?
}

passed=0
failed=0

# check WHAT COMMAND...: ok if the command succeeds.
check() {
    local what=$1
    shift
    if "$@" >"$WORK/out" 2>&1; then
        echo "ok      $what"
        passed=$((passed + 1))
    else
        echo "FAILED  $what"
        sed 's/^/        | /' "$WORK/out" | tail -n 20
        failed=$((failed + 1))
    fi
}

# Succeeds if the command fails.
refused() { ! "$@"; }

# until_ WHAT COMMAND...: waits for at most 10 seconds.
until_() {
    local what=$1
    shift
    for _ in $(seq 200); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.05
    done
    echo "interop: gave up waiting: $what" >&2
    return 1
}

pkcs15() { timeout 20 pkcs15-tool "$@"; }
pkcs11() { timeout 20 pkcs11-tool --module opensc-pkcs11.so "$@"; }
has() { grep -qE "$1" "$2"; }
present() { timeout 20 opensc-tool -r 0 -a; }
absent() { ! present; }

# raw COMMAND...: sends commands in hexadecimal, prints the status words and data of the answers.
raw() {
    local args=()
    for command in "$@"; do args+=(-s "$command"); done
    timeout 20 opensc-tool -r 0 "${args[@]}"
}
JPKI=00A4040C0AD392F000260100000001
ISD=00A4040C07A0000001510000
# answers EXPECTED COMMAND...: the last answer has this status word.
answers() {
    local expected=$1
    shift
    raw "$@" >"$WORK/raw" 2>&1 || { cat "$WORK/raw"; return 1; }
    cat "$WORK/raw"
    grep Received "$WORK/raw" | tail -n 1 | grep -q "SW1=0x${expected:0:2}, SW2=0x${expected:2:2}"
}
# tries SECRET EXPECTED: by the empty VERIFY, which spends none.
tries() { answers "63C$2" $JPKI "00A4020C02$1" 00200080; }
AUTH_PIN=0018
SIGN_PIN=001B
# JPKI's own commands for "1234" and "0000".
RIGHT=002000980431323334
WRONG=002000980430303030

# start_reader [OPTION...]: pcscd, with its options.
start_reader() {
    pcscd --foreground "$@" >"$WORK/pcscd.log" 2>&1 &
    pcscd_pid=$!
    until_ "pcscd" test -S /run/pcscd/pcscd.comm
}
start_card() {
    VPCD_HOST=127.0.0.1 "$VIRTUAL_CARD" --lang en "$@" >"$WORK/card.log" 2>&1 &
    card_pid=$!
    until_ "the card" present
}
# Kills as a power cut would.
kill_card() {
    kill -9 "$card_pid"
    wait "$card_pid" 2>/dev/null
    until_ "the reader to be empty" absent
}


# set_up [OPTION...]: inside, an empty /run, a loopback, and pcscd with its options.
set_up() {
    ip link set lo up || exit 1
    mount -t tmpfs tmpfs /run || exit 1
    mkdir -p /run/pcscd
    cd "$WORK" || exit 1
    start_reader "$@" || exit 1
}

# The last line, and the exit status.
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}
