#!/bin/sh
# What a comparison with a peer tells if it differs: with the version that the
# exceptions are of it fails, with another it is reported. All peers of the
# exceptions have a version.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/peers.sh
. "$ROOT/tests/peers.sh"
cd "$TMP" || exit 1

recorded=$(sed -n 's/^dkimpy	//p' "$DATA/peers/versions.tsv")
mkdir peers
printf '#!/bin/sh\ncat "%s/version"\n' "$TMP" >peers/version
chmod +x peers/version
echo 'differs: dkimpy case 17' >differences

# compares STATUS VERSION: what is printed, of a peer of that version
compares() {
	echo "$2" >version
	(
		PEERS=$TMP/peers test_count=0 test_failed=0
		compared "$1" dkimpy 'dkimpy agrees'
		finish
	) >out
}

ok "dkimpy has a version" test "$recorded"
exits 0 "the version of the exceptions agrees" compares 0 "$recorded"
has "that is a success" 'ok 1 - dkimpy agrees' out
lacks "without remarks" '# ' out
exits 1 "that version differs" compares 1 "$recorded"
has "that is a failure" 'not ok 1 - dkimpy agrees' out
has "with its differences" '# differs: dkimpy case 17' out
exits 0 "another version agrees" compares 0 99
same "that is a success, too" out - <<'END'
ok 1 - dkimpy agrees
1..1
END
exits 0 "another version differs" compares 1 99
has "that is reported" "ok 1 - dkimpy agrees # SKIP dkimpy 99 differs; \
exceptions are of $recorded" out
same "prove shows it" err - <<END
# 0325-peer-versions.t: dkimpy 99 differs; exceptions are of $recorded
END
has "with its differences, too" '# differs: dkimpy case 17' out
exits 1 "another version cannot be compared" compares 2 99
has "that is a failure, too" 'not ok 1 - dkimpy agrees' out

awk -F '\t' '
	/^#/ { next }
	FILENAME ~ /versions/ { version[$1] = $2; next }
	!($1 in version) { print $1 }' "$DATA/peers/versions.tsv" \
	"$DATA/peers/differs.tsv" "$DATA/peers/spf-differs.tsv" \
	"$DATA/peers/dmarc-differs.tsv" >unknown
same "each peer of the exceptions has a version" /dev/null unknown
finish
