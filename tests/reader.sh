#!/usr/bin/env bash
# Whole check-ins by the example `check_in`, with the virtual card in a real pcscd: accepted, refused, and the card
# taken away at every command. OpenSC's tools count the tries afterwards.
#
#   tests/reader.sh                           builds the examples and runs all checks
#   VIRTUAL_CARD=… CHECK_IN=… tests/reader.sh
#
# Needs pcscd, libpcsclite-dev, vsmartcard-vpcd, opensc, openssl and iproute2.
cd "$(dirname "$0")/.." || exit 1
source tests/rig.sh
example virtual_card simulation VIRTUAL_CARD
example check_in pcsc CHECK_IN
enter "$@"
set_up

# visit PINS [OPTION...]: a check-in; the outcome is in visit.json.
visit() {
    local pins=$1
    shift
    printf "$pins" | timeout 60 "$CHECK_IN" --reader --json "$@" >visit.json 2>visit.err
    echo "exit $?" >visit.status
}
ended() { has "\"(failure|outcome)\":\"$1\"" visit.json || { cat visit.json visit.err; false; }; }
status() { [ "$(cat visit.status)" = "exit $1" ]; }
# Without a word to the card, so that its commands can be counted.
put_card() {
    VPCD_HOST=127.0.0.1 "$VIRTUAL_CARD" --lang en "$@" >card.log 2>&1 &
    card_pid=$!
}
gone() {
    kill -9 "$card_pid" 2>/dev/null
    wait "$card_pid" 2>/dev/null
    until_ "the reader to be empty" absent
}

echo "# Check-ins through pcscd"
put_card
visit '1234\n'
check "a card in order is accepted" ended accepted
check "exit status 0" status 0
visit '1234\n'
check "and again with the card still there" ended accepted
gone
put_card --persona not-registered
visit '1234\n'
check "a first visit registers" ended accepted
gone
put_card --persona lapsed
visit '1234\n'
check "a lapsed certificate is refused" ended certificate-lapsed
check "exit status 1" status 1
gone
put_card --persona other-card
visit '1234\n'
check "another card is not a My Number card" ended not-a-my-number-card
gone

echo "# Tries, counted by OpenSC"
rm -f "$WORK/state"
start_card --state "$WORK/state"
visit ''
check "no PIN typed ends with advice" ended pin-forgotten
check "and costs nothing" tries $AUTH_PIN 3
visit '12\n'
check "what can't be a PIN isn't sent" tries $AUTH_PIN 3
visit '0000\n'
check "a wrong PIN ends with advice" ended pin-forgotten
check "and costs one try" tries $AUTH_PIN 2
visit '0001\n0001\n'
check "the same value again isn't sent" tries $AUTH_PIN 1
visit '0002\n'
check "the last try is refused unless allowed" ended last-try-declined
check "and is still there" tries $AUTH_PIN 1
visit '0002\n' --last-try
check "allowed and wrong, it locks" ended pin-locked
check "OpenSC finds it locked" tries $AUTH_PIN 0
kill_card
start_card --state "$WORK/state"
visit '1234\n'
check "still locked after a restart of the card" ended pin-locked
check "OpenSC can't use it either" refused pkcs15 --verify-pin --auth-id 01 --pin 1234
kill_card

# In a visit: SELECT, certificate, count; SELECT, count, VERIFY, signature, SELECT. Each case has a pcscd of its own:
# 1.9.9 doesn't see a card that comes back within a poll after it was lost in the middle.
echo "# The card taken away after, or within, each command"
fresh_reader() {
    kill "$pcscd_pid" 2>/dev/null
    wait "$pcscd_pid" 2>/dev/null
    rm -f /run/pcscd/*
    start_reader
}
for pin in 1234 0000; do
    for how in after in; do
        for command in 1 2 3 4 5 6 7 8; do
            case "$pin:$how:$command" in
                *:in:6) expected=pin-outcome-unknown ;;
                # The VERIFY goes to a card that may or may not have been there.
                *:after:5) expected="(card-removed|pin-outcome-unknown)" ;;
                # A wrong PIN is answered, and the person knows no other.
                0000:*:[678]) expected="(pin-forgotten|card-removed)" ;;
                # All is signed: this person answers faster than the reader looks for the card.
                1234:after:[78] | 1234:in:8) expected="(accepted|card-removed)" ;;
                *) expected=card-removed ;;
            esac
            left=3
            [ "$pin" != 0000 ] || [ "$command" -lt 6 ] || left=2
            rm -f "$WORK/state"
            fresh_reader
            put_card --state "$WORK/state" "--pull-$how" "$command"
            visit "$pin\n"
            kill -9 "$card_pid" 2>/dev/null
            wait "$card_pid" 2>/dev/null
            check "PIN $pin, $how command $command: $expected" ended "$expected"
            fresh_reader
            start_card --state "$WORK/state"
            check "  $left tries left" tries $AUTH_PIN $left
            kill -9 "$card_pid"
            wait "$card_pid" 2>/dev/null
        done
    done
done

finish
