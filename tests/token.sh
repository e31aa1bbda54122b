# token.sh: a PKCS#11 token of SoftHSM. Source it after lib.sh; it works in the
# current directory.
#
#	has_softhsm		are its programs and its module there?
#	make_token KEYFILE	the token "mail" with the RSA key r2048. $url is
#				the key, the file pin has the PIN of the token
#	sees_token		p11-kit knows the module, so that it is found
# shellcheck shell=sh

has_softhsm() {
	command -v softhsm2-util >/dev/null &&
		command -v p11tool >/dev/null || return
	for softhsm_module in /usr/lib/softhsm/libsofthsm2.so \
		/usr/lib/*/softhsm/libsofthsm2.so \
		/usr/lib*/pkcs11/libsofthsm2.so \
		/usr/local/lib/softhsm/libsofthsm2.so; do
		[ ! -f "$softhsm_module" ] || return 0
	done
	return 1
}

make_token() {
	mkdir tokens
	SOFTHSM2_CONF=$PWD/softhsm.conf
	export SOFTHSM2_CONF
	printf 'directories.tokendir = %s\nobjectstore.backend = file\n' \
		"$PWD/tokens" >"$SOFTHSM2_CONF"
	softhsm2-util --init-token --free --label mail --pin 1234 \
		--so-pin 5678 >log 2>&1
	softhsm2-util --import "$1" --token mail --label r2048 --id 01 \
		--pin 1234 >>log 2>&1
	echo 1234 >pin
	# shellcheck disable=SC2034 # for the test
	url='pkcs11:token=mail;object=r2048;type=private'
}

sees_token() {
	p11tool --list-tokens 2>/dev/null | grep -q 'token=mail'
}
