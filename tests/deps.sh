#!/bin/sh
# Install the Debian packages named that are missing: one line says which,
# nothing when none is.  Without root or sudo: say the line to run, and stop.
command -v dpkg-query >/dev/null || exit 0 # not Debian: pkg-config will tell
missing=
for package; do
	dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null |
		grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -eq 0 ]; then
	as_root=
elif sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then
	as_root=sudo
else
	echo "missing packages; as root, run: apt-get install -y$missing" >&2
	exit 1
fi
echo "installing:$missing"
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # the list is words
if ! { $as_root apt-get update && DEBIAN_FRONTEND=noninteractive \
	$as_root apt-get install -y --no-install-recommends $missing; } \
	>"$log" 2>&1; then
	cat "$log" >&2
	echo "could not install; as root, run: apt-get install -y$missing" >&2
	exit 1
fi
