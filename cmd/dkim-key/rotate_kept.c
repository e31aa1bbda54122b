/* rotate_kept: keys that are published, but not in the table. */
/* SPDX-License-Identifier: ISC */

/* They are found by the files beside those of the table: the state file was
 * deleted, or there was none yet. A key counts only if the DNS has the very key
 * of the file under that name. */

#include "rotate.h"

#include <dirent.h>
#include <string.h>

#include "base/domain.h"

/* Files of one folder that are tried. */
#define FILES 1000u

/* Returns what is before an ending, absent unless something is. */
static struct span
before(struct span name, struct span end)
{
	if (name.len <= end.len ||
	    !span_eq(span_from(name, name.len - end.len), end))
		return SPAN_NONE;
	return span_upto(name, name.len - end.len);
}

/* The selector that a file name may have: SELECTOR.DOMAIN.pem, as "new" names
 * files, or SELECTOR.pem, SELECTOR.key, SELECTOR.private. */
static struct span
selector_of(struct span name, struct span domain, struct arena *a)
{
	static const char *const ends[] = {".pem", ".key", ".private"};
	struct span found =
	    before(name, ARENA_JOIN(a, SPAN("."), domain, SPAN(".pem")));

	for (size_t i = 0; !found.p && i < COUNT(ends); i++)
		found = before(name, span_of(ends[i]));
	return domain_normal(found, a);
}

static void
try_file(struct rotate *r, const struct rotate_key *beside, struct span folder,
    struct span name)
{
	struct rotate_key *k;
	struct span selector = selector_of(name, beside->key.domain, r->arena);
	struct rotate_key trial = {
	    .keyfile = ARENA_JOIN(r->arena, folder, name)};

	if (!selector.p || rotate_find(r, beside->key.domain, selector))
		return;
	trial.path =
	    arena_cstr(r->arena, table_path(&r->rows, trial.keyfile, r->arena));
	rotate_load(r, &trial);
	if (!trial.is_known)
		return;
	k = rotate_add(r, beside->key.domain, selector);
	k->keyfile = trial.keyfile;
	k->key.state = ROTATION_KEPT;
	k->key.since = r->times.now;
	k->is_trial = true;
}

static void
try_folder(struct rotate *r, const struct rotate_key *beside,
    struct span folder, const char *path)
{
	DIR *d = opendir(path);
	const struct dirent *entry;
	size_t n = 0;

	while (d && n < FILES && (entry = readdir(d))) {
		try_file(r, beside, folder,
		    arena_span(r->arena, span_of(entry->d_name)));
		n++;
	}
	if (n == FILES)
		rotate_say(r, span_of(path),
		    "has too many files: not all were tried as keys that are "
		    "still published");
	if (d)
		closedir(d);
}

void
rotate_find_kept(struct rotate *r)
{
	size_t n = r->nkeys;
	struct rotate_key **list =
	    ARENA_ARRAY(r->arena, struct rotate_key *, n);

	for (size_t i = 0; i < n; i++)
		list[i] = r->keys[i];
	for (size_t i = 0; i < n; i++) {
		struct rotate_key *k = list[i];
		size_t slash = span_find_last(k->keyfile, '/');
		struct span folder = SPAN(""), path;

		if (!k->is_selected || !k->keyfile.p)
			continue;
		if (slash < k->keyfile.len)
			folder = span_upto(k->keyfile, slash + 1);
		path = table_path(&r->rows,
		    ARENA_JOIN(r->arena, folder, SPAN(".")), r->arena);
		try_folder(r, k, folder, arena_cstr(r->arena, path));
	}
}
