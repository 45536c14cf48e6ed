#!/usr/bin/env bash
# Drives simulated clusters with clients that were written by others:
#
#     server/test-sdk.sh
#
# solidfire-sdk-python comes from PyPI into a temporary virtual environment.
set -euo pipefail
cd "$(dirname "$0")"

work=$(mktemp -d)
server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check solidfire-sdk-python==12.3.0.203

cargo build --quiet -p element-server
target=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json,sys; print(json.load(sys.stdin)["target_directory"])')
export ELEMENT_SERVER_PASSWORD=${ELEMENT_SERVER_PASSWORD:-$(head -c 12 /dev/urandom | od -An -tx1 | tr -d ' \n')}
port=${PORT:-8543}
"$target/debug/element-server" --clusters 6 --speed 20 --port "$port" >"$work/out" &
server=$!
until grep -q '^ready' "$work/out"; do
    kill -0 "$server" || exit 1
    sleep 0.1
done
"$work/venv/bin/python" -W ignore tests/sdk.py "$port"
