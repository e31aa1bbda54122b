# verify.sh: what the tests of dkim-verify have in common. Source it after lib.sh.
# $MAIL is a message, $TMP/keys has more keys, $R2048 and $ED are tags for two.
#
#	sign KEY TAGS <MESSAGE	the message below a signature
#	verify ARG...		with the zone of the keys and the time of all
#				tests
#	outcome FILE		$outcome: RESULT IDENTIFIER... of each line of a
#				report, joined by commas
#	verified FILE RESULTS TITLE ARG...
#				all results of a message, joined by commas
#	with_results RESULT...	$TMP/m has signatures of those results; for
#				temperror -z "$TMP/down.zone" is needed
#
# shellcheck shell=sh disable=SC2034
MKSIG=$BUILD/tests/helper/mksig
MAIL=$DATA/message.eml
needs "$MKSIG"
cp "$DATA"/dkim-verify/*.pem "$TMP/keys" || exit 1

R2048='v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=r2048; h=from:to; bh=%BH%; b='
ED='v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org; s=ed; h=from:to; bh=%BH%; b='

# A line is dkim=RESULT reason="IDENTIFIER: TEXT; IDENTIFIER: TEXT" header.d=...
outcome() {
	outcome=
	while IFS= read -r outcome_line; do
		outcome_line=${outcome_line%%' header.'[a-z]=*}
		outcome=${outcome:+$outcome,}${outcome_line#dkim=}
		case $outcome_line in
		*' reason="'*'"') ;;
		*) continue ;;
		esac
		outcome=${outcome%%' reason="'*}
		outcome_line=${outcome_line#*' reason="'}
		outcome_line="${outcome_line%'"'}; "
		while [ "$outcome_line" ]; do
			outcome="$outcome ${outcome_line%%:*}"
			outcome_line=${outcome_line#*'; '}
		done
	done <"$1"
}

sign() {
	"$MKSIG" "$TMP/keys/$1.pem" "$2"
}

verify() {
	dkim-verify -z "$ZONE" --now="$NOW" "$@"
}

verified() {
	verified_file=$1 verified_want=$2 verified_title=$3
	shift 3
	verify -r "$@" "$verified_file" >"$TMP/out" 2>"$TMP/err"
	outcome "$TMP/out"
	[ "$outcome" = "$verified_want" ]
	result $? "$verified_title" && return
	note "$outcome"
	note "$(cat "$TMP/out" "$TMP/err")"
}

with_results() {
	cp "$MAIL" "$TMP/m"
	for wanted in "$@"; do
		case $wanted in
		pass) tags=$ED ;;
		fail) tags="${ED% h=*} h=from:x-a; bh=%BH%; b=" ;;
		policy) tags="${ED%bh=*}l=1; bh=%BH%; b=" ;;
		neutral) tags="v=2${ED#v=1}" ;;
		permerror) tags="${ED%bh=*}q=foo; bh=%BH%; b=" ;;
		temperror) tags="v=1; a=ed25519-sha256; d=example.org; s=down; h=from; bh=%BH%; b=" ;;
		esac
		sign ed25519 "$tags" <"$TMP/m" >"$TMP/next"
		mv "$TMP/next" "$TMP/m"
	done
	sed -i '/^Received/s/^/X-A: 1\n/' "$TMP/m"
}
echo ';!TIMEOUT down._domainkey.example.org. TXT' >"$TMP/down.zone"
