#!/bin/sh
# check.sh FOLDER - make install into it, as a package would; what is there
# works without the tree that it was built in; make uninstall leaves no file.
set -eu

at=$1
rm -rf "$at"
trap 'rm -rf "$at" "$at.log"' EXIT

wrong() {
	echo "install: $*" >&2
	exit 1
}
make_() {
	"${MAKE:-make}" --no-print-directory "$@" DESTDIR="$at" PREFIX=/usr \
	    >"$at.log" 2>&1 || { cat "$at.log" >&2; wrong "make $1 failed"; }
}

make_ install
cd /
taskctl=$at/usr/bin/taskctl
"$taskctl" --version >/dev/null || wrong "taskctl does not start"
for one in libexec/taskctl/taskctl-git share/man/man1/taskctl.1 \
    share/man/man1/taskctl-doctor.1 share/zsh/site-functions/_taskctl \
    share/bash-completion/completions/taskctl lib/libtaskctl.a \
    lib/pkgconfig/taskctl.pc include/taskctl/work.h \
    share/taskctl/examples/sprint.md; do
	[ -s "$at/usr/$one" ] || wrong "$one is missing"
done

# The plan is read by the dynamic twin, progress committed by taskctl-git.
work=$at/work
mkdir -p "$work"
git init -q "$work"
git -C "$work" config user.name a
git -C "$work" config user.email a@example.org
"$taskctl" -C "$work" -q init
(cd "$work" && "$taskctl" -q import "$at/usr/share/taskctl/examples/sprint.md" &&
    git commit -q --allow-empty -m one &&
    "$taskctl" -q commit) >/dev/null || wrong "it does not work where it is"
rm -rf "$work"

count=$(find "$at" -type f | wc -l)
cd - >/dev/null
make_ uninstall
left=$(find "$at" -type f)
[ -z "$left" ] || wrong "make uninstall left: $left"
echo "install: $count files, used and taken out again"
