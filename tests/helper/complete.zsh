# complete.zsh: what zsh offers at the end of a line, one a line.
#	zsh -f complete.zsh DIRECTORY LINE
# DIRECTORY has the functions. Completion needs a line editor: a second zsh
# reads this file in a pty, and its compadd, which all completion ends in,
# prints what it is given and adds nothing.
if [[ -o interactive ]]; then
	PS1= PS2= RPS1=
	autoload -Uz compinit && compinit -u -C
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
	leave() { print left: && exit }
	zle -N leave
	bindkey '^I' complete-word '^X' leave
	print ready:
	return
fi

zmodload zsh/zpty || exit 77
typeset chunk all
typeset -x TERM=vt100 FPATH=$1:$FPATH
zpty peer zsh -f -i
zpty -n -w peer "source ${(q)0:A}"$'\n'
while zpty -r peer chunk && [[ $chunk != *ready:* ]]; do :; done
zpty -n -w peer $2$'\t\x18'
while zpty -r peer chunk && [[ $chunk != *left:* ]]; do
	all+=$chunk
done
zpty -d peer
print -r -- ${all//$'\r'/} | sed -n 's/.*offered://p' | sort -u
