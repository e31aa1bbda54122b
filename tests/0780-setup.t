#!/bin/sh
# scripts/setup, with package managers that only write down what they are to
# install: what it installs, as whom, what it prints, and that it leaves nothing.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"

STATE=$TMP/state LOG=$TMP/state/log BIN=$TMP/bin
export STATE LOG
mkdir "$TMP/tree" "$TMP/tree/scripts" "$BIN" "$TMP/managers"
cp "$ROOT/Makefile" "$TMP/tree"
# This machine's own policy is not touched.
sed "s|/usr/sbin/policy-rc[.]d|$TMP/policy|" "$ROOT/scripts/setup" \
	>"$TMP/tree/scripts/setup"
chmod +x "$TMP/tree/scripts/setup"

fake() {		# fake PATH: a script of what is on stdin
	{
		echo '#!/bin/sh'
		cat
	} >"$1"
	chmod +x "$1"
}

for tool in cat chmod env fold grep rm sed sh sleep tee; do
	ln -s "$(command -v $tool)" "$BIN/$tool"
done
fake "$BIN/id" <<'END'
cat "$STATE/uid"
END
fake "$BIN/make" </dev/null
fake "$BIN/gcc" <<'END'
grep -q resolv.h && [ -e "$STATE/usable" ]
END
fake "$BIN/pkg-config" <<'END'
[ -e "$STATE/usable" ] && [ "$*" = '--exists gnutls gmp libidn2 libpsl popt jansson zlib expat' ]
END
fake "$BIN/debconf-set-selections" <<'END'
echo "debconf-set-selections: $(cat)" >>"$LOG"
END
fake "$TMP/sudo" <<'END'
[ ! -e "$STATE/no-sudo" ] || exit
[ "$1" = -v ] && exit
echo "sudo $3" >>"$LOG"
exec "$@"
END
# It installs, unless it is broken.
fake "$TMP/managers/apt-get" <<'END'
echo "${0##*/} $*" >>"$LOG"
[ ! -e "$TMP/policy" ] || echo "policy: $(sed 1d "$TMP/policy")" >>"$LOG"
case $* in *update*) exit ;; esac
[ ! -e "$STATE/slow" ] || until grep -q '    1 s' "$TMP/out"; do sleep 0.1; done
echo 'E: Unable to locate package'
[ ! -e "$STATE/broken" ] || exit 100
for package in "$@"; do
	: >"$STATE/has-$package"
done
: >"$STATE/usable"
END
cp "$TMP/managers/apt-get" "$TMP/managers/dnf"
cp "$TMP/managers/apt-get" "$TMP/managers/pacman"
fake "$BIN/dpkg-query" <<'END'
case $# in
3) [ ! -e "$STATE/mail" ] || echo 'installed mail-transport-agent' ;;
4) [ -e "$STATE/has-$4" ] && echo installed ;;
esac
END
fake "$BIN/rpm" <<'END'
[ -e "$STATE/has-$2" ]
END
cp "$BIN/rpm" "$BIN/pacman-query"
fake "$TMP/managers/pacman" <<'END'
case $1 in
-Q) [ -e "$STATE/has-$2" ] && exit ;;
*) exec "$TMP/managers/dnf" "$@" ;;
esac
END

# machine MANAGER UID [FILE...]: a new one, with these files of its state
machine() {
	rm -rf "$STATE" "$BIN/sudo" "$BIN/apt-get" "$BIN/dnf" "$BIN/pacman"
	mkdir "$STATE"
	[ "$1" = none ] || ln -s "$TMP/managers/$1" "$BIN/$1"
	echo "$2" >"$STATE/uid"
	shift 2
	for file in "$@"; do
		[ "$file" = sudo ] && ln -s "$TMP/sudo" "$BIN/sudo"
		: >"$STATE/$file"
	done
	: >"$LOG"
}

setup() {
	PATH=$BIN "$TMP/tree/scripts/setup" "$@"
}

leaves_nothing() {	# leaves_nothing TITLE
	ok "$1: no policy is left" test ! -e "$TMP/policy"
}

DEBIAN='gcc make pkgconf libc6-dev libgnutls28-dev libgmp-dev libidn2-dev'
DEBIAN="$DEBIAN libpsl-dev libpopt-dev libjansson-dev zlib1g-dev libexpat1-dev"

# --- options ---

machine apt-get 0
exits 0 "--help" setup --help
has "it shows the usage" 'usage: scripts/setup [--tests]' "$TMP/out"
exits 64 "an unknown option is refused" setup --test
has "with the usage" 'usage: scripts/setup [--tests]' "$TMP/err"
exits 64 "so is a second one" setup --tests --tests
same "nothing was installed" /dev/null "$LOG"

# --- as root ---

machine apt-get 0 usable
exits 0 "root: where libraries are there, it succeeds" setup
same "no package manager runs" /dev/null "$LOG"
has "it says what to type next" 'setup: all is there; next: make demo' \
	"$TMP/out"
machine apt-get 0
exits 0 "root: it installs what is missing" setup
printf '%s\n' 'apt-get update' \
	"apt-get -y --no-install-recommends install $DEBIAN" >"$TMP/want"
same "that is what building needs" "$TMP/want" "$LOG"
cat >"$TMP/want" <<'END'
setup: updating the lists of packages
setup: installing these packages, and what they need:
    gcc make pkgconf libc6-dev libgnutls28-dev libgmp-dev libidn2-dev
    libpsl-dev libpopt-dev libjansson-dev zlib1g-dev libexpat1-dev
setup: all is there; next: make demo
END
same "it says what it does, and what is next" "$TMP/want" "$TMP/out"
same "standard error is quiet" /dev/null "$TMP/err"
leaves_nothing "root"
: >"$LOG"
exits 0 "root: it succeeds a second time" setup
same "and then installs nothing" /dev/null "$LOG"
machine apt-get 0 has-gcc has-make has-libpsl-dev
exits 0 "root: some packages are there" setup
has "it installs the others alone" \
	"install pkgconf libc6-dev libgnutls28-dev libgmp-dev libidn2-dev \
libpopt-dev" "$LOG"

machine apt-get 0 broken
exits 69 "root: apt-get fails" setup
has "what it printed is shown" 'E: Unable to locate package' "$TMP/err"
has "and who failed" 'setup: apt-get failed' "$TMP/err"
lacks "nothing is next" 'next:' "$TMP/out"

# --- on a terminal ---

if at_terminal true; then
	machine apt-get 0 slow
	ok "on a terminal: it installs what is missing" \
		at_terminal "PATH=$BIN $TMP/tree/scripts/setup"
	has "seconds are counted meanwhile" "    1 s" "$TMP/out"
	machine apt-get 1000
	at_terminal "PATH=$BIN $TMP/tree/scripts/setup --tests"
	result $(($? != 77)) "on a terminal: without root the status is 77"
	tr -d '\r' <"$TMP/out" | awk 'length > 80' >"$TMP/long"
	same "no line is wider than 80 columns" /dev/null "$TMP/long"
	tr -d '\r' <"$TMP/out" | sed -n '/^    /p' >"$TMP/command"
	ok "the command that is shown can be typed" \
		env PATH="$BIN" sh "$TMP/command"
	ok "and is one" lines 2 "$LOG"
	has "as the lines go on after backslashes" ' zsh fish postfix' "$LOG"
else
	skip "on a terminal" "no terminal by script(1)"
fi

# --- the tests' packages ---

machine apt-get 0 usable
exits 0 "--tests: it installs the tests' packages" setup --tests
has "those that compile tests" libcmocka-dev "$LOG"
lacks "but no libraries, which are there" libgnutls28-dev "$LOG"
has "Postfix is told before that it is not to be configured" \
	'debconf-set-selections: postfix postfix/main_mailer_type select No con' \
	"$LOG"
ok "Postfix is installed" grep -q '^apt-get.* install .* postfix$' "$LOG"
has "no daemon may start meanwhile" 'policy: exit 101' "$LOG"
has "it says what is next" 'next: make check' "$TMP/out"
leaves_nothing "--tests"
machine apt-get 0
exits 0 "--tests: it installs libraries, too" setup --tests
has "all at once" "install $DEBIAN clang" "$LOG"
machine apt-get 0 usable mail
exits 0 "--tests: there is another mail system" setup --tests
lacks "it is not replaced" postfix "$LOG"
machine apt-get 0 broken
exits 69 "--tests: apt-get fails" setup --tests
leaves_nothing "--tests, and apt-get fails"
machine apt-get 0
echo kept >"$TMP/policy"
exits 0 "--tests: the machine has a policy" setup --tests
has "it is kept" kept "$TMP/policy"
rm "$TMP/policy"

# --- without root ---

machine apt-get 1000 usable
exits 0 "a user: where libraries are there, it succeeds" setup
same "it needs no root" /dev/null "$LOG"
machine apt-get 1000
exits 77 "a user: libraries are missing" setup
echo "apt-get update && apt-get -y --no-install-recommends install $DEBIAN" \
	>"$TMP/want"
same "the command for root is printed, in one line" "$TMP/want" "$TMP/out"
ok "and what it is for" lines 1 "$TMP/err"
same "nothing was tried" /dev/null "$LOG"
exits 77 "a user: --tests" setup --tests
has "the command for root has all" 'libexpat1-dev clang' "$TMP/out"
same "nothing was tried for the tests" /dev/null "$LOG"
leaves_nothing "a user"
machine apt-get 1000 sudo
exits 0 "sudo: it installs what is missing" setup --tests
sed -n 's/^sudo //p' "$LOG" >"$TMP/got"
printf '%s\n' tee chmod sh apt-get apt-get rm >"$TMP/want.sudo"
same "each step is one of root's" "$TMP/want.sudo" "$TMP/got"
leaves_nothing "sudo"
machine apt-get 1000 sudo no-sudo
exits 77 "sudo: this user may not" setup
same "the command for root is printed" "$TMP/want" "$TMP/out"

# --- other systems ---

machine dnf 0 has-gcc
exits 0 "dnf: root" setup
echo "dnf -y install make pkgconf-pkg-config gnutls-devel gmp-devel" \
	"libidn2-devel libpsl-devel popt-devel jansson-devel zlib-devel expat-devel" >"$TMP/want"
same "what is missing is installed" "$TMP/want" "$LOG"
machine dnf 1000
exits 77 "dnf: a user" setup
has "the command for root is printed" 'dnf -y install gcc make' "$TMP/out"
lacks "without what the tests need" libcmocka-devel "$TMP/out"
machine dnf 1000 usable
exits 77 "dnf: a user, --tests" setup --tests
has "the command has what the tests need" libcmocka-devel "$TMP/out"
machine pacman 1000 has-gcc
exits 77 "pacman: a user" setup
echo "pacman -S --needed --noconfirm make pkgconf gnutls gmp libidn2 libpsl" \
	popt jansson zlib expat >"$TMP/want"
same "the command for root is printed" "$TMP/want" "$TMP/out"
machine pacman 0
exits 0 "pacman: root, --tests" setup --tests
has "what the tests need is installed" cmocka "$LOG"
machine none 1000
exits 69 "there is no package manager that it knows" setup
has "the packages are named" libgnutls28-dev "$TMP/err"
machine none 1000 usable
exits 0 "where libraries are there, none is needed" setup
finish
