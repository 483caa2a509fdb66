# Completion of hl and every hl-* command in fish. It asks the commands themselves (--list-options), so it
# cannot fall behind them.

function __hl_command
    set -l words (commandline -opc)
    set -l command $words[1]
    if test (basename -- $command) = hl
        for word in $words[2..-1]
            if not string match -q -- '-*' $word
                set command hl-$word
                break
            end
        end
    end
    echo $command
end

function __hl_words
    set -l command (__hl_command)
    command -q $command; or return
    set -l current (commandline -ct)
    $command --list-options 2>/dev/null | while read -l line
        set -l parts (string split \t -- $line)
        set -l name (string replace -r '=.*' '=' -- $parts[1])
        if string match -q -- '-*' $name; and not string match -q -- '-*' $current
            continue
        end
        printf '%s\t%s\n' $name $parts[2]
    end
end

for command in hl (complete -C 'hl-' | string split -f1 \t)
    complete -c $command -a '(__hl_words)'
end
