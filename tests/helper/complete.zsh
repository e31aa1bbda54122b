# complete.zsh: what zsh offers at the end of each line: rows of its number, a
# tab, and what is offered.
#	zsh -f complete.zsh DIRECTORY LINE...
# DIRECTORY has the functions. Completion needs a line editor: a second zsh
# reads this file in a pty, and its compadd, which all completion ends in,
# prints what it is given and adds nothing.
if [[ -o interactive ]]; then
	PS1= PS2= RPS1= KEYTIMEOUT=1
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
	leave() { print left: && BUFFER= }
	zle -N leave
	bindkey '^I' complete-word '^X' leave
	print ready:
	return
fi

zmodload zsh/zpty || exit 77
typeset chunk all line
typeset -i number=0
typeset -x TERM=vt100 FPATH=$1:$FPATH
zpty peer zsh -f -i
zpty -n -w peer "source ${(q)0:A}"$'\n'
while zpty -r peer chunk && [[ $chunk != *ready:* ]]; do :; done
shift
for line; do
	(( number++ ))
	all=
	zpty -n -w peer $line$'\t\x18'
	while zpty -r peer chunk; do
		all+=$chunk
		[[ $chunk == *left:* ]] && break
	done
	for line in ${(f)all//$'\r'/}; do
		[[ $line == *offered:* ]] && print -r -- \
			$number$'\t'${line##*offered:}
	done
done
zpty -d peer
