# complete.bash: what bash offers at the end of each line: rows of its number, a
# tab, and what is offered.
#	bash complete.bash DIRECTORY LINE...
# DIRECTORY has the functions, one file a tool. Calls the tool's as readline
# would: words end at white space and at =, :, < and >.
for tool in "$1"/*; do
	# shellcheck source=/dev/null
	source "$tool" || exit
done
shift
number=0
for text; do
	number=$((number + 1))
	tool=${text%% *}
	line=${text//=/ = }
	line=${line//:/ : }
	line=${line//</ < }
	line=${line//>/ > }
	read -r -a COMP_WORDS <<<"$line"
	if [[ $text == *' ' ]]; then COMP_WORDS+=(''); fi
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$text
	COMP_POINT=${#text} COMPREPLY=()
	[[ $(complete -p "$tool") =~ -F\ ([^ ]*) ]] || exit
	"${BASH_REMATCH[1]}" "$tool" "${COMP_WORDS[COMP_CWORD]}" \
		"${COMP_WORDS[COMP_CWORD - 1]}"
	if ((${#COMPREPLY[@]})); then
		printf "$number\t%s\n" "${COMPREPLY[@]}"
	fi
done
