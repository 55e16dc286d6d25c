# SPDX-License-Identifier: MIT
# Completion of undis(1) for bash. Words come from the program itself: its commands from --help, the
# options of each from its own, so that nothing here grows old.

_undis_options() {
    "$1" "$2" --help 2>/dev/null | grep -oE -- '(^|[ ,[])--?[a-z][a-z-]*' | grep -oE -- '--?[a-z-]+' |
        sort -u
}

_undis_commands() {
    "$1" --help 2>/dev/null | awk '/^  [a-z]/ { print $1 }'
}

_undis_adapters() {
    "$1" adapters 2>/dev/null | grep -v '^ '
}

# What stands behind "run ... OPTION".
_undis_values() {
    case $1 in
    --top | --bottom) echo "null tap: tun: pcap: pcapng: wire: ringnic:" ;;
    --miniport) echo "portnic ringnic ringnic5" ;;
    --filter) echo "pass capture" ;;
    --protocol) echo "frames frames5" ;;
    --fault) echo "each stack: nth: random:" ;;
    --sanitize) echo "address thread undefined races" ;;
    --tier) echo "T0 T1 T2" ;;
    *) return 1 ;;
    esac
}

_undis() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local undis=${COMP_WORDS[0]} command=${COMP_WORDS[1]} words=""

    compopt -o default 2>/dev/null
    if [ "$COMP_CWORD" -eq 1 ]; then
        words=$(_undis_commands "$undis")
    elif words=$(_undis_values "$before"); then
        case $before in --top | --bottom | --fault) compopt -o nospace 2>/dev/null ;; esac
    elif [[ $word == -* ]]; then
        words=$(_undis_options "$undis" "$command")
    else
        case $command in
        stats) words=$(_undis_adapters "$undis") ;;
        oid)
            case $before in
            oid) words=$(_undis_adapters "$undis") ;;
            get | set) words=$("$undis" oid --list | awk '{ print $2 }') ;;
            *) words="get set" ;;
            esac
            ;;
        device) [ "$before" = device ] && words="open read write ioctl" ;;
        api) words=$("$undis" api --list | awk '{ print $1 }') ;;
        rules) words=$("$undis" rules 2>/dev/null | awk '{ print $1 }') ;;
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _undis undis undis-asan undis-tsan
