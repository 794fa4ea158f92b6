/** The shells there is a script for. */
export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/**
 * What makes a shell ask `exq complete` for what could come next. It answers a candidate a line, `value<tab>meaning`, or
 * `:files` where a file is wanted. The scripts know no command: they cannot be out of date.
 */
export const scripts: Readonly<Record<Shell, string>> = {
  // Bash cuts words at `:` and `=`: they are put together again, and what stands before the last cut is not repeated.
  // What a file is called may act on a shell: bash is told to quote it, or, where it is too old for that, we do.
  bash: `# Completion of exq for bash. To load it: source <(exq completion bash)
_exq() {
  local rest=\${COMP_LINE:0:COMP_POINT} words=() word blank line i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    blank=\${rest%%[![:space:]]*}
    rest=\${rest#"$blank"}
    if ((i == COMP_CWORD)); then word=$rest; fi
    rest=\${rest#"$word"}
    if [[ -n $blank || \${#words[@]} -eq 0 ]]; then
      words+=("$word")
    else
      words[\${#words[@]} - 1]+=$word
    fi
  done
  word=\${words[\${#words[@]} - 1]}
  local cut=
  if [[ $word == *[:=]* && $COMP_WORDBREAKS == *[:=]* ]]; then cut=\${word%"\${word##*[:=]}"}; fi
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      local as=%s
      compopt -o filenames 2>/dev/null || as=%q
      while IFS= read -r line; do
        printf -v line "$as" "$line"
        COMPREPLY+=("$line")
      done < <(compgen -f -- "\${word##*=}")
      return
    fi
    line=\${line%%$'\\t'*}
    COMPREPLY+=("\${line#"$cut"}")
  done < <("$1" complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _exq exq exequatur
`,
  zsh: `#compdef exq exequatur
# Completion of exq for zsh. To load it: source <(exq completion zsh), after compinit; or put it into a folder of $fpath as _exq
_exq() {
  local -a lines candidates
  local line word meaning
  lines=("\${(@f)$(\${(Q)words[1]} complete -- "\${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  for line in $lines; do
    if [[ $line == :files ]]; then
      compset -P '*='
      _files
      return
    fi
    word=\${\${line%%$'\\t'*}//:/\\\\:}
    meaning=\${line#*$'\\t'}
    candidates+=("$word\${meaning:+:$meaning}")
  done
  ((\${#candidates})) && _describe -V 'exq' candidates
}
if [[ $funcstack[1] == _exq ]]; then _exq "$@"; else compdef _exq exq exequatur; fi
`,
  fish: `# Completion of exq for fish. To load it: exq completion fish | source
function __exq_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] complete -- $words[2..-1] "$current" 2>/dev/null)
    if test "$lines[1]" = :files
        __fish_complete_path (string replace -r '^--[^=]*=' '' -- "$current")
    else
        printf '%s\\n' $lines
    end
end
complete -c exq -f -k -a '(__exq_complete)'
complete -c exequatur -f -k -a '(__exq_complete)'
`,
}
