/* rotate_state: the file TABLE.state, and the lock. */
/* SPDX-License-Identifier: ISC */

#include "rotate.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/domain.h"
#include "base/file.h"
#include "mail/received.h"

#define MODE 0644

enum column {
	COLUMN_DOMAIN,
	COLUMN_SELECTOR,
	COLUMN_TYPE,
	COLUMN_STATE,
	COLUMN_SINCE,
	COLUMN_KEYFILE,
	COLUMNS,
};

static const struct table_form form = {
    "DOMAIN SELECTOR rsa|ed25519 STATE SINCE KEYFILE [NAME=VALUE...]", COLUMNS,
    COLUMNS + 3};

static const char *
beside(const struct rotate *r, const char *end)
{
	return arena_printf(r->arena, "%s%s", r->real, end).p;
}

/*
 * Reading.
 */

static const char *
read_names(struct rotate *r, const struct table_row *row, struct rotate_key **k)
{
	struct span domain =
	    domain_normal(row->columns[COLUMN_DOMAIN], r->arena);
	struct span selector =
	    domain_normal(row->columns[COLUMN_SELECTOR], r->arena);

	if (!domain.p || domain_labels(domain) < 2)
		return "DOMAIN is not a domain that can sign";
	if (!selector.p)
		return "SELECTOR is not a domain name";
	if (rotate_find(r, domain, selector))
		return "an earlier line has this domain and selector";
	*k = rotate_add(r, domain, selector);
	return NULL;
}

/* Finds a word in a list that ends with NULL. */
static bool
read_word(struct span text, const char *const *words, unsigned *number)
{
	for (*number = 0; words[*number]; ++*number)
		if (span_eq(text, span_of(words[*number])))
			return true;
	return false;
}

static const char *
read_columns(const struct table_row *row, struct rotate_key *k)
{
	static const char *const types[] = {
	    [KEY_RSA] = "rsa", [KEY_ED25519] = "ed25519", NULL};
	unsigned number;

	if (!read_word(row->columns[COLUMN_TYPE], types, &number))
		return "the third word is neither rsa nor ed25519";
	k->key.type = (enum key_type)number;
	if (!read_word(row->columns[COLUMN_STATE], rotation_states, &number))
		return "STATE is not making, made, published, active, "
		       "retiring, revoked, gone or kept";
	k->key.state = (enum rotation_state)number;
	if (!received_rfc3339(row->columns[COLUMN_SINCE], &k->key.since))
		return "SINCE is not a time";
	k->keyfile = row->columns[COLUMN_KEYFILE];
	return NULL;
}

/* Reads seen=TIME, told=TIME, replaces=SELECTOR. */
static const char *
read_more(struct rotate *r, struct span value, struct rotate_key *k)
{
	struct span name = span_cut(&value, '=');

	if (value.p && span_eq(name, SPAN("seen")))
		return received_rfc3339(value, &k->key.seen)
		    ? NULL
		    : "seen= is not a time";
	if (value.p && span_eq(name, SPAN("told")))
		return received_rfc3339(value, &k->key.told)
		    ? NULL
		    : "told= is not a time";
	if (!value.p || !span_eq(name, SPAN("replaces")))
		return "a word is not seen=TIME, told=TIME or "
		       "replaces=SELECTOR";
	k->key.replaces = domain_normal(value, r->arena);
	return k->key.replaces.p ? NULL : "replaces= is not a selector";
}

static const char *
read_row(struct rotate *r, const struct table_row *row, struct rotate_key **k)
{
	const char *wrong = read_names(r, row, k);

	if (!wrong)
		wrong = read_columns(row, *k);
	for (size_t i = COLUMNS; !wrong && i < row->ncolumns; i++)
		wrong = read_more(r, row->columns[i], *k);
	return wrong;
}

/* A clock that is slow would make what has just happened look old once it is
 * set right, and a key be revoked while its mail is under way. One that was
 * fast has done so: a person has to look. */
static void
check_clock(const struct rotate *r, const struct table *t, size_t line,
    const struct rotation_key *k)
{
	int64_t last = k->since > k->seen ? k->since : k->seen;

	last = last > k->told ? last : k->told;
	if (last > r->times.now)
		die(EX_TEMPFAIL,
		    "%s:%zu: " SPAN_FMT " is not over: the clock is slow, or "
		    "was fast: set it, or mend this line",
		    t->path, line, SPAN_ARG(rotate_time(last, r->arena)));
}

void
rotate_read_state(struct rotate *r)
{
	struct table t = {.path = beside(r, ".state"), .form = &form};
	struct span error = SPAN_NONE;
	size_t line;

	r->state_text = file_read(t.path, r->arena);
	r->has_state = r->state_text.p;
	if (!r->has_state && errno != ENOENT)
		die(EX_NOINPUT, "%s: %s", t.path, strerror(errno));
	if (!r->has_state)
		return;
	line = table_parse(r->state_text, &form, r->arena, &t, &error);
	t.path = beside(r, ".state");
	t.form = &form;
	if (line)
		table_die(&t, line, error);
	for (size_t i = 0; i < t.nrows; i++) {
		struct rotate_key *k = NULL;

		error = span_of(read_row(r, &t.rows[i], &k));
		if (error.p)
			table_die(&t, t.rows[i].line, error);
		assert(k);
		check_clock(r, &t, t.rows[i].line, &k->key);
	}
}

/*
 * Writing.
 */

/* RFC 3339 has years of four digits. */
struct span
rotate_time(int64_t seconds, struct arena *a)
{
	time_t t = (time_t)seconds;
	struct tm tm;
	char text[32];

	if (seconds < 0 || seconds > INT64_C(253402300799) ||
	    !gmtime_r(&t, &tm) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		return arena_printf(a, "%lld", (long long)seconds);
	return arena_span(a, span_of(text));
}

static void
add_time(struct buf *b, const char *before, int64_t seconds)
{
	buf_str(b, before);
	buf_add(b, rotate_time(seconds, b->arena));
}

static void
add_key(struct buf *b, const struct rotate_key *k)
{
	const struct rotation_key *key = &k->key;

	buf_printf(b, SPAN_FMT " " SPAN_FMT " %s %s", SPAN_ARG(key->domain),
	    SPAN_ARG(key->selector), key_type_name(key->type),
	    rotation_states[key->state]);
	add_time(b, " ", key->since);
	buf_char(b, ' ');
	buf_add(b, table_quote(k->keyfile, b->arena));
	if (key->seen != ROTATION_NEVER)
		add_time(b, " seen=", key->seen);
	if (key->told != ROTATION_NEVER)
		add_time(b, " told=", key->told);
	if (key->replaces.p)
		buf_printf(b, " replaces=" SPAN_FMT, SPAN_ARG(key->replaces));
	buf_char(b, '\n');
}

static struct span
state_text(const struct rotate *r)
{
	struct buf b = BUF(r->arena);

	buf_str(&b,
	    "# Written by dkim-key rotate: what it knows of keys; see "
	    "dkim-key(1). If this\n"
	    "# file is deleted, the keys of the table count as new, and others "
	    "stay published.\n"
	    "# DOMAIN SELECTOR TYPE STATE SINCE KEYFILE [seen=TIME] "
	    "[told=TIME] [replaces=SELECTOR]\n");
	for (size_t i = 0; i < r->nkeys; i++)
		if (!r->keys[i]->key.is_over)
			add_key(&b, r->keys[i]);
	return buf_span(&b);
}

static _Noreturn void
die_of(const char *path)
{
	die(EX_IOERR, "%s: %s", path, strerror(errno));
}

/* The name in the folder gets to the disk, too. Not every file system can do
 * that. */
static void
sync_folder(const struct rotate *r)
{
	size_t slash = span_find_last(span_of(r->real), '/');
	const char *folder = arena_cstr(
	    r->arena, span_upto(span_of(r->real), slash ? slash : 1));
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || (fsync(fd) < 0 && errno != EINVAL))
		die_of(folder);
	close(fd);
}

/* What a run that was killed has left under the temporary name is written anew:
 * nobody else uses it, since runs are locked. */
void
rotate_write_state(struct rotate *r)
{
	const char *path = beside(r, ".state");
	const char *temporary = beside(r, ".state.new");
	struct span text = state_text(r);
	int fd;

	if (r->state_text.p && span_eq(text, r->state_text))
		return;
	if (unlink(temporary) < 0 && errno != ENOENT)
		die_of(temporary);
	fd = open(temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, MODE);
	if (fd < 0)
		die_of(temporary);
	if (!file_write_fd(fd, text) || fsync(fd) < 0 || close(fd) < 0)
		die_of(temporary);
	if (rename(temporary, path) < 0)
		die_of(path);
	sync_folder(r);
	r->state_text = text;
}

/*
 * The lock.
 */

void
rotate_lock(const struct rotate *r)
{
	const char *path = beside(r, ".lock");
	int fd = open(
	    path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);

	if (fd < 0)
		die_of(path);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return;
	if (errno != EWOULDBLOCK)
		die_of(path);
	die(EX_TEMPFAIL,
	    "%s: another run of dkim-key rotate has this table: try again when "
	    "it has ended",
	    r->real);
}
