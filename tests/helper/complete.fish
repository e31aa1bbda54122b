# complete.fish: what fish offers at the end of each line: rows of its number, a
# tab, and what is offered.
#	fish --no-config complete.fish DIRECTORY LINE...
# DIRECTORY has what is made for fish, one file a tool.
for file in $argv[1]/*
    source $file
end
set number 0
for line in $argv[2..]
    set number (math $number + 1)
    set typed (string split ' ' -- $line)[-1]
    for offer in (complete -C $line)
        # After the options that begin with what is typed, fish 4 offers those
        # that have it elsewhere.
        if string match -q -- '--*' $offer
            and not string match -q -- "$typed*" $offer
            continue
        end
        printf '%s\t%s\n' $number $offer
    end
end
