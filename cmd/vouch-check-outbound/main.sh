#!/bin/sh
# vouch-check-outbound: will mail that is signed today pass with the DNS of
# tomorrow? It renders a message, adds VBR-Info, signs it, and checks it by
# dkim-verify, spf-query, dmarc-eval and vbr-check, and its author's domain by
# domain-check, with the zone that is about to be published. See
# vouch-check-outbound(1).
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016,SC2317 # jq's variables; functions that each calls
set -eu
LC_ALL=C
export LC_ALL
program=vouch-check-outbound

usage_text() {
	cat <<'END'
Usage: vouch-check-outbound OPTION... [FILE [NAME=VALUE...]]
Fills a template, signs it, and checks it with a zone that is to be published.

Examples:
  vouch-check-outbound -z zone -k r1=rsa.pem -i 192.0.2.25 \
      -f bounce@example.org message
  vouch-check-outbound --tap -z zone -k r1=rsa.pem -i 192.0.2.25 \
      -f bounce@example.org -t certifier-a.example -T transaction <message

Options:
  -z, --zone=FILE                  answer DNS queries from FILE (repeatable)
  -k, --key=SELECTOR=KEYFILE       sign with this private key (repeatable)
  -i, --ip=ADDRESS                 an address that sends the mail (repeatable)
  -f, --mail-from=ADDRESS          the envelope sender
  -e, --helo=NAME                  name given in HELO (default mail.invalid)
  -d, --domain=DOMAIN              domain that signs (default: the author's)
  -t, --certifier=HOST             a certifier that must vouch (repeatable)
  -T, --type=all|list|transaction  type of mail (default all)
  -o, --output=FILE                write the signed message to FILE
      --ignore=FILE                leave out findings that FILE accepts, as
                                   domain-check does
  -j, --json                       write a JSON object
      --tap                        write TAP, the Test Anything Protocol
      --github                     write failures as annotations of GitHub
      --color=auto|always|never    colour the lines (default auto)
  -h                               show the main options
      --help                       show all options
      --version                    show the version
END
}

main_usage() {
	usage_text | sed -e "s/^Options:/Main options (all: $program --help):/" \
		-e '/^  -e,/d; /--ignore/,/domain-check/d; /--color/,$d'
}

# make puts the files into the program where they are sourced.
# shellcheck source=cmd/vouch-check-outbound/screen.sh
. "${0%/*}/screen.sh"
# shellcheck source=cmd/vouch-check-outbound/mistakes.sh
. "${0%/*}/mistakes.sh"

# Of jq: a text that is safe in a terminal and in the log of a CI job, on one
# line: controls and invisible characters are \xHH, as the tools show them, and
# so is the second octet of "##", which begins a command for some CI servers.
text_filter='
def hidden:
	. as $c | any(([0, 31], [127, 160], [173, 173], [847, 847],
	    [1536, 1541], [1564, 1564], [1757, 1757], [1807, 1807],
	    [2192, 2193], [2274, 2274], [4447, 4448], [5760, 5760],
	    [6158, 6158], [8192, 8207], [8232, 8239], [8287, 8303],
	    [10240, 10240], [12288, 12288], [12644, 12644], [65279, 65279],
	    [65440, 65440], [65529, 65531], [119155, 119162],
	    [917504, 917631]); .[0] <= $c and $c <= .[1]);
def octets: @uri | split("%") | join("\\x") | ascii_downcase;
def shown:
	split("\n") | join(" ") | explode |
	map(if hidden then [.] | implode | octets else [.] | implode end) |
	join("") | split("##") | join("#\\x23");
'

# need PROGRAM WHERE: ends the run if it is not there.
need() {
	command -v "$1" >/dev/null && return
	message "$1 is not installed: $2"
	[ "$form" != tap ] || echo "Bail out! $1 is not installed"
	exit 69
}

# ascii TEXT: prints it with \xHH for all octets that are not printable ASCII,
# and for backslashes.
ascii() {
	printf %s "$1" | od -A n -v -t u1 | awk '{
		for (i = 1; i <= NF; i++)
			printf($i < 32 || $i > 126 || $i == 92 ? \
			    "\\x%02x" : "%c", $i + 0)
	}'
}

# utf8 TEXT: prints it; if it is not UTF-8, as ascii() does.
utf8() {
	case $1 in
	*[!\ -~]*) [ "$(printf %s "$1" | jq -R -s -j .)" = "$1" ] || {
		ascii "$1"
		return
	} ;;
	esac
	printf %s "$1"
}

# shown TEXT: prints it so that it is safe in a terminal and in a log. Usage
# errors do without jq, but then all octets that are not ASCII are \xHH.
shown() {
	case $1 in
	*[!\ -~]* | *'##'*) ;;
	*) printf %s "$1" && return ;;
	esac
	if command -v jq >/dev/null; then
		jq -n -r --arg text "$(utf8 "$1")" "$text_filter"'$text | shown'
	else
		ascii "$1" | sed 's/##/#\\x23/g'
	fi
}

# hidden TEXT: prints it without what may be a PIN: what follows "pin=" or
# "pin-value=", and the query of a pkcs11 URL. A key can be given where it is not
# expected, and the log of a CI job is public.
hidden() {
	printf %s "$1" | sed -e 's/\([Pp][Ii][Nn]\([-%][^=]*\)\{0,1\}=\).*/\1***/' \
		-e 's/\([Pp][Kk][Cc][Ss]11:[^?]*?\).*/\1***/'
}

# json COMMAND...: its output is JSON, which becomes safe in a log, too.
json() {
	"$@" >"$tmp/object"
	sed -e 's/##/#\\u0023/g' -e "s/$(printf '\177')/\\\\u007f/g" \
		"$tmp/object"
}

# fail STATUS TEXT: something cannot be checked.
fail() {
	fail_text=$(shown "$(hidden "$2")")
	message "$fail_text"
	case $form in
	tap) printf 'Bail out! %s\n' "$fail_text" 2>/dev/null ;;
	github) github_error "$fail_text" 2>/dev/null ;;
	json) [ "$1" -eq 64 ] || json jq -n -c -a --arg error "$fail_text" \
		--arg file "$(utf8 "$(hidden "$template")")" \
		'{schema: 1, file: $file, error: $error}' ;;
	esac || :
	exit "$1"
}

usage() {
	fail 64 "$* (try --help)"
}

# --- options ---

zones='' keys='' selectors='' ips='' sender='' helo=mail.invalid domain='' certifiers=''
type='' output='' ignore='' form=lines color=auto info='' template=- newline='
'
version() {
	echo "$program (vouch) @VERSION@"
}

flag() {
	case $1 in
	-h) info=short_help && return ;;
	--help) info=help && return ;;
	--version) info=version && return ;;
	-j | --json) set -- json ;;
	--tap | --github) set -- "${1#--}" ;;
	esac
	[ "$form" = lines ] || [ "$form" = "$1" ] ||
		usage "--$form and --$1 exclude each other"
	form=$1
}

# Values of repeatable options are kept in lists, one a line.
take() {
	case $2 in *"$newline"*) usage "$1: a line end in the value" ;; esac
	[ -n "$2" ] || usage "$1: the value is empty"
	case $1=$2 in
	-k=*=* | --key=*=*) ;;
	-k=* | --key=*) usage "$1: not SELECTOR=KEYFILE: $2" ;;
	esac
	case $1 in
	-z | --zone) zones=$zones$2$newline ;;
	-k | --key)
		keys=$keys$2$newline
		selectors=$selectors${2%%=*}$newline
		;;
	-i | --ip) ips=$ips$2$newline ;;
	-f | --mail-from) sender=$2 ;;
	-e | --helo) helo=$2 ;;
	-d | --domain) domain=$2 ;;
	-t | --certifier) certifiers=$certifiers$2$newline ;;
	-T | --type) choose "$1" "$2" all list transaction && type=$2 ;;
	--color) choose "$1" "$2" auto always never && color=$2 ;;
	-o | --output) output=$2 ;;
	--ignore) ignore=$2 ;;
	esac
}

# Operands move to the end; $left arguments are still to be read.
left=$#
while [ "$left" -gt 0 ]; do
	word=$1 left=$((left - 1))
	shift
	option=${word%%=*}
	case $word in
	--) break ;;
	--json | --tap | --github | --help | --version)
		flag "$word" && continue ;;
	-[jh]) flag "$word" && continue ;;
	-[jh][!-]*)
		rest=${word#??}
		flag "${word%"$rest"}"
		set -- "-$rest" "$@"
		left=$((left + 1))
		continue
		;;
	--zone | --key | --ip | --mail-from | --helo | --domain | --certifier | \
		--type | --output | --ignore | --color | -[zkifedtTo])
		[ "$left" -gt 0 ] || lacking "$word"
		take "$word" "$1"
		shift
		left=$((left - 1))
		continue
		;;
	--zone=* | --key=* | --ip=* | --mail-from=* | --helo=* | --domain=* | \
		--certifier=* | --type=* | --output=* | --ignore=* | --color=*)
		take "$option" "${word#*=}" && continue
		;;
	--json=* | --tap=* | --github=* | --help=* | --version=*)
		usage "$word: takes no argument"
		;;
	-[zkifedtTo]*)
		value=${word#??}
		take "${word%"$value"}" "$value" && continue
		;;
	--*) unknown "$option" ;;
	-?*) unknown "$word" ;;
	esac
	set -- "$@" "$word"
done
# After "--" all are operands.
while [ "$left" -gt 0 ]; do
	set -- "$@" "$1"
	shift
	left=$((left - 1))
done

[ -z "$info" ] || {
	"$info" || fail 74 'standard output cannot be written'
	exit
}
template=${1:--}
[ $# -eq 0 ] || shift
missing=
[ -n "$zones" ] || missing="$missing, -z FILE"
[ -n "$keys" ] || missing="$missing, -k SELECTOR=KEYFILE"
[ -n "$ips" ] || missing="$missing, -i ADDRESS"
[ -n "$sender" ] || missing="$missing, -f ADDRESS"
[ -z "$missing" ] || usage "missing: ${missing#, }"
[ -z "$type" ] || [ -n "$certifiers" ] || usage "-T needs -t"
for pair in "$@"; do
	name=${pair%%=*}
	case $pair in
	[A-Za-z_]*=*) ;;
	*) usage "not NAME=VALUE: $pair" ;;
	esac
	case $name in
	*[!A-Za-z0-9_]*) usage "not a NAME: $name" ;;
	esac
	case $pair in
	*"$newline"* | *"$(printf '\r')"*) usage "a line end in $name" ;;
	esac
done

# shellcheck source=cmd/vouch-check-outbound/results.sh
. "${0%/*}/results.sh"

# with OPTION LIST COMMAND...: runs the command with an option for each line of
# LIST added to its arguments.
with() {
	with_option=$1 with_list=$2
	shift 2
	while [ -n "$with_list" ]; do
		set -- "$@" "$with_option" "${with_list%%"$newline"*}"
		with_list=${with_list#*"$newline"}
	done
	"$@"
}

# broken TOOL STATUS: the tool could not do its work. The options that it does
# not take have the same names here.
broken() {
	broken_text=$(paste -s -d ' ' "$tmp/err")
	[ "$2" -eq 64 ] || fail "$2" "${broken_text:-$1: status $2}"
	broken_text=${broken_text#"$1: "}
	usage "${broken_text%' (try --help)'}"
}

# insert TOOL COMMAND...: adds a field to the message; a warning is a failure.
# It writes a file each time, since a pipeline has only the last command's
# status.
insert() {
	inserter=$1 insert_status=0
	shift
	"$@" <"$tmp/message" >"$tmp/next" 2>"$tmp/err" || insert_status=$?
	case $insert_status in
	0) mv "$tmp/next" "$tmp/message" ;;
	65 | 78) report "$inserter" '' "$insert_status" && finish ;;
	*) broken "$inserter" "$insert_status" ;;
	esac
	[ ! -s "$tmp/err" ] || insert_status=1
	report "$inserter" '' "$insert_status"
}

# verify SUBJECT TOOL ARG...: the tool must exit 0, and the filter must find no
# fault in its object. A malformed zone is a fault of what is checked.
verify() {
	verify_subject=$1 verify_status=0
	shift
	with -z "$zones" "$@" -j >"$tmp/json" 2>"$tmp/err" || verify_status=$?
	case $verify_status in
	[0-6] | 65 | 75 | 78) ;;
	*) broken "$1" "$verify_status" ;;
	esac
	# Warnings of domain-check are shown, and pass.
	[ "$1:$verify_status" != domain-check:1 ] || verify_status=0
	[ -s "$tmp/json" ] || case $verify_status in
	65 | 78) ;;
	*) broken "$1" "$verify_status" ;;
	esac
	report "$1" "$verify_subject" "$verify_status"
}

# each LIST COMMAND...: runs the command with each line of LIST as an argument.
each() {
	each_list=$1
	shift
	while [ -n "$each_list" ]; do
		each_item=${each_list%%"$newline"*}
		each_list=${each_list#*"$newline"}
		"$@" "$each_item"
	done
}

# --- the run ---

need jq 'install the package jq'
# The tools are beside this one, if they are not in PATH.
case $0 in */*) PATH=$PATH:${0%/*} ;; esac
for tool in vbr-insert dkim-sign dkim-verify spf-query dmarc-eval vbr-check \
	domain-check; do
	need $tool 'it belongs to vouch, and is not in PATH'
done
tmp=$(mktemp -d) || exit 71
trap 'rm -rf "$tmp"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
: >"$tmp/json"
: >"$tmp/err"

# render NAME=VALUE...: fills the template on standard input with these values.
render() {
	[ $# -eq 0 ] || printf '%s\n' "$@" >"$tmp/values"
	values=$tmp/values awk '
	BEGIN {
		while ((getline line <ENVIRON["values"]) > 0)
			value[substr(line, 1, index(line, "=") - 1)] = \
			    substr(line, index(line, "=") + 1)
	}
	{
		done = ""
		while (match($0, /[{][{][A-Za-z_][A-Za-z0-9_]*[}][}]/)) {
			name = substr($0, RSTART + 2, RLENGTH - 4)
			if (!(name in value)) {
				print "{{" name "}} has no value" >"/dev/stderr"
				exit 1
			}
			done = done substr($0, 1, RSTART - 1) value[name]
			$0 = substr($0, RSTART + RLENGTH)
		}
		print done $0
	}'
}

# A client or zone file that cannot be used ends the run before its first line;
# a malformed zone is left to the checks.
try_client() {
	try_status=0
	with -z "$zones" spf-query -Q -q -f "$sender" -e "$helo" -i "$1" \
		2>"$tmp/err" || try_status=$?
	case $try_status in
	[0-6] | 75 | 78) ip=$1 ;;
	*) broken spf-query "$try_status" ;;
	esac
}

check_client() {
	verify "$1" spf-query -Q -i "$1" -f "$sender" -e "$helo"
}

check_certifier() {
	verify "$1" vbr-check -t "$1" -i "$ip" -f "$sender" -e "$helo" \
		"$tmp/message"
}

# check_domain DOMAIN ARG...
check_domain() {
	printf '%s\n' "$1" >"$tmp/domain"
	checked=$1
	shift
	set -- --domains-from="$tmp/domain" ${ignore:+--ignore="$ignore"} "$@"
	[ "$form" != github ] || with -z "$zones" domain-check --github "$@" \
		>"$tmp/annotations" 2>"$tmp/err" || :
	verify "$checked" domain-check "$@"
}

# The author's domain, with the selectors of the keys; if another domain signs,
# these are its keys, and the author's may have none.
check_domains() {
	case $author in '' | *"$newline"*) return ;; esac
	signer=$(printf %s "${domain:-$author}" | tr '[:upper:]' '[:lower:]')
	if [ "$signer" = "$author" ]; then
		with -s "$selectors" check_domain "$author"
	else
		check_domain "$author" --only=spf,dmarc,mx,tls
		with -s "$selectors" check_domain "$signer" --only=dkim
	fi
}

if [ "$template" = - ]; then
	cat >"$tmp/template" || fail 74 'standard input cannot be read'
else
	cat -- "$template" >"$tmp/template" 2>"$tmp/err" || {
		why=$(sed -n 1p "$tmp/err")
		fail 66 "$template: ${why##*: }"
	}
fi
exec </dev/null
[ -z "$ignore" ] || [ -r "$ignore" ] || fail 66 "$ignore: cannot be read"
each "$ips" try_client

: >"$tmp/err"
status=0
render "$@" <"$tmp/template" >"$tmp/message" 2>"$tmp/err" || status=1
report template '' $status
[ $status -eq 0 ] || finish
[ -z "$certifiers" ] || insert vbr-insert with -t "$certifiers" \
	vbr-insert ${domain:+-d "$domain"} -T "${type:-all}"
insert dkim-sign with -k "$keys" dkim-sign ${domain:+-d "$domain"}
[ -z "$output" ] || cp -- "$tmp/message" "$output" 2>"$tmp/err" ||
	fail 74 "-o $output cannot be written"

verify '' dkim-verify --all "$tmp/message"
each "$ips" check_client
# With the last address only, since SPF must pass for each.
verify '' dmarc-eval -i "$ip" -f "$sender" -e "$helo" "$tmp/message"
author=$(jq -r '.evaluations[]?.author_domain // empty' "$tmp/json")
each "$certifiers" check_certifier
check_domains
finish
