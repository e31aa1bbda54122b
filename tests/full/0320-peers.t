#!/bin/sh
# Interoperability, both ways: messages of data/peers/*.eml with LF and with
# CRLF, in all four canonicalizations, signed by us and verified by libopendkim,
# opendkim-testmsg, dkimpy and Mail::DKIM, and the other way round, with the
# smallest RSA key and with Ed25519: what differs between messages is what is
# hashed, not how. The plain message is signed with the larger keys, too. Every
# case must pass, but for those that data/peers/differs.tsv explains, and these
# must still differ.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/peers.sh
. "$ROOT/tests/peers.sh"
LATER=2100-01-01T00:00:00Z # peers write a t= of their clock
CANONS='simple/simple simple/relaxed relaxed/simple relaxed/relaxed'
NAMES=From:To:Subject:Date:Message-ID:MIME-Version:Content-Type
NAMES=$NAMES:Content-Transfer-Encoding:X-Odd:Comments
KEYS='r1024 ed'
PLAIN_KEYS='r1024 r2048 r4096 ed'
TAB='	'
cd "$TMP" || exit 1
for key in 1024 2048 4096; do
	mv "keys/rsa$key.pem" "keys/r$key.pem"
done
mv keys/ed25519.pem keys/ed.pem

# The messages: in/SHAPE.EOL.
make_messages() {
	mkdir in
	for file in "$DATA"/peers/*.eml; do
		shape=${file##*/}
		shape=${shape%.eml}
		cp "$file" "in/$shape.lf"
		sed 's/$/\r/' "$file" >"in/$shape.crlf"
		# A last line without a line end got half of one.
		[ -z "$(tail -c 1 "$file" | tr '\n' x | tr -d x)" ] ||
			{ sed 's/$/\r/' "$file" | head -c -1; } \
				>"in/$shape.crlf"
	done
}

# The keys as peers read them: lines NAME, blank, record.
make_keys() {
	awk -F '"' '/^[^;]/ {
		split($1, word, " ")
		sub(/\.$/, "", word[1])
		text = ""
		for (i = 2; i <= NF; i += 2)
			text = text $i
		print word[1] " " text
	}' "$ZONE" >keys.txt
}

# we_sign FILE CANON TO KEY...
we_sign() {
	we_file=$1 we_canon=$2 we_to=$3
	shift 3
	for key in "$@"; do
		shift
		set -- "$@" -k "$key=keys/$key.pem"
	done
	dkim-sign -c "$we_canon" --sign-headers "$NAMES" --no-timestamp "$@" \
		<"$we_file" >"$we_to"
}

# Signed by vouch: vouch/SHAPE.EOL.CANON has a signature of each key,
# single/... has one, the first of r1024, but r2048 for the plain message.
make_ours() {
	mkdir vouch
	for file in in/*; do
		for canon in $CANONS; do
			to=vouch/${file##*/}.${canon%/*}-${canon#*/}
			case $file in
			in/plain.*) keys=$PLAIN_KEYS ;;
			*) keys=$KEYS ;;
			esac
			# shellcheck disable=SC2086 # words
			we_sign "$file" "$canon" "$to" $keys || return
		done
	done 2>warnings
	cp -R vouch single
	# The second field of the header goes.
	sed -i -s '1 {
		:one
		n
		/^[ \t]/b one
		:two
		N
		s/^.*\n\([ \t]\)/\1/
		t two
		s/^.*\n//
	}' single/*
	for eol in lf crlf; do
		for canon in $CANONS; do
			to=single/plain.$eol.${canon%/*}-${canon#*/}
			we_sign "in/plain.$eol" "$canon" "$to" r2048 || return
		done
	done
	! grep -c '^DKIM-Signature:' single/* | grep -v ':1$' >errors
}

# rows PEER WAY KEYS PLAIN_KEYS: turns lines FILE, tab, RESULT... (one a key)
# into rows PEER WAY SHAPE EOL CANON KEY RESULT.
rows() {
	awk -F '\t' -v peer="$1" -v way="$2" -v keys="$3" -v plain="$4" '{
		sub(/.*\//, "", $1)
		split($1, part, ".")
		sub(/-/, "/", part[3])
		n = split(part[4] ? part[4] : part[1] == "plain" ? plain : \
			keys, key, " ")
		for (i = 1; i <= n; i++)
			print peer "\t" way "\t" part[1] "\t" part[2] "\t" \
				part[3] "\t" key[i] "\t" ($(i + 1) ? $(i + 1) \
				: "none")
	}'
}

# verifies PEER COMMAND...: the peer verifies vouch's.
verifies() {
	verifies_peer=$1
	shift
	find vouch -type f | sort >list
	"$@" verify keys.txt list >verified 2>errors
	note "$verifies_peer: $(wc -l <verified) messages verified"
	rows "$verifies_peer" verify "$KEYS" "$PLAIN_KEYS" <verified >>all
}

# evaluate DIR OPTION...: vouch's results for the messages in a directory.
evaluate() {
	find "$1" -type f -size +0 | sort >list
	shift
	dkim-verify -r --zone "$ZONE" --files-from list "$@" 2>errors |
		sed "s/: dkim=\([a-z]*\).*/$TAB\1/"
}

# signs PEER COMMAND...: we verify what the peer signs with keys of $can.
signs() {
	signs_peer=$1
	shift
	mkdir "$signs_peer"
	printf '%s\n' in/* | awk -v OFS='\t' -v peer="$signs_peer" \
		-v canons="$CANONS" -v names="$NAMES" -v can="$can" \
		-v keys="$KEYS" -v plain="$PLAIN_KEYS" '{
		split(canons, canon, " ")
		n = split(/plain[.]/ ? plain : keys, key, " ")
		for (c = 1; c in canon; c++)
			for (k = 1; k <= n; k++) {
				if (!index(can, key[k]))
					continue
				split(canon[c], part, "/")
				print $0, peer substr($0, 3) "." part[1] "-" \
					part[2] "." key[k], part[1], part[2],
					key[k], "keys/" key[k] ".pem", names
			}
	}' >orders
	"$@" sign keys.txt orders 2>errors
	note "$signs_peer: $(find "$signs_peer" -type f | wc -l) of" \
		"$(wc -l <orders) messages signed"
	evaluate "$signs_peer" --now "$LATER" >evaluated
	# What was not signed has no line.
	cut -f 2 orders | awk -F '\t' 'NR == FNR { result[$1] = $2; next }
		{ print $1 "\t" result[$1] }' evaluated - |
		rows "$signs_peer" sign - - >>all
}

# opendkim-testmsg signs rsa-sha1, relaxed/simple, and without -C leaves the end
# of its text unterminated.
testmsg_signs() {
	mkdir testmsg
	for file in in/*; do
		case $file in
		in/plain.*) keys='r1024 r2048 r4096' ;;
		*) keys=r1024 ;;
		esac
		for key in $keys; do
			to=testmsg/${file##*/}.relaxed-simple.$key
			opendkim-testmsg -C -d example.org -s "$key" \
				-k "keys/$key.pem" <"$file" >"$to" 2>errors
		done
	done
	evaluate testmsg --now "$LATER" | rows testmsg sign - - >>all
	evaluate testmsg --legacy --now "$LATER" |
		rows testmsg legacy - - >>all
}

testmsg_verifies() {
	find single -type f | sort >list
	mkdir server
	"$PEERS/testmsg.sh" "$BUILD/tests/dnsd/dnsd" "$ZONE" server list \
		>verified 2>errors
	testmsg_status=$?
	[ "$testmsg_status" -eq 77 ] && return 77
	rows testmsg verify r1024 r2048 <verified >>all
	return "$testmsg_status"
}

# compare PEER WAY TITLE: what does not pass is explained, and what is explained
# does not pass.
compare() {
	awk -F '\t' -v peer="$1" -v way="$2" '
	function fits(column, pattern) {
		return pattern == "*" || pattern == column
	}
	function report(text) {
		print text
		bad = 1
	}
	FILENAME != "all" {
		if ($1 == peer && fits(way, $2))
			known[++n] = $0
		next
	}
	$1 != peer || $2 != way { next }
	{
		seen++
		explained = $7 == "pass"
		for (i = 1; i <= n; i++) {
			split(known[i], want, FS)
			if (!fits($3, want[3]) || !fits($4, want[4]) ||
			    !fits($5, want[5]) || !fits($6, want[6]))
				continue
			if ($7 == "pass")
				report("passes: " $0 ", but: " want[8])
			if ($7 != "pass" && fits($7, want[7])) {
				explained = 1
				used[i]++
			}
		}
		if (!explained)
			report("differs: " $0)
	}
	END {
		for (i = 1; i <= n; i++)
			if (!used[i])
				report("no longer true: " known[i])
		exit seen ? bad : 2
	}' "$DATA/peers/differs.tsv" all >differences
	compared $? "$1" "$3"
}

make_messages
make_keys
make_ours
result $? 'every message can be signed'
: >all

evaluate vouch --now "$NOW" | cut -f 2 | sort | uniq -c >evaluated
find vouch -type f | awk '{ n += /plain/ ? 4 : 2 }
	END { printf "%7d pass\n", n }' >wanted
same 'vouch passes each of its own signatures' wanted evaluated

# both PEER CAN COMMAND...: CAN, the keys that it can sign with.
both() {
	both_peer=$1 can=$2
	shift 2
	verifies "$both_peer" "$@"
	compare "$both_peer" verify "$both_peer passes what we sign"
	signs "$both_peer" "$@"
	compare "$both_peer" sign "we pass what $both_peer signs"
}

if "$PEERS/python" -c 'import ctypes; ctypes.CDLL("libopendkim.so.11")' 2>errors
then
	both libopendkim "$PLAIN_KEYS" "$PEERS/python" "$PEERS/opendkim.py"
else
	skip 'libopendkim agrees with us' 'no libopendkim'
fi

if "$PEERS/has" python dkim nacl; then
	both dkimpy "$PLAIN_KEYS" "$PEERS/python" "$PEERS/dkimpy.py"
else
	skip 'dkimpy agrees with us' 'no dkimpy'
fi

if "$PEERS/has" perl Mail::DKIM Net::DNS; then
	both maildkim 'r1024 r2048 r4096' perl "$PEERS/maildkim.pl"
else
	skip 'Mail::DKIM agrees with us' 'no Mail::DKIM'
fi

if command -v opendkim-testmsg >/dev/null; then
	testmsg_signs
	compare testmsg legacy \
		'we pass what opendkim-testmsg signs, before RFC 8301'
	compare testmsg sign 'we name the policy since RFC 8301'
	if testmsg_verifies; then
		compare testmsg verify 'opendkim-testmsg passes what we sign'
	else
		skip 'opendkim-testmsg passes what we sign' 'no namespaces'
	fi
else
	skip 'opendkim-testmsg agrees with us' 'no opendkim-testmsg'
fi
finish
