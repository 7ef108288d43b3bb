#!/usr/bin/env bash
# The PC/SC transport against a real pcscd and the virtual reader vpcd: runs the ignored tests of tests/pcsc.rs.
#
# Needs pcscd, libpcsclite-dev, vsmartcard-vpcd, opensc, openssl and iproute2.
cd "$(dirname "$0")/.." || exit 1
source tests/rig.sh
if [ "${1:-}" != --inside ]; then
    cargo test --quiet --features pcsc --test pcsc --no-run || exit 1
fi
root=$PWD
enter "$@"
set_up
cd "$root" || exit 1
if ! timeout 120 cargo test --offline --quiet --features pcsc --test pcsc -- --ignored --test-threads=1; then
    tail -n 20 "$WORK/pcscd.log"
    exit 1
fi
