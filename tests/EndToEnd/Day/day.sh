# An operator's day, told as it happens. DaySpecs runs it in a mount namespace of its own and keeps what it prints as docs/day.md.
# Given: DAY (an empty directory), PROGRAM (the published program), CODEX (codex itself),
# PROVIDER (a config.toml for the model on loopback).
set -uo pipefail

export HOME=$DAY/home CODEX_HOME=$DAY/home/.codex PLEXUM_PROFILE_ROOT=$DAY/home/.plexum
mkdir -p "$CODEX_HOME" "$PLEXUM_PROFILE_ROOT" "$DAY/bin" "$DAY/opt"
mount -t tmpfs -o size=96m,mode=700 tmpfs "$PLEXUM_PROFILE_ROOT"
ln -s "$CODEX" "$DAY/bin/codex"
export PATH=$DAY/opt/plexum-codex:$DAY/bin:/usr/bin:/bin
unset XDG_CONFIG_HOME XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS OPENAI_API_KEY CODEX_API_KEY
# Whatever fails, nothing goes on when the day is over: neither a turn nor the daemon.
trap 'touch "$DAY/c2" "$DAY/go"; plexum-codex daemon stop > /dev/null 2>&1' EXIT

step() { printf '\n## %s\n\n' "$1"; }

# Prints a command as a person would type it, what it prints, and ends the day if it does not exit as it should.
expect() {
    local wanted=$1 code=0
    shift
    printf '    $ %s\n' "$*"
    eval "$*" > "$DAY/output" 2>&1 || code=$?
    sed 's/^/    /' "$DAY/output"
    [ "$wanted" = 0 ] || printf '    (exit code %s)\n' "$code"
    if [ "$code" != "$wanted" ]; then
        printf '    (exit code %s, but it should be %s)\n' "$code" "$wanted"
        exit 1
    fi
}

# Waits for something that nobody types.
until_true() {
    local tries=0
    until eval "$*" > "$DAY/output" 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || { printf '    (%s never came true)\n' "$*"; sed 's/^/    /' "$DAY/output"; exit 1; }
        sleep 0.1
    done
}

# A person who tries again until it works; what is printed is what worked, and it is not done twice.
until_works() {
    until_true "$*"
    printf '    $ %s\n' "$*"
    sed 's/^/    /' "$DAY/output"
}

ended() { [ "$(plexum-codex turns --state ended --limit 500 --json | grep -o '"turn_id"' | wc -l)" -ge "$1" ]; }

bob_is_idle() { plexum-codex agents --json | tr '{' '\n' | grep '"agent_id": *"bob"' | grep -q '"state": *"idle"'; }

step "Install"
cp -r "$PROGRAM" "$DAY/opt/1"
ln -s 1 "$DAY/opt/plexum-codex"
expect 0 "plexum-codex install"
expect 0 "plexum-codex config check"
# There is no systemd of this user here to start the unit.
expect 0 "plexum-codex daemon start --detached"

step "The first run, without a login"
expect 2 "plexum-codex say --agent alice 'Good morning.'"
expect 0 "plexum-codex turns"

step "The login"
expect 0 "cp '$PROVIDER' ~/.codex/config.toml"
expect 0 "plexum-codex say --agent alice 'Good morning.'"
expect 0 "plexum-codex submit --agent alice --key morning-report 'The morning report.'"
MORNING=$(sed -n 1p "$DAY/output")
expect 0 "plexum-codex events $MORNING --follow"

step "Fifty agents"
for n in $(seq 50); do
    plexum-codex submit --agent "agent-$n" "Task $n" > /dev/null || exit 1
done
until_true "ended 52"
expect 0 "plexum-codex status"
expect 0 "plexum-codex usage --days 1"

step "The disk is full, while a turn runs"
expect 0 "plexum-codex submit --agent bob \$'!run touch $DAY/c1; until [ -e $DAY/c2 ]; do sleep 0.1; done; seq 20000\n!say Done.'"
COUNT=$(sed -n 1p "$DAY/output")
until_true "[ -e $DAY/c1 ]"
expect 1 "head -c 1G /dev/zero > ~/.plexum/filler"
expect 0 "touch $DAY/c2"
expect 1 "plexum-codex submit --agent alice 'Does this fit?'"
expect 0 "plexum-codex status"
until_true "bob_is_idle"

step "The disk has room again"
expect 0 "rm ~/.plexum/filler"
expect 1 "plexum-codex events $COUNT --follow | tail -n 2"
expect 0 "plexum-codex turns --agent bob"
until_works "plexum-codex say --agent alice 'And now?'"

step "An upgrade in the middle of a turn"
expect 0 "plexum-codex submit --agent alice \$'!run touch $DAY/begun; until [ -e $DAY/go ]; do sleep 0.1; done\n!say I was not disturbed.'"
LONG=$(sed -n 1p "$DAY/output")
until_true "[ -e $DAY/begun ]"
cp -r "$PROGRAM" "$DAY/opt/2"
expect 0 "ln -sfn 2 $DAY/opt/plexum-codex"
expect 0 "plexum-codex daemon restart"
expect 0 "touch $DAY/go"
expect 0 "plexum-codex events $LONG --follow"

step "A backup"
expect 0 "plexum-codex backup ~/evening.tar.zst"
plexum-codex turns --limit 500 --json > "$DAY/turns.before"
plexum-codex thread alice --json > "$DAY/thread.before"

step "The profile is lost"
expect 0 "plexum-codex daemon stop"
expect 0 "rm -rf ~/.plexum/* ~/.plexum/.restore-* ~/.codex/sessions"
expect 2 "plexum-codex status"

step "Restore"
expect 0 "plexum-codex restore ~/evening.tar.zst"
expect 0 "plexum-codex daemon start --detached"
plexum-codex turns --limit 500 --json > "$DAY/turns.after"
plexum-codex thread alice --json > "$DAY/thread.after"
expect 0 "cmp $DAY/turns.before $DAY/turns.after && echo 'Every turn is there.'"
expect 0 "cmp $DAY/thread.before $DAY/thread.after && echo 'So is the thread.'"
expect 0 "plexum-codex submit --agent alice --key morning-report 'The morning report.'"
[ "$(sed -n 1p "$DAY/output")" = "$MORNING" ] || { echo "    (another turn than in the morning)"; exit 1; }
expect 0 "plexum-codex say --agent alice '!recall'"
expect 0 "plexum-codex daemon stop"
printf '\nNothing was lost.\n'
