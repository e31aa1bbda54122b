# nameservers.sh: real name servers for a test, bind and knot, on loopback.
# Source it after lib.sh.
#
#	start_server SERVER COMMAND...
#				named or knotd begins to serve the zone $D of
#				$TMP/SERVER/zone at 127.0.0.1, port $port, until
#				stop_server or the end of the test. It takes
#				updates from this host. The command succeeds
#				once it answers
#	stop_server
#
# The test sets D, the zone's name.
# shellcheck shell=sh
# Servers are where PATH of users often does not lead.
PATH=$PATH:/usr/sbin:/usr/local/sbin

# ports: some that may be free, other ones for each test: named goes on without
# one that is in use, and another test's server would answer
ports() {
	for ports_from in 20000 23000 26000 29000; do
		echo $((ports_from + $$ % 3000))
	done
}

# start_named PORT, start_knotd PORT: in the background
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

start_server() {
	server_name=$1
	shift
	for port in $(ports); do
		"start_$server_name" "$port"
		serve_pids="$serve_pids $!"
		server_tries=0
		while [ $server_tries -lt 300 ] && kill -0 $! 2>/dev/null; do
			"$@" && return
			server_tries=$((server_tries + 1))
			sleep 0.1
		done
		stop_server
	done
	return 1
}

stop_server() {
	server_pid=${serve_pids##* }
	serve_pids=${serve_pids% *}
	kill "$server_pid" 2>/dev/null
	wait "$server_pid"
}
