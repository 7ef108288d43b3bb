#!/usr/bin/env bash
# The virtual card as others see it: OpenSC's tools and OpenSSL, through a real pcscd and the virtual reader vpcd.
#
#   tests/interop.sh                          builds the example and runs all checks
#   VIRTUAL_CARD=path/to/example tests/interop.sh
#
# Needs pcscd, vsmartcard-vpcd, opensc, openssl and iproute2.
cd "$(dirname "$0")/.." || exit 1
source tests/rig.sh
example virtual_card simulation VIRTUAL_CARD
enter "$@"
set_up

start_card || { cat card.log; exit 1; }

echo "# $(opensc-tool -i 2>/dev/null | head -n 1), $(pcscd --version | head -n 1), $(openssl version)"
echo "# A card in order, OpenSC as installed"
timeout 20 opensc-tool -r 0 -n >name.txt 2>&1
check "OpenSC takes it for a JPKI card" has '^jpki' name.txt
pkcs15 --dump >dump.txt 2>&1
check "dump: both PINs with 3 and 5 tries" \
    bash -c "[ \"\$(grep -oE 'Tries left +: [0-9]+' dump.txt | grep -oE '[0-9]+' | tr '\n' ' ')\" = '3 5 ' ]"
check "dump: both private keys of 2048 bits" \
    bash -c "[ \"\$(grep -cE '^Private RSA Key' dump.txt)\" = 2 ] && [ \"\$(grep -cE 'ModLength +: 2048' dump.txt)\" = 2 ]"
check "dump: all four certificates" bash -c "[ \"\$(grep -cE '^X.509 Certificate' dump.txt)\" = 4 ]"

pkcs15 --read-certificate 01 >auth.pem 2>auth.err
pkcs15 --read-certificate 03 >auth_ca.pem 2>auth_ca.err
pkcs15 --read-certificate 04 >sign_ca.pem 2>sign_ca.err
check "the authentication certificate is read without PIN" openssl x509 -in auth.pem -noout -subject
check "OpenSSL: it is signed by the CA on the card" openssl verify -purpose sslclient -CAfile auth_ca.pem auth.pem
check "the signing certificate is closed without password" refused pkcs15 --read-certificate 02
pkcs15 --read-certificate 02 --verify-pin --auth-id 02 --pin ABC123 2>sign.err | sed -n '/BEGIN/,/END/p' >sign.pem
check "and open with it" openssl x509 -in sign.pem -noout -subject
check "OpenSSL: it is signed by the other CA on the card" openssl verify -CAfile sign_ca.pem sign.pem

echo "# PINs and signatures"
check "the right PIN" pkcs15 --verify-pin --auth-id 01 --pin 1234
check "the right password" pkcs15 --verify-pin --auth-id 02 --pin ABC123
printf 'check-in at the desk' >message
openssl x509 -in auth.pem -noout -pubkey >auth.pub 2>/dev/null
openssl x509 -in sign.pem -noout -pubkey >sign.pub 2>/dev/null
check "PKCS#11 signs with the authentication key" \
    pkcs11 --slot-index 0 --login --pin 1234 --sign --id 01 --mechanism SHA256-RSA-PKCS -i message -o auth.sig
check "OpenSSL verifies that with the certificate's key" openssl dgst -sha256 -verify auth.pub -signature auth.sig message
check "and not over another message" \
    bash -c "printf other | { ! openssl dgst -sha256 -verify auth.pub -signature auth.sig; }"
check "and not with the other key" refused openssl dgst -sha256 -verify sign.pub -signature auth.sig message
check "PKCS#11 signs with the signing key" \
    pkcs11 --slot-index 1 --login --pin ABC123 --sign --id 02 --mechanism SHA256-RSA-PKCS -i message -o sign.sig
# Reported of real cards, and why a program must leave the application when it is done. At once: pcscd takes the power
# from a card that nobody uses for five seconds.
check "the key is still open to the next program" answers 9000 $JPKI 802A00970361626300
check "but not after another application was selected" answers 6982 $ISD $JPKI 802A00970361626300
check "OpenSSL verifies that too" openssl dgst -sha256 -verify sign.pub -signature sign.sig message
check "each signed what it should: 256 bytes" bash -c '[ "$(stat -c %s auth.sig)" = 256 ] && [ "$(stat -c %s sign.sig)" = 256 ]'

echo "# Tries"
check "3 to begin with" tries $AUTH_PIN 3
check "a wrong PIN is refused" refused pkcs15 --verify-pin --auth-id 01 --pin 0000
check "and costs one try" tries $AUTH_PIN 2
check "asking again costs none" tries $AUTH_PIN 2
check "the right PIN gives them back" pkcs15 --verify-pin --auth-id 01 --pin 1234
check "all three" tries $AUTH_PIN 3
check "a wrong PIN through PKCS#11 is refused" \
    refused pkcs11 --slot-index 0 --login --pin 9999 --sign --id 01 --mechanism SHA256-RSA-PKCS -i message -o no.sig
check "and costs one" tries $AUTH_PIN 2
check "nothing was signed" bash -c '[ ! -s no.sig ]'
check "an empty VERIFY with Le is refused and costs none" answers 6700 $JPKI 0020009800

echo "# The lock, with a state file, through kills"
kill_card
start_card --state "$WORK/card.state" || cat card.log
check "first wrong PIN" answers 63C2 $JPKI $WRONG
kill_card
start_card --state "$WORK/card.state" || cat card.log
check "a killed card remembers" tries $AUTH_PIN 2
check "second wrong PIN" answers 63C1 $JPKI $WRONG
check "third wrong PIN" answers 63C0 $JPKI $WRONG
check "the right PIN is refused now" answers 6984 $JPKI $RIGHT
kill_card
start_card --state "$WORK/card.state" || cat card.log
check "still locked after a kill" answers 6984 $JPKI $RIGHT
pkcs15 --dump >dump.txt 2>&1
check "OpenSC shows no tries left of the PIN, and 5 of the password" \
    bash -c "[ \"\$(grep -oE 'Tries left +: [0-9]+' dump.txt | grep -oE '[0-9]+' | tr '\n' ' ')\" = '0 5 ' ]"
check "OpenSC can't use the PIN" refused pkcs15 --verify-pin --auth-id 01 --pin 1234
check "the password is another matter" pkcs15 --verify-pin --auth-id 02 --pin ABC123
kill_card
start_card || cat card.log
check "a card without state file is a new one" tries $AUTH_PIN 3

echo "# Other personas"
kill_card
start_card --persona pin-last-try --auth-pin 2468 || cat card.log
check "pin-last-try has one try" tries $AUTH_PIN 1
check "which the right PIN may use" pkcs15 --verify-pin --auth-id 01 --pin 2468
kill_card
start_card --persona no-pin || cat card.log
check "no-pin has no PIN to try" tries $AUTH_PIN 0
check "and no password" tries $SIGN_PIN 0
kill_card
start_card --persona other-card || cat card.log
timeout 20 opensc-tool -r 0 -n >name.txt 2>&1
check "other-card is not a JPKI card" refused has jpki name.txt
check "and has no JPKI application" answers 6A82 $JPKI

echo "# A scenario, with what goes wrong in it"
kill_card
start_card --scenario pulled-after-wrong-verify --count || cat card.log
check "3 tries" tries $AUTH_PIN 3
check "the card leaves while it works on the PIN" refused answers 63C2 $JPKI $WRONG
check "and ends" wait "$card_pid"
check "saying how much was said to it" has '^[0-9]+ exchanges, [0-9]+ bytes up' card.log
until_ "the reader to be empty" absent
start_card --blocked-status 6983 --persona pin-locked --latency 424 || cat card.log
check "another status for a locked PIN" answers 6983 $JPKI $RIGHT

echo "# Recorded and replayed"
kill_card
start_card --record "$WORK/session" || cat card.log
check "3 tries" tries $AUTH_PIN 3
kill "$pcscd_pid"
wait "$pcscd_pid"
check "the card ends well" wait "$card_pid"
check "and left its ATR and answers" test -s session
start_reader
start_card --replay "$WORK/session" || cat card.log
check "replayed, it says the same to the same questions" tries $AUTH_PIN 3

echo "# The end"
kill "$pcscd_pid"
check "the reader closes" wait "$pcscd_pid"
check "and the card ends well" wait "$card_pid"

finish
