#!/bin/sh
# Installs what the build and the tests need and this machine lacks; says what it is about to do.
# Knows apt, dnf, pacman, apk and nix by their own package names. Where it may not install (not root
# and no sudo without a password), it prints the exact command and stops.
set -u

have_library() { pkg-config --exists "$1" 2>/dev/null; }
have_program() { command -v "$1" >/dev/null 2>&1; }

# name | how it is recognised | apt | dnf | pacman | apk | nix
needs='
compiler   |program cc             |gcc            |gcc                 |gcc       |gcc musl-dev   |gcc
pkg-config |program pkg-config     |pkg-config     |pkgconf-pkg-config  |pkgconf   |pkgconf        |pkg-config
jansson    |library jansson        |libjansson-dev |jansson-devel       |jansson   |jansson-dev    |jansson
libgit2    |library libgit2        |libgit2-dev    |libgit2-devel       |libgit2   |libgit2-dev    |libgit2
libyaml    |library yaml-0.1       |libyaml-dev    |libyaml-devel       |libyaml   |yaml-dev       |libyaml
sqlite     |library sqlite3        |libsqlite3-dev |sqlite-devel        |sqlite    |sqlite-dev     |sqlite.dev
pcre2      |library libpcre2-8     |libpcre2-dev   |pcre2-devel         |pcre2     |pcre2-dev      |pcre2.dev
zlib       |library zlib           |zlib1g-dev     |zlib-devel          |zlib      |zlib-dev       |zlib.dev
curl       |library libcurl        |libcurl4-openssl-dev|libcurl-devel  |curl      |curl-dev       |curl.dev
microhttpd |library libmicrohttpd  |libmicrohttpd-dev|libmicrohttpd-devel|libmicrohttpd|libmicrohttpd-dev|libmicrohttpd.dev
readline   |library readline       |libreadline-dev|readline-devel      |readline  |readline-dev   |readline.dev
cmocka     |library cmocka         |libcmocka-dev  |libcmocka-devel     |cmocka    |cmocka-dev     |cmocka
git        |program git            |git            |git                 |git       |git            |git
prove      |program prove          |perl           |perl-Test-Harness   |perl      |perl-utils     |perl
jq         |program jq             |jq             |jq                  |jq        |jq             |jq
python     |program python3        |python3        |python3             |python    |python3        |python3
mandoc     |program mandoc         |mandoc         |mandoc              |mandoc    |mandoc         |mandoc
openssl    |program openssl        |openssl        |openssl             |openssl   |openssl        |openssl
'

manager() {
	for m in apt-get dnf pacman apk nix-env; do
		have_program "$m" && { echo "$m"; return; }
	done
}

column() {
	case "$1" in
	apt-get) echo 3 ;; dnf) echo 4 ;; pacman) echo 5 ;; apk) echo 6 ;; nix-env) echo 7 ;;
	esac
}

missing() { # COLUMN: the packages that are missing, on one line
	echo "$needs" | while IFS='|' read -r name how rest; do
		[ -n "$name" ] || continue
		set -- $how "$1"
		case "$1" in
		program) have_program "$2" && { set -- "$3"; continue; } ;;
		library) have_library "$2" && { set -- "$3"; continue; } ;;
		esac
		set -- "$3"
		echo "x|x|$rest" | cut -d'|' -f"$1"
	done | tr -s ' \n' ' '
}

install_command() { # MANAGER PACKAGES
	case "$1" in
	apt-get) echo "apt-get install -y --no-install-recommends $2" ;;
	dnf) echo "dnf install -y $2" ;;
	pacman) echo "pacman -S --needed --noconfirm $2" ;;
	apk) echo "apk add $2" ;;
	nix-env) echo "nix-shell -p $2" ;;
	esac
}

m=$(manager)
packages=$(missing "$(column "${m:-apt-get}")" | sed 's/^ *//; s/ *$//')
[ -n "$packages" ] || exit 0
if [ -z "$m" ]; then
	echo "hl: no package manager known here (apt, dnf, pacman, apk, nix). Needed, by Debian's names: $packages" >&2
	exit 1
fi
run=$(install_command "$m" "$packages")
if [ "$m" = nix-env ]; then
	echo "hl: missing: $packages" >&2
	echo "hl: run make inside: $run" >&2
	exit 1
fi
if [ "$(id -u)" = 0 ]; then
	sudo=
elif have_program sudo && sudo -n true 2>/dev/null; then
	sudo=sudo
else
	echo "hl: missing: $packages" >&2
	echo "hl: install them, then run make again:" >&2
	echo "    sudo $run" >&2
	exit 1
fi
echo "hl: installing with $m: $packages" >&2
if [ "$m" = apt-get ]; then
	export DEBIAN_FRONTEND=noninteractive
	$sudo apt-get update -qq || echo "hl: apt-get update failed; trying with the lists that are there" >&2
fi
# shellcheck disable=SC2086 # the words of the command
$sudo $run >&2 || { echo "hl: this failed: $sudo $run" >&2; exit 1; }
