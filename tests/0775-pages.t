#!/bin/sh
# The examples at the top of each tool's page are run, and print what the page
# shows, but for white space: pages fold lines. The tools get the zone, the report
# and the message of README's examples, signed for those that check it, and its
# time.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

# Each literal block of DESCRIPTION into NN.command and NN.output. A command
# goes on while a line of it ends with | or \.
split() {		# split PAGE
	sed -e 's/\\&//g' -e "s/\\\\(aq/'/g" -e 's/\\e/\\/g' "$1" | awk '
	function begin() {
		name = sprintf("%02d", ++n)
		printf "" >(name ".output")
		where = "command"
	}
	/^\.Sh/ { description = $2 == "DESCRIPTION" }
	/^\.Bd/ { literal = description }
	/^\.Ed/ { literal = 0 }
	/^\./ || !literal { next }
	sub(/^\$ /, "") { begin() }
	{
		print >(name "." where)
		if (where == "command" && !/[|\\]$/)
			where = "output"
	}'
}

# Without white space at the ends, and with one blank for any other.
words() {
	tr -s ' \t\n' ' ' | sed 's/^ //; s/ $//'
}

# A tool as the page calls it, but offline, if an option needs the DNS at all, and
# at a fixed time.
wrap() {		# wrap TOOL
	"$1" --help >"$TMP/help"
	asks=$(sed -n 's/^DNS (for \(.*\)):$/\1/p' "$TMP/help" |
		sed 's/, /* | */g')
	grep -q '^DNS' "$TMP/help" || asks=nothing
	now=
	grep -q -e --now= "$TMP/help" && now=--now=$NOW
	cat <<EOT
#!/bin/sh
case "\$*" in
*$asks*) set -- -z '$DATA/readme/zone' "\$@" ;;
esac
exec '$(command -v "$1")' $now "\$@"
EOT
}

mkdir "$TMP/offline" || exit 1
for tool in "$ROOT"/cmd/*/main.c; do
	tool=$(basename "${tool%/main.c}")
	wrap "$tool" >"$TMP/offline/$tool" && chmod 755 "$TMP/offline/$tool"
done
cp "$DATA"/readme/* "$TMP" && chmod 600 "$TMP/rsa.pem" && cd "$TMP" || exit 1
vbr-insert -T transaction -t certifier-a.example <message |
	dkim-sign -k r1=rsa.pem --no-timestamp >signed
# One that calls the others is given a zone by the page, and gets theirs from no
# wrapper.
for tool in "$ROOT"/cmd/*/main.sh; do
	tool=$(basename "${tool%/main.sh}")
	printf '#!/bin/sh\nPATH=%s\nexec %s "$@"\n' "'$PATH'" "$tool" \
		>"$TMP/offline/$tool" && chmod 755 "$TMP/offline/$tool"
done
PATH=$TMP/offline:$PATH

for page in "$ROOT"/man/*.1; do
	tool=$(basename "$page" .1)
	mkdir "$TMP/$tool" && cd "$TMP/$tool" || exit 1
	split "$page"
	cp "$TMP/rsa.pem" "$TMP/report.xml" . && cp "$TMP/zone" new.zone
	case $(sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$page") in
	*'.Pf < Ar message'*) cp "$TMP/message" message.eml ;;
	*) cp "$TMP/signed" message.eml ;;
	esac
	for file in *.command; do
		sh "$file" 2>&1 | words >got
		words <"${file%.*}.output" >want
		title=$(head -n 1 "$file")
		same "$tool(1) shows what this prints: $title" want got ||
			note "$(cat got)"
	done
	set -- *.command
	ok "$tool(1) has three examples at the top" test $# -ge 3
done
finish
