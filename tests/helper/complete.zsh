# complete.zsh: what zsh offers at the end of a line, one a line.
#	zsh -f complete.zsh DIRECTORY LINE
# DIRECTORY has the functions. A second zsh runs in a pty, as completion needs
# a line editor; its compadd, which all completion ends in, prints what it is
# given and adds nothing.
zmodload zsh/zpty || exit 77
typeset chunk all
TERM=vt100 zpty peer zsh -f -i
{
	zpty -w peer 'PS1= PROMPT2= RPS1=; stty -echo
	fpath=('"${(q)1}"' $fpath)
	autoload -Uz compinit && compinit -u -C
	bindkey "^I" complete-word
	compadd() {
		local -a hits
		if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
			builtin compadd "$@"
			return
		fi
		builtin compadd -A hits "$@"
		(( $#hits )) && print -rl -- "offered:"${^hits}
		return 1
	}
	leave() { print "left:"; exit; }
	zle -N leave
	bindkey "^X" leave
	print "ready":'
	zpty -r peer chunk '*ready:*'
	zpty -n -w peer "$2"$'\t\x18'
	while zpty -r peer chunk && [[ $chunk != *left:* ]]; do
		all+=$chunk
	done
} always {
	zpty -d peer
}
print -r -- ${all//$'\r'/} | sed -n 's/.*offered://p' | sort -u
