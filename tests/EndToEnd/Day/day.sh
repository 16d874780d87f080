# An operator's day, told as it happens. DaySpecs runs it in a mount namespace of its own and keeps what it prints as docs/day.md.
# Given: HOME (with nothing in it but provider/config.toml, for the model on loopback), PROGRAM (the published program), CODEX (codex itself).
set -uo pipefail

export CODEX_HOME=$HOME/.codex PLEXUM_PROFILE_ROOT=$HOME/.plexum
mkdir -p "$CODEX_HOME" "$PLEXUM_PROFILE_ROOT" "$HOME/bin" "$HOME/opt"
mount -t tmpfs -o size=96m,mode=700 tmpfs "$PLEXUM_PROFILE_ROOT"
ln -s "$CODEX" "$HOME/bin/codex"
export PATH=$HOME/opt/plexum-codex:$HOME/bin:/usr/bin:/bin
unset XDG_CONFIG_HOME XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS OPENAI_API_KEY CODEX_API_KEY
# Whatever fails, nothing goes on when the day is over: neither a turn nor the daemon.
trap 'touch "$HOME/count-on" "$HOME/go-on"; plexum-codex daemon stop > /dev/null 2>&1' EXIT

# What begins: its name, and what cannot be seen from the commands.
step() {
    printf '\n## %s\n\n' "$1"
    [ $# = 1 ] || printf '%s\n\n' "$2"
}

# Prints a command as a person would type it, what it prints, and ends the day if it does not exit as it should.
expect() {
    local wanted=$1 code=0
    shift
    printf '    $ %s\n' "$*"
    eval "$*" > "$HOME/.output" 2>&1 || code=$?
    sed 's/^/    /' "$HOME/.output"
    [ "$wanted" = 0 ] || printf '    (exit code %s)\n' "$code"
    if [ "$code" != "$wanted" ]; then
        printf '    (exit code %s, but it should be %s)\n' "$code" "$wanted"
        exit 1
    fi
}

# Waits for something that nobody types.
until_true() {
    local tries=0
    until eval "$*" > "$HOME/.output" 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || { printf '    (%s never came true)\n' "$*"; sed 's/^/    /' "$HOME/.output"; exit 1; }
        sleep 0.1
    done
}

# A person who tries again until it works; what is printed is what worked, and it is not done twice.
until_works() {
    until_true "$*"
    printf '    $ %s\n' "$*"
    sed 's/^/    /' "$HOME/.output"
}

ended() { [ "$(plexum-codex turns --state ended --limit 500 --json | grep -o '"turn_id"' | wc -l)" -ge "$1" ]; }

nothing_runs() { plexum-codex status | grep -q '^slots  *0 of'; }

step "Install" "There is no systemd of this user here to start the unit, so the daemon is started without one."
expect 0 "cp -r '$PROGRAM' ~/opt/1 && ln -s 1 ~/opt/plexum-codex"
expect 0 "plexum-codex install"
expect 0 "plexum-codex config check"
expect 0 "plexum-codex daemon start --detached"

step "The first run, without a login"
expect 2 "plexum-codex say --agent alice 'Good morning.'"
expect 0 "plexum-codex turns"

step "The login" "A provider on loopback, which needs no login of codex's."
expect 0 "cp ~/provider/config.toml ~/.codex/config.toml"
expect 0 "plexum-codex say --agent alice 'Good morning.'"
expect 0 "plexum-codex submit --agent alice --key morning-report 'The morning report.'"
MORNING=$(sed -n 1p "$HOME/.output")
expect 0 "plexum-codex events $MORNING --follow"

step "Fifty agents"
expect 0 'for n in $(seq 50); do plexum-codex submit --agent "agent-$n" "Task $n" || exit; done | wc -l'
until_true "ended 52"
expect 0 "plexum-codex status"
expect 0 "plexum-codex usage --days 1"

step "The disk is full, while a turn runs" "The profile is on a file system of its own, of 96 MiB."
expect 0 "plexum-codex submit --agent bob \$'!run touch ~/counting; until [ -e ~/count-on ]; do sleep 0.1; done; seq 20000\n!say Done.'"
COUNT=$(sed -n 1p "$HOME/.output")
until_true "[ -e ~/counting ]"
expect 1 "head -c 1G /dev/zero > ~/.plexum/filler"
expect 0 "touch ~/count-on"
expect 1 "plexum-codex submit --agent alice 'Does this fit?'"
expect 0 "plexum-codex status"
expect 1 "plexum-codex doctor | grep -A 1 '^no' | sed -n 1,8p"
until_true "nothing_runs"

step "The disk has room again" "The turn that could not go on has ended, and says why."
expect 0 "rm ~/.plexum/filler"
expect 1 "plexum-codex events $COUNT --follow"
expect 0 "plexum-codex turns --agent bob"
until_works "plexum-codex say --agent alice 'And now?'"

step "An upgrade in the middle of a turn" "The new version is the same build in another directory."
expect 0 "plexum-codex submit --agent alice \$'!run touch ~/begun; until [ -e ~/go-on ]; do sleep 0.1; done\n!say I was not disturbed.'"
LONG=$(sed -n 1p "$HOME/.output")
until_true "[ -e ~/begun ]"
expect 0 "cp -r '$PROGRAM' ~/opt/2 && ln -sfn 2 ~/opt/plexum-codex"
expect 0 "plexum-codex daemon restart"
expect 0 "touch ~/go-on"
expect 0 "plexum-codex events $LONG --follow"

step "A backup"
expect 0 "plexum-codex backup ~/evening.tar.zst"
expect 0 "plexum-codex turns --limit 500 --json > ~/turns.before"
expect 0 "plexum-codex thread alice --json > ~/thread.before"

step "The profile is lost" "And with it the threads that codex has recorded."
expect 0 "plexum-codex daemon stop"
expect 0 "rm -rf ~/.plexum/* ~/.codex/sessions"
expect 2 "plexum-codex status"

step "Restore" "A backup has no workspaces; the agent is told that its own is new."
expect 0 "plexum-codex restore ~/evening.tar.zst"
expect 0 "plexum-codex daemon start --detached"
expect 0 "plexum-codex turns --limit 500 --json > ~/turns.after"
expect 0 "plexum-codex thread alice --json > ~/thread.after"
expect 0 "cmp ~/turns.before ~/turns.after && echo 'Every turn is there.'"
expect 0 "cmp ~/thread.before ~/thread.after && echo 'So is the thread.'"
expect 0 "plexum-codex submit --agent alice --key morning-report 'The morning report.'"
[ "$(sed -n 1p "$HOME/.output")" = "$MORNING" ] || { echo "    (another turn than in the morning)"; exit 1; }
expect 0 "plexum-codex say --agent alice '!recall'"
expect 0 "plexum-codex daemon stop"
printf '\nNothing was lost.\n'
