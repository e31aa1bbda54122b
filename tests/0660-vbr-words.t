#!/bin/sh
# What vbr-check says beside its verdict (data/vbr-words): lists that are cut,
# what is invalid in a field, and with -v which results were taken, what each
# certifier answered. All of it by zone.
# shellcheck source=tests/lib.sh disable=SC2317,SC2119,SC2120
. "${0%/*}/lib.sh"
# shellcheck source=tests/cases.sh
. "${0%/*}/cases.sh"
cd "$DATA/vbr-words" || exit 1

vbr() {
	vbr-check --authserv-id=mx.example.net --now="$NOW" -z zone "$@"
}

try_cases vbr
finish
