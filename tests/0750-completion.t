#!/bin/sh
# Shell completion, which is made from each tool's --help: what bash, zsh and
# fish offer at the end of a line.
# Slow: it waits for terminals.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"

made=$BUILD/completion
tab=$(printf '\t')
mkdir "$TMP/here" "$TMP/here/sub" "$TMP/home" && cd "$TMP/here" || exit 1
: >rsa.pem
: >'a file'
HOME=$TMP/home XDG_CONFIG_HOME=$TMP/home XDG_DATA_HOME=$TMP/home
export HOME XDG_CONFIG_HOME XDG_DATA_HOME

file_of() {		# file_of SHELL TOOL
	case $1 in
	bash) echo "$made/bash/$2" ;;
	zsh) echo "$made/zsh/_$2" ;;
	fish) echo "$made/fish/$2.fish" ;;
	esac
}

# offered SHELL LINE: what the shell offers, one a line, each as the last part
# of the word, without the slash of a directory and the = of an option.
offered() {
	case $1 in
	bash) bash "$ROOT/tests/helper/complete.bash" "$made/bash" "$2" ;;
	zsh) timeout 20 zsh -f "$ROOT/tests/helper/complete.zsh" \
		"$made/zsh" "$2" ;;
	fish)
		# $argv is fish's.
		# shellcheck disable=SC2016
		fish --no-config -c 'source $argv[1]; complete -C $argv[2]' \
			"$(file_of fish "${2%% *}")" "$2" | cut -f 1
		;;
	esac | sed -e 's|[/=]$||' -e 's/.*=//' -e 's/\\//g' -e '/^$/d' |
		sort -u
}

# The options in a tool's --help, long and short, one a line.
options() {
	"$1" --help | sed -n \
		-e 's/^  \(-.\), \(--[a-z0-9-]*\).*/\1 \2/p' \
		-e 's/^      \(--[a-z0-9-]*\).*/\1/p' | tr ' ' '\n' | sort
}

no_bad_syntax() {	# no_bad_syntax SHELL
	no_bad=0
	for path in "$BUILD"/bin/*; do
		"$1" -n "$(file_of "$1" "${path##*/}")" || no_bad=1
	done
	return "$no_bad"
}

# Some shells offer letters only where nothing is typed, or one dash.
offers_options() {	# offers_options SHELL
	for path in "$BUILD"/bin/*; do
		tool=${path##*/}
		options "$tool" >"$TMP/want"
		{
			offered "$1" "$tool -"
			offered "$1" "$tool --"
		} | sort -u >"$TMP/got"
		[ -s "$TMP/want" ]
		same "$1 offers the options of $tool, all and no others" \
			"$TMP/want" "$TMP/got" && continue
		note "$(diff "$TMP/want" "$TMP/got")"
	done
}

# cases: each line of stdin is a line, |, and what is offered at its end.
cases() {		# cases SHELL
	while IFS='|' read -r line want; do
		want=$(printf '%s' "$want" | sed "s/^[ $tab]*//")
		got=$(offered "$1" "$line" | tr '\n' , | sed 's/,$//')
		[ "$got" = "$want" ]
		result $? "$1 offers at the end of '$line': ${want:-nothing}" ||
			note "got: $got"
	done
}

completes() {		# completes SHELL
	if ! command -v "$1" >/dev/null; then
		skip "$1 completes" "no $1"
		return
	fi
	ok "$1 finds no error in what is made for it" no_bad_syntax "$1"
	if [ "$1" = zsh ] && ! at_terminal true; then
		skip "zsh completes" "no terminal, which it needs"
		return
	fi
	offers_options "$1"
	cases "$1" <<'END'
dkim-sign --pro|			--profile
dkim-sign --profile=|			bulk,default,list
dkim-sign --profile=l|			list
dkim-sign --profile |			bulk,default,list
spf-query --scope=b|			both
dkim-verify --canonical=|		body,header
dkim-sign --domain=|
dkim-sign -d |
dkim-sign --set=|
dkim-sign -z |				a file,rsa.pem,sub
dkim-sign --zone=r|			rsa.pem
dkim-sign --strict -k |			a file,rsa.pem,sub
dkim-sign -k 2026a=r|			rsa.pem
dkim-sign --key=2026a=r|		rsa.pem
dkim-sign --key=2026a=|			a file,rsa.pem,sub
dkim-sign --password-file=s|		sub
dkim-sign <r|				rsa.pem
dkim-sign --strict >s|			sub
dkim-verify |				a file,rsa.pem,sub
dkim-verify --all r|			rsa.pem
dkim-verify -d r|			rsa.pem
vbr-insert r|
END
}

for shell in bash zsh fish; do
	completes $shell
done

made_again() {
	for path in "$BUILD"/bin/*; do
		"$ROOT/scripts/completion" "$1" "$path" |
			cmp - "$(file_of "$1" "${path##*/}")" || return
	done
}
for shell in bash zsh fish; do
	ok "what is made for $shell is as the tools are" made_again $shell
done

if command -v shellcheck >/dev/null; then
	ok "shellcheck finds nothing in what is made for bash" \
		shellcheck -s bash "$made"/bash/*
else
	skip "shellcheck finds nothing" "no shellcheck"
fi

exits 64 "no completion for a shell that is not known" \
	"$ROOT/scripts/completion" ksh "$BUILD/bin/dkim-sign"
printf '#!/bin/sh\necho no options\n' >"$TMP/bare" && chmod +x "$TMP/bare"
exits 1 "no completion from a program without options" \
	"$ROOT/scripts/completion" bash "$TMP/bare"
finish
