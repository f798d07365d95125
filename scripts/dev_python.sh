#!/bin/sh
# Print the first Python >= 3.11 that can make virtual environments.
# Usage: dev_python.sh [PYTHON]   (PYTHON: the only one to try, a name or a path)

has_version='import sys; sys.exit(sys.version_info < (3, 11))'
has_venv='import ensurepip, venv'
candidates=${1:-"python3 python3.14 python3.13 python3.12 python3.11"}
without_venv=

[ -n "$1" ] && IFS= # a path may hold spaces
for candidate in $candidates; do
    "$candidate" -c "$has_version" >/dev/null 2>&1 </dev/null || continue
    if "$candidate" -c "$has_venv" >/dev/null 2>&1 </dev/null; then
        printf '%s\n' "$candidate"
        exit 0
    fi
    without_venv=${without_venv:-$candidate}
done

if [ -n "$without_venv" ]; then
    echo "Stopped: $without_venv lacks the venv module. On Debian and Ubuntu: apt install python3-venv" >&2
else
    echo "Stopped: no Python 3.11 or newer found (tried: $candidates). Install one, or name it: make run PYTHON=/path/to/python3" >&2
fi
exit 1
