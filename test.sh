#!/usr/bin/env bash
# Runs everything that has to pass. Installs what it needs and is not there.
set -euo pipefail
cd "$(dirname "$0")"

step() {
    printf '\n== %s\n' "$*"
    "$@"
}

# The codec needs no std, which shows on a target that has none.
build_without_std() {
    if rustup target add wasm32-unknown-unknown; then
        cargo build --no-default-features --target wasm32-unknown-unknown
        cargo build --features simulator --target wasm32-unknown-unknown
        return
    fi
    echo "rustup cannot add the target: taking Debian's toolchain"
    apt-get update
    apt-get install -y --no-install-recommends rustc-web cargo-web rust-web-src
    RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc /usr/bin/cargo build --no-default-features \
        -Zbuild-std=core,alloc --target wasm32-unknown-unknown --target-dir target/debian
}

# The commands of the README, less this one.
readme_commands() {
    sed -n 's/^\$ //p' README.md | grep -vx './test.sh' | while IFS= read -r line; do
        echo "\$ $line"
        bash -euo pipefail -c "$line" </dev/null
    done
}

npm_package() {
    cd pkg
    npm ci --no-audit --no-fund
    npm test
}

if command -v rustup >/dev/null; then
    rustup component add rustfmt clippy
fi
step cargo fmt --all --check
step cargo clippy --workspace --all-targets --all-features -- -D warnings
RUSTDOCFLAGS='-D warnings' step cargo doc --no-deps --features simulator
step cargo test --features simulator
step cargo test --release --features simulator --test zero_trace
step cargo test -p element-server
step cargo test -p element-pairing-js
step build_without_std
step readme_commands
step cargo bench -- --quick
step fuzz/run.sh "${FUZZ_SECONDS:-20}"
step npm_package
