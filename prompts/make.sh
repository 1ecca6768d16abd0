#!/usr/bin/env bash
# Makes the spoken prompts: prompts/LANGUAGE.txt becomes DIRECTORY/LANGUAGE/NAME.wav. Only what changed is made again.
# Usage: prompts/make.sh [DIRECTORY]      (default: build/prompts)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
missing=()
for tool in espeak-ng sox python3; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "prompts: ${missing[*]} missing; 'make prompts' installs them, or: apt-get install ${missing[*]}" >&2
  exit 1
fi
exec python3 "$here/make.py" "$here" "${1:-$here/../build/prompts}"
