#!/usr/bin/env bash
# Attaches the files of the newest release in dist/ to a release on GitHub, unless they are there already: those of the
# deck, and those of each edition in another language, which has the same version.
# The workflow `release` runs it, in the folder of the deck. It needs gh (GitHub's command), python3 and sha256sum.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Attaches the newest release of the record $1, whose language is $2; the language of the deck itself is empty.
attach() {
  # Writes into $work: the version, the name of the files, the checksums that were recorded, title and notes.
  python3 - "$work" "$1" "$2" <<'PYTHON'
import json, os, pathlib, re, sys

work, language, record = pathlib.Path(sys.argv[1]), sys.argv[3], json.loads(pathlib.Path(sys.argv[2]).read_bytes())
version = next(reversed(record["releases"]), "")
(work / "version").write_text(version)
if version:
    name = "-".join(filter(None, (record["settings"]["namespace"], language, version.replace(".", "-"))))
    packages = record["releases"][version]["packages"]
    (work / "name").write_text(name)
    (work / "sums").write_text("".join(f"{sha256}  {package}\n" for package, sha256 in packages.items()))
    notes = pathlib.Path("dist", f"{name}.md").read_text("utf-8")
    (work / "title").write_text(re.sub(r"\\(.)", r"\1", notes.partition("\n")[0].removeprefix("# ")), "utf-8")
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
    return
  fi
  name=$(cat "$work/name")
  is_there=false
  if gh release view "$version" >/dev/null 2>&1; then
    is_there=true
    if [ -z "$2" ] || gh release view "$version" --json assets --jq '.assets[].name' | grep --quiet --line-regexp --fixed-strings "$name.md"; then
      echo "$version is there already"
      return
    fi
  fi

  picture=card.png page=README.md
  if [ -n "$2" ]; then picture=card-$2.png page=share-$2.md; fi
  (cd dist && sha256sum --check --strict "$work/sums")
  files=("$name.sha256" "$name.md")
  while read -r _ file; do files+=("$file"); done <"$work/sums"
  # The picture of this release, which the page on sharing names.
  if [ -e "dist/$picture" ] && grep --quiet "$picture: $(sha256sum "dist/$picture" | cut -c 1-64) " "dist/$page"; then
    files+=("$picture")
  fi
  for file in "${files[@]}"; do
    if [ -L "dist/$file" ] || [[ "$file" == */* ]]; then
      echo "$file is a link, or not in dist"
      exit 1
    fi
  done
  if [ "$is_there" = true ]; then
    (cd dist && gh release upload "$version" "${files[@]}")
  else
    (cd dist && gh release create "$version" --target "$GITHUB_SHA" --title "$(cat "$work/title")" --notes-file "$work/notes" "${files[@]}")
  fi
}

attach cards/released.json ""
for record in cards/*/released.json; do
  if [ -e "$record" ]; then
    language=${record#cards/}
    attach "$record" "$(echo "${language%/released.json}" | tr '[:upper:]' '[:lower:]')"
  fi
done
