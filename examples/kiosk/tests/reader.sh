#!/usr/bin/env bash
# The kiosk with the virtual card in a real pcscd: let in, refused, and the card let go of when the kiosk ends. OpenSC's
# tools count the tries afterwards.
#
#   examples/kiosk/tests/reader.sh             builds what it needs and runs all checks
#   VIRTUAL_CARD=… KIOSK=… examples/kiosk/tests/reader.sh
#
# Needs what tests/reader.sh needs, and python3.
here=$(realpath "$(dirname "$0")")
cd "$here/../../.." || exit 1
source tests/rig.sh
example virtual_card simulation VIRTUAL_CARD
if [ -z "${KIOSK:-}" ]; then
    cargo build --quiet -p kiosk --features pcsc || exit 1
    export KIOSK=${CARGO_TARGET_DIR:-target}/debug/kiosk
fi
export KIOSK=$(realpath "$KIOSK") HERE=$here
enter "$@"
set_up

# ends EXPECTED PIN...: a visit with these PINs ends so, and the kiosk with it.
ends() {
    local expected=$1
    shift
    timeout 60 python3 "$HERE/reader.py" "$KIOSK" "$@" >visit.txt 2>visit.err
    printf '%s\nexit 0\n' "$expected" | diff - visit.txt || { cat visit.err; false; }
}

start_card --state "$WORK/state"
check "a card in order is let in by PIN" ends accepted 1234
check "and is let go of: OpenSC finds three tries" tries $AUTH_PIN 3
check "a wrong PIN costs one" ends cancelled 0000
check "as OpenSC says" tries $AUTH_PIN 2
check "the same twice costs one more, to the last" ends cancelled 0001 0001
check "as OpenSC says" tries $AUTH_PIN 1
check "who types nothing loses nothing" ends cancelled
check "as OpenSC says" tries $AUTH_PIN 1
kill_card
start_card --persona lapsed
check "a lapsed certificate is told before any PIN" ends certificate-lapsed 1234
kill_card
start_card --persona other-card
check "another card is none" ends not-a-my-number-card 1234
kill_card

finish
