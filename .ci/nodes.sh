# Nodes in the background for the scripts beside this one; read by them, never run. They run from the project's root.
# Only processes that were started here are stopped, by pid.
# shellcheck shell=bash

script=${0##*/}
work=$(mktemp -d)
pids=()
cleanup_nodes() {
    for pid in "${pids[@]}"; do kill -9 "$pid" 2> /dev/null || true; done
}
cleanup() {
    cleanup_nodes
    rm -rf "$work"
}
trap cleanup EXIT

fail() {
    echo "$script: $*" >&2
    tail -n 20 "$work"/*.log >&2 || true
    exit 1
}

# Starts a node in the background; its data goes to the temporary directory. Sets $node.
start() { # name, arguments of kvd start
    local name=$1
    shift
    bin/kvd start "$@" --data-dir "$work/$name" >> "$work/${name%/*}.log" 2>&1 &
    node=$!
    pids+=("$node")
}

# Tries a command until it succeeds, for at most a minute.
eventually() {
    for _ in $(seq 120); do
        if "$@" > "$work/last" 2>&1; then return 0; fi
        sleep 0.5
    done
    cat "$work/last" >&2
    fail "did not succeed within a minute: $*"
}

# Waits, for at most a minute, until the process has ended; sets $code to its exit code.
ended() { # pid
    eventually gone "$1"
    code=0
    wait "$1" || code=$?
}
gone() { ! kill -0 "$1" 2> /dev/null; }

expect() { # wanted, command
    local wanted=$1 got
    shift
    got=$("$@") || fail "failed: $*"
    [ "$got" = "$wanted" ] || fail "wanted '$wanted', got '$got' from: $*"
}

# The name of the member that leads, as the members at these addresses say.
leader_of() { # endpoints
    bin/kvctl -e "$1" status -o json | grep -o '"name":"n[123]"[^}]*"role":"leader"' | grep -o 'n[123]' | head -n 1
}
