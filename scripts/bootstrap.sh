# Makes this machine ready: what the system lacks, .venv with the locked packages, the catalogues.
#
# Sourced by ./run, ./test and scripts/*, which have gone to the project's folder and set -eu.
# Plain POSIX sh. Every step looks first and works only when something is missing, so that the
# second start costs a fraction of a second. Call `bootstrap base` to run, `bootstrap dev` to test.

say() { printf '%s\n' "$*"; }
fail() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

# Prints the first Python of at least 3.11; AVOIR_PYTHON names another one to be tried first.
find_python() {
    for candidate in ${AVOIR_PYTHON:-} python3 /usr/bin/python3 \
        python3.14 python3.13 python3.12 python3.11; do
        if is_new_enough "$candidate"; then
            say "$candidate"
            return
        fi
    done
}

# Is there a shared library of this name? Where ldconfig cannot tell, we trust that there is.
has_library() {
    libraries=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null) || return 0
    case $libraries in *"$1"*) ;; *) return 1 ;; esac
}

has_command() {
    for name in "$@"; do
        if command -v "$name" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

has_file() {
    for file in "$@"; do
        if [ -e "$file" ]; then return 0; fi
    done
    return 1
}

# Prints the Debian packages that running needs (WeasyPrint loads Pango and HarfBuzz itself).
missing_to_run() {
    if [ -z "$python" ]; then
        say python3 python3-venv
    elif ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        say "$(basename "$python")-venv"
    fi
    has_file /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-bundle.crt \
        /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem || say ca-certificates
    has_library libpangoft2-1.0.so.0 || say libpangoft2-1.0-0
    has_library libharfbuzz-subset.so.0 || say libharfbuzz-subset0
}

# Prints the Debian packages that testing needs as well (libatomic1: Playwright's own Node).
missing_to_test() {
    if [ -z "${TEST_DATABASE_URL:-}" ] && ! has_file /usr/lib/postgresql/*/bin/initdb; then
        has_command initdb || say postgresql
    fi
    has_command chromium chromium-browser google-chrome google-chrome-stable || say chromium
    has_library libatomic.so.1 || say libatomic1
    has_command msgmerge || say gettext
}

missing_packages() {
    missing_to_run
    if [ "$1" = dev ]; then missing_to_test; fi
}

install_packages() {
    line="apt-get install -y --no-install-recommends $*"
    has_command apt-get || fail "This machine lacks (by their Debian names): $*
There is no apt-get here: please install them with your system's own installer, then try again."
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif has_command sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        as_root=sudo
    else
        fail "This machine lacks: $*
Please have an administrator run this line, then try again:
    apt-get update && $line"
    fi
    say "Installing what this machine lacks: $*"
    mkdir -p var
    $as_root apt-get -qq update >var/install.log 2>&1 ||
        say "The list of packages could not be refreshed; trying with the one at hand."
    # shellcheck disable=SC2086  # the line is several words
    $as_root env DEBIAN_FRONTEND=noninteractive $line -o DPkg::Lock::Timeout=120 \
        </dev/null >>var/install.log 2>&1 || {
        tail -n 15 var/install.log >&2
        fail "The installation failed (everything it said is in var/install.log). By hand:
    apt-get update && $line"
    }
}

# Prints one setting of pip (environment first, then its files), for uv does not read them.
pip_setting() {
    .venv/bin/python -m pip config list 2>/dev/null |
        sed -n "s/^[^=]*\.$1='\(.*\)'\$/\1/p" | head -n 1
}

# Lets uv use the package index and the certificates that pip is set up with on this machine.
follow_pip() {
    index=${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-$(pip_setting index-url)}}
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX="$index"; fi
    certificates=${SSL_CERT_FILE:-$(pip_setting cert)}
    if [ -n "$certificates" ]; then export SSL_CERT_FILE="$certificates"; fi
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
}

lock_sum() { cksum <"requirements/$1.txt"; }
is_installed() { [ "$(cat ".venv/.stamp-$1" 2>/dev/null)" = "$(lock_sum "$1")" ]; }
note_installed() { lock_sum "$1" >".venv/.stamp-$1"; }

# A folder that was moved, or whose Python has gone, gets a new .venv.
make_venv() {
    if [ "$(cat .venv/.stamp-place 2>/dev/null || pwd)" = "$(pwd)" ] &&
        .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        return
    fi
    say "Making .venv with $("$python" --version)."
    "$python" -m venv --clear .venv || fail "$python could not make .venv."
    pwd >.venv/.stamp-place
}

# uv installs the locked packages ten times faster; pip is there for indexes uv cannot read.
install_lock() {
    if is_installed "$1"; then return; fi
    say "Installing the Python packages of requirements/$1.txt."
    if ! is_installed uv; then
        PIP_USER=0 .venv/bin/python -m pip install --quiet --disable-pip-version-check \
            --require-hashes -r requirements/uv.txt || fail \
            "pip could not install uv. Is the package index reachable (pip config list)?"
        note_installed uv
    fi
    if ! (
        follow_pip
        .venv/bin/uv pip install --quiet --python .venv/bin/python \
            --require-hashes -r "requirements/$1.txt"
    ); then
        say "uv did not manage it; trying with pip."
        PIP_USER=0 .venv/bin/python -m pip install --quiet --disable-pip-version-check \
            --require-hashes -r "requirements/$1.txt" || fail \
            "The Python packages could not be installed. Is the package index reachable?"
    fi
    note_installed "$1"
    # dev.txt holds every pin of base.txt.
    if [ "$1" = dev ]; then note_installed base; fi
}

bootstrap() {
    python=$(find_python)
    missing=$(missing_packages "$1")
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086  # one word per package
        install_packages $missing
        python=$(find_python)
    fi
    [ -n "$python" ] || fail "Avoir needs Python 3.11 or newer, and this machine's is older.
Install one (python3.11 with its venv) or name it: AVOIR_PYTHON=/path/to/python $0"
    make_venv
    install_lock "$1"
    .venv/bin/python scripts/compile_messages.py
}
