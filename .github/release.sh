#!/usr/bin/env bash
# Attaches the files of the newest release in dist/ to a release on GitHub, unless it is there already.
# The workflow `release` runs it. It needs gh (GitHub's command), python3 and sha256sum.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(python3 -c 'import json; print(*[*json.load(open("cards/released.json"))["releases"]][-1:])')
if [ -z "$version" ]; then
  echo "nothing is released yet"
  exit
fi
if gh release view "$version" >/dev/null 2>&1; then
  echo "$version is there already"
  exit
fi

cd dist
sums=$(echo *-"${version//./-}.sha256")
name=${sums%.sha256}
sha256sum --check --strict "$sums"
files=("$sums")
while read -r _ file; do files+=("$file"); done <"$sums"
if [ -e card.png ]; then files+=(card.png); fi

# On the page of the release, the links of the notes have to lead to the attached files.
address="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/releases/download/$version"
notes=$(mktemp)
sed "s|](\([a-z0-9.-]*\)?raw=true)|]($address/\1)|g" "$name.md" >"$notes"
gh release create "$version" --target "$GITHUB_SHA" --title "$(sed -n '1s/^# //p' "$name.md")" --notes-file "$notes" \
  "${files[@]}"
