#!/bin/sh
# Puts the program next to this file into the profile (PLEXUM_PROFILE_ROOT, else ~/.plexum) as its plugin plexum-openai-provider.
# An existing config.json stays as it is. "plexum-codex install-plugin --help" says more.
exec "$(dirname -- "$0")/plexum-codex" install-plugin "$@"
