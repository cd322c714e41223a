#!/bin/sh
# Makes .venv and installs the project into it, once for each state of pyproject.toml.
# Usage: sh .ci/set_up.sh [python]
set -eu
cd "$(dirname "$0")/.."
python=${1:-python3}
stamp=.venv/installed-for
wanted=$(cksum < pyproject.toml)

fail() {
    echo "$1" >&2
    exit 1
}

if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    command -v "$python" >/dev/null || fail "GAN Studio needs Python 3.11 or newer; on Debian and Ubuntu: apt-get install python3 python3-venv"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "GAN Studio needs Python 3.11 or newer; $python is $("$python" --version 2>&1). Name another: make PYTHON=python3.11 …"
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "$python cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv"
    "$python" -m venv --clear .venv
fi
echo "Installing GAN Studio and its packages into .venv (several GB the first time: PyTorch) …"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
echo "$wanted" > "$stamp"
