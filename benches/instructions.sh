#!/usr/bin/env bash
# Instructions, counted by callgrind, which doesn't mind what else the machine does:
# of "validate the leaf and check the challenge" and of the two bare RSA
# verifications in it, which fails above 1.2 times; of a whole check-in by PIN without
# reader, card and centre, three such verifications among it, which fails above 2.2
# times; and of a bulk answer as typed values and as the raw events of `quick-xml`,
# which fails below 0.7 of its speed.
#
#   bash benches/instructions.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --locked --release -p uketsuke-benches --bin instructions
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

count() {
    valgrind --quiet --tool=callgrind --callgrind-out-file="$directory/$1" \
        --collect-atstart=no --toggle-collect="*counted_$1*" --toggle-collect="*excluded*" \
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

checkin=$(count checkin)
awk -v checkin="$checkin" -v bare="$bare" 'BEGIN {
    printf "a check-in, no reader, card or centre  %6d   %.3f times\n", checkin / 10, checkin / bare
    exit checkin > 2.2 * bare || checkin < bare
}'

cargo build --locked --release -p uketsuke-benches --bin bulk
people() {
    valgrind --quiet --tool=callgrind --callgrind-out-file="$directory/$1-$2" target/release/bulk "$1" "$2" 1000 >&2
    sed -n 's/^\(summary\|totals\): //p' "$directory/$1-$2" | head -n 1
}

for charset in utf-8 shift-jis; do
    ours=$(people ours $charset)
    events=$(people events $charset)
    awk -v ours="$ours" -v events="$events" -v charset="$charset" 'BEGIN {
        printf "%-9s raw events %12d   typed values %12d   %.2f of the speed\n", charset, events, ours, events / ours
        exit events < 0.7 * ours
    }'
done
