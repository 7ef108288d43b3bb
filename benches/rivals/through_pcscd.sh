#!/usr/bin/env bash
# What other software says to the virtual card through a real pcscd, counted from the log of pcscd: a witness that is
# neither theirs nor ours. The card's own count of all of it is compared at the end.
#
#   benches/rivals/through_pcscd.sh           builds examples/virtual_card and prints lines of
#
#   client TAB task TAB up/down,up/down,up/down*
#
# bytes of each command and its answer in the order they went, * where the card made a signature. OpenSC is run as
# installed, where it tries other cards' drivers first, and with its driver forced to jpki; OpenSSL checks what it
# brings home. Where OWN_BACKENDS names a uketsuke-rivals built with the feature pcsc, the crates measured there are run
# with their own PC/SC backends too.
#
# Needs pcscd, vsmartcard-vpcd, opensc, openssl and iproute2; root, or user namespaces.
cd "$(dirname "$0")/../.." || exit 1
source tests/rig.sh
example virtual_card simulation VIRTUAL_CARD
[ -z "${OWN_BACKENDS:-}" ] || OWN_BACKENDS=$(realpath "$OWN_BACKENDS")
enter "$@"

# As tests/rig.sh sets up, but pcscd logs every exchange.
ip link set lo up && mount -t tmpfs tmpfs /run && mkdir -p /run/pcscd && cd "$WORK" || exit 1
pcscd --foreground --apdu >"$WORK/pcscd.log" 2>&1 &
pcscd_pid=$!
until_ "pcscd" test -S /run/pcscd/pcscd.comm || exit 1
start_card --count || { cat card.log >&2; exit 1; }

cat >forced.conf <<'CONF'
app default {
    card_drivers = jpki;
}
CONF
version=$(opensc-tool -i 2>/dev/null | sed -n 's/^OpenSC \([0-9.]*\).*/\1/p')

# sizes: the exchanges of a log on standard input.
sizes() {
    awk '
        / APDU: / { up = NF - 2; cla = $3; ins = $4 }
        / SW: / {
            down = NF - 2
            signed = (ins == "2A" && down > 2 && $(NF - 1) $NF == "9000") ? "*" : ""
            printf "%s%d/%d%s", separator, up, down, signed
            separator = ","
        }
        END { print "" }'
}

# count CLIENT TASK COMMAND...: what pcscd logs while the command runs.
count() {
    local client=$1 task=$2 before
    shift 2
    before=$(wc -l <pcscd.log)
    "$@" >out 2>err || { echo "$client, $task: $*" >&2; cat out err >&2; exit 1; }
    printf '%s\t%s\t%s\n' "$client" "$task" "$(tail -n "+$((before + 1))" pcscd.log | sizes)"
}

certificate() { pkcs15 --read-certificate 01 >auth.pem && openssl x509 -in auth.pem -noout -subject; }
crypt() {
    openssl dgst -sha256 -binary -out digest message
    timeout 20 pkcs15-crypt --sign --key 01 --pin 1234 --sha-256 --pkcs1 -i digest -o signature --raw </dev/null
}
token() { pkcs11 --slot-index 0 --login --pin 1234 --sign --id 01 --mechanism SHA256-RSA-PKCS -i message -o signature; }
verified() {
    openssl x509 -in auth.pem -noout -pubkey >auth.pub &&
        openssl dgst -sha256 -verify auth.pub -signature signature message >/dev/null ||
        { echo "$1: OpenSSL refuses the signature" >&2; exit 1; }
    rm signature
}

printf 'challenge of a desk, 32 bytes in' >message
run() {
    local how=$1
    count "OpenSC $version, $how" certificate certificate
    count "OpenSC $version pkcs15-crypt, $how" counted-signature crypt
    verified pkcs15-crypt
    count "OpenSC $version PKCS#11, $how" counted-signature token
    verified PKCS#11
}
run "as installed"
OPENSC_CONF=$WORK/forced.conf
export OPENSC_CONF
run "driver forced"
unset OPENSC_CONF

if [ -n "${OWN_BACKENDS:-}" ]; then
    while read -r key client; do
        for task in certificate signature counted-signature photo attributes; do
            count "$client" "$task" timeout 20 "$OWN_BACKENDS" --through-pcscd "$key" "$task"
        done
    done <<<"$("$OWN_BACKENDS" --through-pcscd)"
fi

# What the card counted over all of it has to be what pcscd logged.
kill "$pcscd_pid"
wait "$pcscd_pid" "$card_pid"
logged=$(sizes <pcscd.log | awk -F'[,/]' '{
    for (i = 1; i < NF; i += 2) { up += $i; down += $(i + 1) }
    print NF / 2 " exchanges, " up " bytes up, " down " bytes down, " gsub(/\*/, "") " signatures" }')
grep -qF "$logged" card.log || { echo "pcscd logged $logged, but the card: $(tail -n 1 card.log)" >&2; exit 1; }
