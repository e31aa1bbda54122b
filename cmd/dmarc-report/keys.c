/* keys: --dkim: are the keys of the signatures that were seen published? */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/json.h"
#include "base/limit.h"
#include "dkim/dkim.h"
#include "tool/output.h"

/* Keys that are looked up together, and share --timeout. */
#define BATCH 64u

struct keys_key {
	const struct tally_row *row; /* text: the selector, more: d= */
	enum dkim_reason reason;
	struct span detail, record;
	const char *type; /* of a key that is known */
	unsigned bits;    /* the same, else 0 */
	bool is_testing;
};

struct keys {
	struct job *job;
	struct dns *dns;
	struct keys_key *list;
	size_t n;
	size_t cut; /* over LIMIT_REPORT_KEYS */
	uint64_t cut_messages;
	uint64_t foreign;     /* messages with signatures of other domains */
	uint64_t no_selector; /* messages whose reports do not tell it */
	uint64_t others;      /* messages over the limit of the tally */
};

static bool
is_temporary(enum dkim_reason reason)
{
	return dkim_reasons[reason].code == RESULT_TEMPERROR;
}

/*
 * What is to be looked up.
 */

static int
compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* For qsort(): first those with which most signatures pass; strangers can name
 * any selector. */
static int
compare(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	int order = compare_numbers(y->n[TALLY_DKIM], x->n[TALLY_DKIM]);

	if (!order)
		order =
		    compare_numbers(y->n[TALLY_MESSAGES], x->n[TALLY_MESSAGES]);
	if (!order)
		order = span_cmp(x->more, y->more);
	return order ? order : span_cmp(x->text, y->text);
}

static void
add_row(struct keys *keys, const struct tally_row *row)
{
	uint64_t n = row->n[TALLY_MESSAGES];

	if (row->others) {
		keys->others += n;
	} else if (!row->more.p) {
		keys->foreign += n;
	} else if (!row->text.p) {
		keys->no_selector += n;
	} else if (keys->n == LIMIT_REPORT_KEYS) {
		keys->cut++;
		keys->cut_messages += n;
	} else {
		*ARENA_PUSH(keys->job->memory, keys->list, keys->n) =
		    (struct keys_key){.row = row};
	}
}

static void
read_keys(struct keys *keys)
{
	size_t n;
	struct tally_row *rows = tally_list(
	    keys->job->tally, TALLY_KEYS, TALLY_ALL, keys->job->memory, &n);

	if (n)
		qsort(rows, n, sizeof(*rows), compare);
	for (size_t i = 0; i < n; i++)
		add_row(keys, &rows[i]);
}

/*
 * Looking up.
 */

/* Is it a key that a verifier accepts? */
static enum dkim_reason
check_public(const struct dkim_key *key, unsigned *bits)
{
	struct key_public *public;
	enum dkim_reason reason =
	    dkim_key_import(key, LIMIT_RSA_BITS_MIN, &public);

	if (public)
		*bits = key_public_bits(public);
	key_public_free(public);
	return reason;
}

static void
look_up(struct keys *keys, struct keys_key *k)
{
	struct arena *a = keys->job->memory, *work = arena_new();
	struct span domain = k->row->more;
	struct dkim_key key;
	struct dkim_signature any = {
	    .hash = DIGEST_SHA256, .domain = domain, .auid_domain = domain};

	k->reason = dkim_key_query(keys->dns, k->row->text, domain, work, &key);
	if (k->reason == DKIM_OK) {
		any.type = key.type;
		k->type = key_type_name(key.type);
		k->reason = dkim_key_allows(&key, &any);
	}
	if (k->reason == DKIM_OK)
		k->reason = check_public(&key, &k->bits);
	k->is_testing = key.is_testing;
	k->detail = arena_span(a, key.detail);
	k->record = arena_span(a, key.record);
	arena_free(work);
}

/* Looks up a batch. Returns how no server answered in time for any of its last
 * keys, or OK. */
static enum dkim_reason
look_up_batch(struct keys *keys, size_t from, size_t to)
{
	enum dkim_reason last = DKIM_OK;
	struct arena *work = arena_new();

	dns_begin(keys->dns);
	dns_hold(keys->dns);
	for (size_t i = from; i < to; i++)
		dns_prefetch(keys->dns,
		    dkim_key_name(
			keys->list[i].row->text, keys->list[i].row->more, work),
		    DNS_TXT);
	for (size_t i = from; i < to; i++) {
		look_up(keys, &keys->list[i]);
		last = keys->list[i].reason;
	}
	arena_free(work);
	return last == DKIM_DNS_TIMEOUT || last == DKIM_DNS_NETWORK ? last
								    : DKIM_OK;
}

/* Where no server answered, further batches would take as long each. */
static void
look_up_all(struct keys *keys)
{
	enum dkim_reason silence = DKIM_OK;
	size_t i = 0, end;

	for (; i < keys->n && silence == DKIM_OK; i = end) {
		end = i + BATCH < keys->n ? i + BATCH : keys->n;
		silence = look_up_batch(keys, i, end);
	}
	for (; i < keys->n; i++)
		keys->list[i].reason = silence;
}

/* The screen tells what it leaves out. */
static void
warn_cut(const struct keys *keys)
{
	if (keys->cut && keys->job->form == JOB_JSON)
		warn("--dkim: %zu keys after the first %u are not looked up",
		    keys->cut, LIMIT_REPORT_KEYS);
}

/* Warns once of all keys for which the DNS failed. */
static void
warn_failures(const struct keys *keys)
{
	const struct keys_key *first = NULL;
	size_t n = 0;

	for (size_t i = keys->n; i-- > 0;)
		if (is_temporary(keys->list[i].reason)) {
			first = &keys->list[i];
			n++;
		}
	if (!first)
		return;
	job_fail(keys->job, EX_TEMPFAIL);
	if (keys->job->form != JOB_STATUS)
		warn_text(arena_printf(keys->job->memory,
		    "--dkim: " SPAN_FMT "%s: %s",
		    SPAN_ARG(dkim_key_name(
			first->row->text, first->row->more, keys->job->memory)),
		    n == 1 ? ""
			   : arena_printf(
				 keys->job->memory, " and %zu more", n - 1)
				 .p,
		    dkim_reasons[first->reason].words));
}

/*
 * The screen.
 */

static void
add_state(struct screen_text *t, const struct keys_key *k, struct arena *a)
{
	const struct result_reason *why = &dkim_reasons[k->reason];

	if (k->reason == DKIM_OK) {
		screen_str(t, SCREEN_PASS, "published");
		screen_add(t, SCREEN_PLAIN,
		    arena_printf(a, ", %s, %u bits", k->type, k->bits));
	} else {
		screen_str(t,
		    is_temporary(k->reason) ? SCREEN_DOUBT : SCREEN_FAIL,
		    why->words);
		if (k->detail.p) {
			screen_str(t, SCREEN_PLAIN, ": ");
			screen_add(t, SCREEN_PLAIN, k->detail);
		}
		screen_add(t, SCREEN_ID, arena_printf(a, " [%s]", why->id));
	}
	if (k->is_testing)
		screen_str(t, SCREEN_DOUBT, ", testing (t=y)");
}

/* Columns of a list: where messages end, and the name before them. */
#define NAME_MIN 20u
#define NAME_MAX 44u

static struct span
name_of(const struct keys_key *k, struct arena *a)
{
	return ARENA_JOIN(a, k->row->text, SPAN(" "), k->row->more);
}

static size_t
measure(const struct keys *keys, size_t top, struct arena *a)
{
	size_t widest = NAME_MIN;

	for (size_t i = 0; i < top; i++) {
		size_t width = name_of(&keys->list[i], a).len;

		if (width > widest)
			widest = width < NAME_MAX ? width : NAME_MAX;
	}
	return widest + 2;
}

static void
put_key(const struct keys *keys, const struct keys_key *k, size_t at)
{
	struct arena *a = keys->job->memory;
	struct screen_text t = SCREEN_TEXT(a);
	const uint64_t *n = k->row->n;
	struct span count = show_number(n[TALLY_MESSAGES], a);
	struct span share = show_share(n[TALLY_DKIM], n[TALLY_MESSAGES], a);

	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_add(&t, SCREEN_PLAIN, name_of(k, a));
	screen_to_column(&t, count.len < 10 ? at + 10 - count.len : at);
	screen_add(&t, SCREEN_PLAIN, count);
	screen_to_column(&t, at + 18 - share.len);
	screen_add(&t, SCREEN_PLAIN, share);
	screen_to_column(&t, at + 20);
	screen_add(&t, SCREEN_PLAIN, show_day(k->row->last, a));
	screen_to_column(&t, at + 33);
	add_state(&t, k, a);
	screen_put_hanging(&keys->job->out, &t, at + 33);
}

static void
put_heading(const struct keys *keys, size_t at)
{
	struct screen_text t = SCREEN_TEXT(keys->job->memory);

	screen_str(&t, SCREEN_HEADING, "  SELECTOR AND D=");
	screen_to_column(&t, at + 2);
	screen_str(&t, SCREEN_HEADING, "MESSAGES");
	screen_to_column(&t, at + 12);
	screen_str(&t, SCREEN_HEADING, "PASSED");
	screen_to_column(&t, at + 20);
	screen_str(&t, SCREEN_HEADING, "LAST SEEN");
	screen_to_column(&t, at + 33);
	screen_str(&t, SCREEN_HEADING, "KEY TODAY");
	screen_put(&keys->job->out, &t);
}

static void
put_rest(const struct keys *keys, uint64_t n, const char *what)
{
	struct arena *a = keys->job->memory;

	if (n)
		screen_line(&keys->job->out,
		    ARENA_JOIN(a, SPAN("  "),
			show_count(n, "message", "messages", a), SPAN(" "),
			span_of(what)));
}

static void
show(const struct keys *keys)
{
	struct arena *a = keys->job->memory;
	uint64_t top = keys->job->top;
	size_t shown = top && top < keys->n ? (size_t)top : keys->n;
	size_t at = measure(keys, shown, a), usable = 0;
	struct screen_text t = SCREEN_TEXT(a);

	for (size_t i = 0; i < keys->n; i++)
		usable += keys->list[i].reason == DKIM_OK;
	fputc('\n', keys->job->out.to);
	screen_str(&t, SCREEN_HEADING, "DKIM keys");
	screen_add(&t, SCREEN_PLAIN,
	    arena_printf(
		a, ": %zu of %zu are published today", usable, keys->n));
	screen_put(&keys->job->out, &t);
	if (shown)
		put_heading(keys, at);
	for (size_t i = 0; i < shown; i++)
		put_key(keys, &keys->list[i], at);
	if (shown < keys->n)
		screen_line(&keys->job->out,
		    arena_printf(a, "  and %zu more", keys->n - shown));
	put_rest(
	    keys, keys->no_selector, "whose reports do not tell the selector");
	put_rest(keys, keys->foreign,
	    "with signatures of other domains, which are not looked up");
	put_rest(keys, keys->cut_messages + keys->others,
	    "with further selectors, which are not looked up");
}

/*
 * -j
 */

static json_t *
day_json(int32_t day)
{
	return day == TALLY_NO_DAY ? json_null()
				   : json_integer((json_int_t)day * 86400);
}

static void
put_row(const struct keys_key *k, struct arena *a)
{
	const struct result_reason *why = &dkim_reasons[k->reason];
	const struct tally_row *row = k->row;
	struct span words = span_of(why->words);
	bool unknown = is_temporary(k->reason) || k->reason == DKIM_DNS_LIMIT;

	if (k->detail.p)
		words = ARENA_JOIN(a, words, SPAN(": "), k->detail);
	output_json(
	    json_pack("{s:i, s:s, s:n, s:n, s:o, s:o, s:I, s:I, s:o, s:o, s:o, "
		      "s:s?, s:o, s:s?, s:o, s:b, s:o}",
		JSON_MEMBER("schema", 1), JSON_MEMBER("type", "dkim-key"),
		"file", "line", JSON_MEMBER("domain", json_text(row->more, a)),
		JSON_MEMBER("selector", json_text(row->text, a)),
		JSON_MEMBER("messages", (json_int_t)row->n[TALLY_MESSAGES]),
		JSON_MEMBER("passed", (json_int_t)row->n[TALLY_DKIM]),
		JSON_MEMBER("first", day_json(row->first)),
		JSON_MEMBER("last", day_json(row->last)),
		JSON_MEMBER("usable",
		    unknown ? json_null() : json_boolean(k->reason == DKIM_OK)),
		JSON_MEMBER("id", why->id),
		JSON_MEMBER(
		    "reason", words.len ? json_text(words, a) : json_null()),
		JSON_MEMBER("key_type", k->type),
		JSON_MEMBER(
		    "bits", k->bits ? json_integer(k->bits) : json_null()),
		JSON_MEMBER("testing", k->is_testing),
		JSON_MEMBER("record", json_text(k->record, a))),
	    stdout);
}

void
keys_tell(struct job *job, struct dns *dns)
{
	struct keys keys = {.job = job, .dns = dns};

	read_keys(&keys);
	look_up_all(&keys);
	for (size_t i = 0; job->form == JOB_JSON && i < keys.n; i++)
		put_row(&keys.list[i], job->memory);
	if (job->form == JOB_SCREEN)
		show(&keys);
	warn_cut(&keys);
	warn_failures(&keys);
}
