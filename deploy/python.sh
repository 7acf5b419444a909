# Sourced by ./run and ./test with $here set: find a Python and bring .venv to the given locks.
PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}
export PATH

find_python() {
    for candidate in ${PYTHON:-} "$here/.venv/bin/python" \
        python3.13 python3.12 python3.11 python3 python3.14 python; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    echo "需要 Python 3.11 或更新版本，且带有 venv 模块（Debian/Ubuntu：apt install python3-venv）。" >&2
    return 1
}

set_up() {
    "$(find_python)" "$here/deploy/venv.py" "$@"
}
