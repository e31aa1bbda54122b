#!/bin/sh
# Shell completion, which is made from each tool's --help: what bash, zsh and
# fish offer at the end of a line.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"

made=$BUILD/completion
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

# offered SHELL LINE...: what the shell offers for each, rows of the line's
# number and an offer, each as the last part of the word, without the slash of a
# directory and the = or : that follows an option or a part of its argument.
offered() {
	offered_by=$1
	shift
	case $offered_by in
	bash) bash "$ROOT/tests/helper/complete.bash" "$made/bash" "$@" ;;
	zsh) timeout 60 zsh -f "$ROOT/tests/helper/complete.zsh" \
		"$made/zsh" "$@" ;;
	fish) fish --no-config "$ROOT/tests/helper/complete.fish" \
		"$made/fish" "$@" ;;
	esac | awk -F '\t' -v OFS='\t' '{
		sub(/[\/=:]$/, "", $2)
		sub(/.*[=,]/, "", $2)
		gsub(/\\/, "", $2)
		if ($2 != "" && !seen[$1, $2]++)
			print $1, $2
	}' | sort
}

# What is wanted: the options in each tool's --help; and lines, with what is
# offered at the end of each.
tools=$(cd "$BUILD/bin" && printf '%s ' *)
# shellcheck disable=SC2086 # words
for tool in $tools; do
	"$tool" --help | sed -n -e "s/^  \(-.\), \(--[a-z0-9-]*\).*/$tool \1 \2/p" \
		-e "s/^      \(--[a-z0-9-]*\).*/$tool \1/p"
done >"$TMP/options"
cat >"$TMP/cases" <<'END'
dkim-sign --pro|			--profile
dkim-sign --profile=|			bulk,default,list
dkim-sign --color=|			always,auto,never
dkim-sign --profile=l|			list
dkim-sign --profile |			bulk,default,list
spf-query --scope=b|			both
dkim-verify --canonical=|		body,header
dkim-sign -c |				relaxed,relaxed/relaxed,relaxed/simple,simple,simple/relaxed,simple/simple
dkim-sign --canonicalization=re|	relaxed,relaxed/relaxed,relaxed/simple
dkim-sign -c relaxed/s|			relaxed/simple
vbr-insert -T |				all,list,transaction
vbr-insert --type=l|			list
vbr-check -T t|				transaction
dmarc-eval --dkim=|			pass,fail,none,neutral,policy,permerror,temperror
dmarc-eval --dkim te|			temperror
dmarc-eval --spf=s|			softfail
dmarc-eval --spf=pass:r|
dkim-sign --exit-map=|			pass,fail,softfail,neutral,policy,none,permerror,temperror,usage,dataerr,noinput,software,oserr,ioerr,noperm,config
dkim-sign --exit-map=no|		none,noinput,noperm
dkim-sign --exit-map te|		temperror
dkim-sign --exit-map=fail=1|
dkim-sign --exit-map=fail=1,te|		temperror
spf-query --exit-map fail=1,none=0,u|	usage
dkim-sign --exit-map=fail=1,te=2|
domain-check --only=|			spf,dmarc,dkim,vbr,mx,tls
domain-check --only=d|			dmarc,dkim
domain-check --only v|			vbr
domain-check --only=spf,d|		dmarc,dkim
domain-check --only spf,mx,t|		tls
domain-check --record=|
vouch-check-outbound --ignore=r|	rsa.pem
vouch-check-outbound --g|		--github
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
dkim-key |				check,new,record,rotate,show
dkim-key sh|				show
dkim-key new --ty|			--type
dkim-key new -T |			both,ed25519,rsa
dkim-key new r|
dkim-key new -o r|			rsa.pem
dkim-key record --format=r|		route53
dkim-key record -k r|			rsa.pem
dkim-key check --ta|			--table
dkim-key check --table=r|		rsa.pem
dkim-key check -k r|			rsa.pem
dkim-key rotate --table=r|		rsa.pem
dkim-key rotate --ev|			--every
dkim-key show r|			rsa.pem
dkim-key show --nameserver|
END

no_bad_syntax() {	# no_bad_syntax SHELL
	no_bad=0
	for path in "$BUILD"/bin/*; do
		"$1" -n "$(file_of "$1" "${path##*/}")" || no_bad=1
	done
	return "$no_bad"
}

# offers SHELL: what it offers for each line is what is wanted
offers() {
	set -- "$1"
	for tool in $tools; do
		set -- "$@" "$tool -" "$tool --"
	done
	while IFS='|' read -r line _; do
		set -- "$@" "$line"
	done <"$TMP/cases"
	offered "$@" >"$TMP/got"
	awk -F '\t' -v shell="$1" -v tools="$tools" '
	BEGIN { n = split(tools, tool, " ") }
	function report(number, title, list, i, part, good) {
		good = split(list, part, ",") == count[number] &&
			(list || number > n)
		for (i in part)
			good = good && (number, part[i]) in offer
		print (good ? 0 : 1) "\t" shell " offers " title
		if (!good)
			print "#\t" offers[number]
	}
	FILENAME ~ /got$/ {
		# Some shells offer letters only where nothing is typed, or one
		# dash: what is offered for "TOOL -" and "TOOL --" is one.
		number = $1 <= 2 * n ? int(($1 + 1) / 2) : $1 - n
		if (!((number, $2) in offer)) {
			offer[number, $2]
			count[number]++
			offers[number] = offers[number] " " $2
		}
		next
	}
	FILENAME ~ /options$/ {
		split($0, word, " ")
		for (i = 2; i in word; i++)
			options[word[1]] = options[word[1]] "," word[i]
		next
	}
	FNR == 1 {
		for (i = 1; i <= n; i++)
			report(i, "the options of " tool[i] ", all and no others",
				substr(options[tool[i]], 2))
	}
	{
		split($0, part, "|")
		sub(/^[ \t]*/, "", part[2])
		report(n + FNR, "at the end of \047" part[1] "\047: " \
			(part[2] ? part[2] : "nothing"), part[2])
	}' "$TMP/got" "$TMP/options" "$TMP/cases" >"$TMP/compared"
	tally "$TMP/compared"
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
	offers "$1"
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
