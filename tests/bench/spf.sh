# spf.sh: spf-query; a part of run. Each query is of a domain of its own, with
# one of the records of data/spf-golden; so nothing is in a cache.
# shellcheck shell=sh
cat >shapes <<'END'
01-clean 198.51.100.7
02-nested 203.0.113.66
10-redirect-chain 203.0.113.12
19-macros 198.51.100.7
24-ipv6-only 2001:db8:1::26
28-long-record 192.0.2.19
02-nested 192.0.2.1
01-clean 203.0.113.9
END
count=0
while [ $count -lt 400 ]; do
	while read -r shape client; do
		count=$((count + 1))
		sed "s/example\.org/org$count.test/g
			s/example\.com/com$count.test/g
			s/\.example\([. \"]\)/.p$count.test\1/g" \
			"$DATA/spf-golden/$shape.zone" >&3
		echo "$client alice@org$count.test mail.sender.test"
	done <shapes
done >list 3>spf.zone
sed -n 2p list >first
start spf spf.zone

batch='spf-query --exit-map=fail=0 --authserv-id=mx.test --batch'
read -r ip sender helo <first
single="spf-query -Q -i $ip -f $sender -e $helo --authserv-id=mx.test"
zone=$DATA/spf-golden/02-nested.zone

# results_of FILE: the results in what spf-query or a peer has written
results_of() {
	sed 's/.*spf=//; s/[ 	].*//' "$1"
}

# against NAME LIBRARY PROGRAM...: a peer, if has_LANGUAGE LIBRARY
against() {
	against_name=$1
	shift
	"$@" "$port" list >theirs 2>theirs.err
	results_of theirs >results.theirs
	agree "$against_name" results.ours results.theirs
	measure "spf-query, a process a query, to $against_name" 10 /dev/null \
		"$single -n $SERVER" "$* $port first"
	measure "spf-query, $count queries in one process, to $against_name" \
		-n $count 2 /dev/null "$batch list -n $SERVER" \
		"$* $port list 2>theirs.err"
}

measure 'spf-query, by zone, to a program that does nothing' 50 /dev/null \
	"spf-query -Q -i 203.0.113.66 -f alice@example.org -z $zone" /bin/true
measure 'spf-query, by DNS, to a program that does nothing' 50 /dev/null \
	"$single -n $SERVER" /bin/true
measure "spf-query, $count queries by zone, to those by DNS" -n $count 5 \
	/dev/null "$batch list -z spf.zone" "$batch list -n $SERVER"
$batch list -n "$SERVER" >ours || exit 1
results_of ours >results.ours
if has_python 'spf, dns.resolver'; then
	against pyspf "$python" "$PEERS/spf-pyspf.py"
else
	absent 'spf-query to pyspf' 'pyspf with dnspython'
fi
if has_perl Mail::SPF; then
	against Mail::SPF perl "$PEERS/spf-mailspf.pl"
else
	absent 'spf-query to Mail::SPF' Mail::SPF
fi
# It queries the system's resolver, and its status is its result.
if ! command -v spfquery.libspf2 >found; then
	absent 'spf-query to libspf2' spfquery
elif ! can_be_alone; then
	absent 'spf-query to libspf2' unshare
else
	mkdir libspf2 && cd libspf2 && cp ../spf.zone zone || exit 1
	query="spfquery.libspf2 -ip $ip -sender $sender -helo $helo"
	alone sh -c "$query" 2>errors | sed q >results.theirs
	sed -n 2p ../results.ours >results.ours
	agree libspf2 results.ours results.theirs
	within=alone
	measure "spf-query, a process a query, to libspf2" 10 /dev/null \
		"$single" "$query; :"
	within=
	cd .. || exit 1
fi
