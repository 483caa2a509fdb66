# Completion of hl and every hl-* command in bash. It asks the commands themselves (--list-options), so
# it cannot fall behind them.

_hl_words() { # COMMAND: its options and verbs, one a line, without help
	"$1" --list-options 2>/dev/null | cut -f1
}

_hl() {
	local command=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} at=1 words
	COMPREPLY=()
	if [[ $(basename -- "$command") == hl ]]; then
		while ((at < COMP_CWORD)) && [[ ${COMP_WORDS[at]} == -* ]]; do ((at++)); done
		if ((at < COMP_CWORD)); then
			command=hl-${COMP_WORDS[at]}
		fi
	fi
	type -P -- "$command" >/dev/null || return
	words=$(_hl_words "$command" | sed 's/=.*/=/')
	if [[ $current != -* ]]; then
		words=$(grep -v '^-' <<<"$words")
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	if ((${#COMPREPLY[@]} == 0)); then
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
	fi
	[[ ${COMPREPLY[0]:-} == *= ]] && compopt -o nospace
}

for _hl_path in hl $(compgen -c hl- | sort -u); do
	complete -o filenames -F _hl "$_hl_path"
done
unset _hl_path
