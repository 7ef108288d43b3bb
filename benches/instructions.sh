#!/usr/bin/env bash
# Instructions of "validate the leaf and check the challenge" and of the two bare
# RSA verifications in it, counted by callgrind. Fails above 1.2 times.
#
#   bash benches/instructions.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --locked --release -p uketsuke-benches --bin instructions
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

count() {
    valgrind --quiet --tool=callgrind --callgrind-out-file="$directory/$1" \
        --collect-atstart=no --toggle-collect="*counted_$1*" \
        target/release/instructions "$1" >&2
    sed -n 's/^\(summary\|totals\): //p' "$directory/$1" | head -n 1
}

trust=$(count trust)
bare=$(count bare)
awk -v trust="$trust" -v bare="$bare" 'BEGIN {
    if (bare < 1000000) { print "nothing was counted: " bare; exit 1 }
    printf "two bare ring verifications        %10d\n", bare / 10
    printf "validate leaf, check challenge     %10d   %.3f times\n", trust / 10, trust / bare
    exit trust > 1.2 * bare
}'
