# Sourced by ./test: the Chromium its browser tests drive. CHROMIUM names one; else an installed one
# is taken; else root on a system with apt-get installs one. Never a download of our own.

find_chromium() {
    for candidate in ${CHROMIUM:-} chromium chromium-browser google-chrome-stable google-chrome; do
        if "$candidate" --version >/dev/null 2>&1; then
            CHROMIUM=$(command -v "$candidate")
            export CHROMIUM
            return 0
        fi
    done
    return 1
}

install_chromium() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    echo '正在安装浏览器测试所需的 chromium 与中文字体…'
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    apt-get update -qq >/dev/null 2>&1 || true
    apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null 2>&1
}

# Whether there is one. Installs it only for a run ("$@" as given to pytest) that holds its tests.
ready_chromium() {
    find_chromium && return 0
    case " $* " in
        '  ' | *' tests '* | *browser*) install_chromium && find_chromium ;;
        *) return 1 ;;
    esac
}
