#!/usr/bin/env bash
# Attaches the files of the newest release in dist/ to a release on GitHub, unless it is there already.
# The workflow `release` runs it, in the folder of the deck. It needs gh (GitHub's command), python3 and sha256sum.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Writes into $work: the version, the name of the files, the checksums that were recorded, title and notes.
python3 - "$work" <<'PYTHON'
import json, os, pathlib, re, sys

work, record = pathlib.Path(sys.argv[1]), json.loads(pathlib.Path("cards/released.json").read_bytes())
version = next(reversed(record["releases"]), "")
(work / "version").write_text(version)
if version:
    name = f"{record['settings']['namespace']}-{version.replace('.', '-')}"
    packages = record["releases"][version]["packages"]
    (work / "name").write_text(name)
    (work / "sums").write_text("".join(f"{sha256}  {package}\n" for package, sha256 in packages.items()))
    notes = pathlib.Path("dist", f"{name}.md").read_text("utf-8")
    (work / "title").write_text(re.sub(r"\\(.)", r"\1", notes.partition("\n")[0].removeprefix("# ")))
    # There, links have to lead to the attached files, or into the repository; and a text is at most 125,000 characters.
    address = "/".join(os.environ[each] for each in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY"))
    notes = re.sub(r"\]\(([a-z0-9.-]+)\?raw=true\)", rf"]({address}/releases/download/{version}/\1)", notes)
    notes = notes.replace("](../", f"]({address}/blob/{version}/")
    if len(notes) > 120_000:
        notes = notes[:120_000].rpartition("\n")[0] + f"\n\nThe rest is in the attached file {name}.md.\n"
    (work / "notes").write_text(notes, "utf-8")
PYTHON

version=$(cat "$work/version")
if [ -z "$version" ]; then
  echo "nothing is released yet"
  exit
fi
if gh release view "$version" >/dev/null 2>&1; then
  echo "$version is there already"
  exit
fi

cd dist
name=$(cat "$work/name")
sha256sum --check --strict "$work/sums"
files=("$name.sha256" "$name.md")
while read -r _ file; do files+=("$file"); done <"$work/sums"
# The picture of this release, which the page on sharing names.
if [ -e card.png ] && grep --quiet "card.png: $(sha256sum card.png | cut -c 1-64) " README.md; then files+=(card.png); fi
for file in "${files[@]}"; do
  if [ -L "$file" ] || [[ "$file" == */* ]]; then
    echo "$file is a link, or not in dist"
    exit 1
  fi
done
gh release create "$version" --target "$GITHUB_SHA" --title "$(cat "$work/title")" --notes-file "$work/notes" "${files[@]}"
