# complete.bash: what bash offers at the end of a line, one a line.
#	bash complete.bash DIRECTORY LINE
# DIRECTORY has the functions, one file a tool. Calls the tool's as readline
# would: words end at white space and at =, < and >.
tool=${2%% *}
# shellcheck source=/dev/null
source "$1/$tool" || exit
line=${2//=/ = }
line=${line//</ < }
line=${line//>/ > }
read -r -a COMP_WORDS <<<"$line"
if [[ $2 == *' ' ]]; then COMP_WORDS+=(''); fi
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$2 COMP_POINT=${#2}
function_name=$(complete -p "$tool" | sed 's/.*-F \([^ ]*\).*/\1/')
"$function_name" "$tool" "${COMP_WORDS[COMP_CWORD]}" \
	"${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}" | sort -u
