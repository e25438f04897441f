#!/usr/bin/env bash
# Runs the block of gpu/README.md as a reader would: line by line, from the root, in a new virtual environment.
set -euo pipefail
cd "$(dirname "$0")/.."
environment=$(mktemp -d)
trap 'rm -rf "$environment"' EXIT
python3 -m venv "$environment"
export PATH="$environment/bin:$PATH"
while IFS= read -r line; do
  echo "\$ $line"
  bash -c "$line"
done < <(awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' gpu/README.md)
