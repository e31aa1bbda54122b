# growth.sh: how the work of a tool grows with its input. Source it after lib.sh.
#
#	growths			lines TITLE|SHAPE|SIZE|COMMAND, the input on stdin
#				and in the file "input"; of the lines of a title
#				the first one shows most
#	growth SHAPE SIZE COMMAND
#				$growth: 1, and the instructions for an octet of
#				the second half of an input of this size, divided
#				by those for one of the first half (but for its
#				beginning, an eighth, with what any run takes).
#				Fails if the tool cannot be measured.
#	can_count		Is there something that counts instructions?
#
# 2 is linear, 4 is quadratic. Instructions are counted by callgrind: that is the
# same in each run, however busy the machine is.
# shellcheck shell=sh disable=SC2034

growths() {
	growths_envelope='-i 192.0.2.1 -f a@example.org --authserv-id=mx.test'
	growths_spf='-Q -i 192.0.2.1 -f a@example.org -e mail.test -z input'
	growths_trust="-j --trust-authres --authserv-id=mx.test -z $ZONE"
	growths_sign='dkim-sign -k ed=keys/ed25519.pem'
	while IFS='|' read -r title shape size command; do
		eval "command=\"$command\""
		# shellcheck disable=SC2154 # set by eval
		echo "$title|$shape|$size|$command"
	done <<-'END'
	10,000 header fields|fields|10000|dkim-verify -r -z $ZONE -
	10,000 header fields|named-alike|10000|$growths_sign -d example.org --sign-headers=-Received
	10,000 header fields|results-fields|10000|dkim-verify -a --authserv-id=mx.test -z $ZONE
	10,000 header fields|results-fields|10000|dmarc-eval $growths_trust -
	10,000 header fields|received|10000|spf-query -r --authserv-id=mx.test -z $ZONE -
	1,000 signatures|signatures|1000|dkim-verify -r --max-signatures=999 -z $ZONE -
	1,000 signatures|signatures|1000|dmarc-eval -r $growths_envelope -z $ZONE -
	a tag list of 1 MiB|tags|1048576|dkim-verify -r -z $ZONE -
	a tag list of 1 MiB|tag|1048576|dkim-verify -r -z $ZONE -
	a tag list of 1 MiB|vbr-tags|1048576|vbr-check -r -t c1.test $growths_envelope -z $ZONE -
	a tag list of 60 KB|tag|60000|dkim-verify -r -z $ZONE -
	an address list of 64 KiB|addresses|65536|dmarc-eval -r $growths_envelope -z $ZONE -
	an address list of 64 KiB|addresses|65536|$growths_sign -d example.org
	an address list of 64 KiB|comments|65536|$growths_sign
	an address list of 64 KiB|quotes|65536|dmarc-eval -r $growths_envelope -z $ZONE -
	an address list of 64 KiB|labels|65536|dmarc-eval -r $growths_envelope -z $ZONE -
	a zone of 20,000 records|zone|20000|spf-query $growths_spf
	a zone of 20,000 records|zone-below|20000|domain-check -z input example.org
	a zone of 20,000 records|zone-below|20000|dkim-verify -r -z input $DATA/message.eml
	a zone of 20,000 records|zone|20000|domain-check -j -z input example.org
	a trusted field of 2 MiB|comment|2097152|dmarc-eval $growths_trust -
	a trusted field of 2 MiB|results|2097152|dmarc-eval $growths_trust -
	a trusted field of 2 MiB|folds|2097152|dmarc-eval $growths_trust -
	a trusted field of 2 MiB|comment|2097152|vbr-check -t c1.test $growths_trust -
	END
}

can_count() {
	command -v valgrind >/dev/null &&
		! grep -q "__[at]san_init" "$(command -v dkim-verify)"
}

# instructions SHAPE SIZE COMMAND: prints how many the tool executes
instructions() {
	awk -v shape="$1" -v size="$2" -f "$ROOT/tests/growth.awk" </dev/null \
		>input || return
	# shellcheck disable=SC2086 # words
	valgrind --tool=callgrind --callgrind-out-file=/dev/null $3 <input \
		2>&1 >/dev/null | sed -n 's/^==.*== Collected : \([0-9]*\)$/\1/p'
}

growth() {
	growth=$(
		for growth_size in $(($2 / 16)) $(($2 / 2)) "$2"; do
			instructions "$1" "$growth_size" "$3"
		done | awk '
		{ n[NR] = $1 }
		END {
			if (NR == 3 && n[2] > n[1])
				printf "%.2f", 1 + (n[3] - n[2]) / (n[2] - n[1]) * 7 / 8
		}'
	)
	[ "$growth" ]
}
