#!/usr/bin/env bash
# Drives simulated clusters with clients that others wrote, as they are:
#
#     server/test-clients.sh            solidfire-sdk-python
#     server/test-clients.sh ansible    the modules of netapp.elementsw (needs port 443)
#
# Each comes from PyPI into a temporary virtual environment.
set -euo pipefail
cd "$(dirname "$0")"
client=${1:-sdk}

work=$(mktemp -d)
server=
cleanup() {
    if [ -n "$server" ]; then
        kill -INT "$server" 2>/dev/null || true
        wait "$server" || true
    fi
    rm -rf "$work"
}
trap cleanup EXIT

python3 -m venv "$work/venv"
install() {
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$@"
}
install solidfire-sdk-python==12.3.0.203
[ "$client" = sdk ] || install ansible==8.7.0

cargo build --quiet -p element-server
target=$(cargo metadata --format-version 1 --no-deps |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
ELEMENT_SERVER_PASSWORD=$(head -c 12 /dev/urandom | od -An -tx1 | tr -d ' \n')
export ELEMENT_SERVER_PASSWORD
port=8543
[ "$client" = sdk ] || port=443
"$target/debug/element-server" --clusters 6 --speed 20 --port "$port" >"$work/out" &
server=$!
until grep -q '^ready' "$work/out"; do
    kill -0 "$server"
    sleep 0.1
done

if [ "$client" = sdk ]; then
    "$work/venv/bin/python" -W ignore tests/sdk.py "$port"
else
    export ANSIBLE_PYTHON_INTERPRETER="$work/venv/bin/python" LC_ALL=C.UTF-8
    "$work/venv/bin/ansible-playbook" -i localhost, -c local tests/ansible.yml
fi
