#!/bin/sh
# Builds the fuzz targets and runs each for some seconds:
#
#     fuzz/run.sh SECONDS
#
# The committed corpora are copied first, so nothing in the work tree changes but fuzz/artifacts
# after a finding. Where there is no nightly toolchain it says so and succeeds.
set -eu
seconds=${1:?usage: fuzz/run.sh SECONDS}
cd "$(dirname "$0")"

skip() {
    echo "fuzzing skipped: $1"
    exit 0
}
cargo +nightly --version >/dev/null 2>&1 || skip "no nightly toolchain (rustup toolchain install nightly)"
if ! cargo +nightly fuzz --version >/dev/null 2>&1; then
    cargo install --quiet --locked cargo-fuzz || skip "cargo-fuzz could not be installed"
fi

# No address sanitizer: the library forbids unsafe code, and without it more inputs are tried.
export RUST_BACKTRACE=0
cargo fetch --locked --quiet
cargo +nightly fuzz build --sanitizer none
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R corpus/. "$work"

# fuzz TARGET SECONDS LONGEST
fuzz() {
    status=0
    cargo +nightly fuzz run --sanitizer none "$1" "$work/$1" -- -dict=pairing.dict -max_len="$3" \
        -max_total_time="$2" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
        >"$work/$1.log" 2>&1 || status=$?
    if [ "$status" -ne 0 ]; then
        cat "$work/$1.log"
        input=$(sed -n 's/.*Test unit written to //p' "$work/$1.log")
        echo "$1: failed${input:+; the input is $input}"
        echo "Make it a vector in tests/vectors, mend what it shows, and add it to fuzz/corpus/$1."
        exit 1
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$1.log")
    echo "$1: $runs executions in $2 s, inputs of up to $3 bytes"
}

for target in $(cargo +nightly fuzz list); do
    fuzz "$target" "$seconds" 4096
done
# Now and then longer than a key may be.
fuzz decode_text "$((seconds / 4 + 1))" 70000
