# check.sh: domain-check on zone files, beside spf-query on the same; a part of
# run. It reads all that the others read, and tries what it proposes: at most 3
# is wanted.
# shellcheck shell=sh
sed -e 's/^\([^;][^ ]*\) /\1 IN /' -f "$DATA/domain-check/keys.sed" \
	"$DATA/domain-check/sound.zone" >sound.zone
{
	grep -v -e '^example.org. IN TXT' -e '^_dmarc' sound.zone
	printf 'example.org. IN TXT "v=spf1'
	printf ' include:i%d.test' 1 2 3 4 5 6 7 8 9
	echo ' all"'
	echo '_dmarc.example.org. IN TXT "v=DMARC1; p=none"'
	for i in 1 2 3 4 5 6 7 8 9; do
		printf 'i%d.test. IN TXT "v=spf1' $i
		printf " ip4:198.51.10$i.%d" 1 2 3 4 5 6 7 8 9
		printf ' include:j%d.test ~all"\n' $i
		echo "j$i.test. IN TXT \"v=spf1 a:h$i.test ~all\""
		echo "h$i.test. IN A 198.51.100.$i"
		echo "h$i.test. IN AAAA 2001:db8::$i"
	done
} >broken.zone
{
	cat sound.zone
	i=0
	while [ $i -lt 2000 ]; do
		i=$((i + 1))
		echo "n$i.example.org. IN A 192.0.2.1"
		echo "_dmarc.n$i.example.org. IN TXT \"v=DMARC1; p=none\""
	done
} >large.zone

for shape in sound broken large; do
	measure "domain-check on a $shape zone, to spf-query" 50 /dev/null \
		"domain-check -q --exit-map=fail=0,permerror=0 -z $shape.zone \
-s r1 example.org" \
		"spf-query -Q --exit-map=permerror=0,fail=0 -z $shape.zone \
-i 192.0.2.1 -f x@example.org -e mail.sender.test"
done
i=0
while [ $i -lt 200 ]; do
	i=$((i + 1))
	sed "s/example\.org/org$i.test/g" sound.zone
	echo "org$i.test" >&3
	echo "192.0.2.1 x@org$i.test mail.sender.test" >&4
done 3>domains 4>queries >many.zone
measure "domain-check on 200 sound domains, to spf-query" -n 200 10 /dev/null \
	'domain-check -q --exit-map=fail=0 -z many.zone --domains-from=domains' \
	'spf-query --exit-map=fail=0 --authserv-id=mx.test --batch queries \
-z many.zone'
