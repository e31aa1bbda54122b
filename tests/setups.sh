# setups.sh: the zones of data/domain-check/cases, for the tests that source it
# after lib.sh.
#	setups COMMAND	for each case sets $title, $score, $no, $open, $has,
#			$lacks, $mends and $args (shell words: options and
#			domain), writes its zone to $TMP/zone, a record a line
#			as domain-check writes it, and runs the command
# shellcheck shell=sh disable=SC2034 # variables of the command
SETUPS=$DATA/domain-check

setups_zone() {
	grep -v -E "${drop:-^$}" "$SETUPS/$zone" >"$TMP/template"
	printf '%s' "$add" >>"$TMP/template"
	sed -e 's/^\([^;][^ ]*\) /\1 IN /' -f "$SETUPS/keys.sed" \
		"$TMP/template" >"$TMP/zone"
}

setups_run() {
	[ -n "$title" ] || return
	[ -n "$score" ] || score='5-5 of 5'
	setups_zone
	"$@"
}

setups_begin() {
	title=$1 zone=sound.zone drop='' add='' args='-s r1 example.org'
	score='' no='' open='' has='' lacks='' mends=''
}

setups_newline='
'

setups() {
	setups_begin ''
	while IFS= read -r setups_line <&3; do
		setups_value=${setups_line#*:}
		setups_value=${setups_value# }
		case $setups_line in
		case:*)
			setups_run "$@"
			setups_begin "$setups_value"
			;;
		zone:*) zone=$setups_value ;;
		drop:*) drop=${drop:+$drop|}$setups_value ;;
		add:*) add=$add$setups_value$setups_newline ;;
		args:*) args=$setups_value ;;
		score:*) score=$setups_value ;;
		no:*) no=$setups_value ;;
		open:*) open=$setups_value ;;
		has:*) has=$setups_value ;;
		lacks:*) lacks=$setups_value ;;
		mends:*) mends=$setups_value ;;
		esac
	done 3<"$SETUPS/cases"
	setups_run "$@"
}
