#!/bin/sh
# The inputs that fuzzing begins with, and those that once found something.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

for dir in "$ROOT"/tests/fuzz/corpus/*; do
	target=${dir##*/}
	ok "$target takes its corpus" "$BUILD/replay/$target" "$dir"/*
done
finish
