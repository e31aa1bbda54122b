# nameservers.sh: real name servers for a test, bind and knot, on loopback.
# Source it after lib.sh.
#
#	ports			some that may be free, other ones for each
#				test: named goes on without one that is in use,
#				and another test's server would answer
#
# The test sets D, the zone's name.
# shellcheck shell=sh
# Servers are where PATH of users often does not lead.
PATH=$PATH:/usr/sbin:/usr/local/sbin

ports() {
	for ports_from in 20000 23000 26000 29000; do
		echo $((ports_from + $$ % 3000))
	done
}

# start_named PORT, start_knotd PORT: in the background, with the zone $D of
# $TMP/named/zone or $TMP/knotd/zone, which takes updates from this host
start_named() {
	cat >named.conf <<-EOF
	options {
		directory "$TMP/named";
		listen-on port $1 { 127.0.0.1; };
		listen-on-v6 { none; };
		pid-file none;
		session-keyfile none;
		recursion no;
		notify no;
		dnssec-validation no;
	};
	controls { };
	zone "$D" {
		type primary;
		file "zone";
		allow-update { 127.0.0.1; };
	};
	EOF
	named -g -c named.conf >named.log 2>&1 &
}
start_knotd() {
	cat >knot.conf <<-EOF
	server:
	    listen: 127.0.0.1@$1
	    rundir: "$TMP/knotd"
	    udp-workers: 1
	    tcp-workers: 1
	    background-workers: 1
	database:
	    storage: "$TMP/knotd"
	acl:
	  - id: update
	    address: 127.0.0.1
	    action: update
	zone:
	  - domain: $D
	    storage: "$TMP/knotd"
	    file: zone
	    acl: update
	EOF
	knotd -c knot.conf >knotd.log 2>&1 &
}
