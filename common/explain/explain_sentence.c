/* explain_sentence: the one sentence that people read first. */
/* SPDX-License-Identifier: ISC */

#include <inttypes.h>
#include <time.h>

#include "base/ascii.h"
#include "explain/explain_internal.h"

/* Most alterations of a sentence: of the body, of the header, and bh=. */
#define PHRASES (REPAIR_DEPTH + REPAIR_DEPTH * HEADER_ALIKE + 1)

/*
 * "added X and Y to Z, and removed U": phrases with the same verb are joined,
 * unless they have a comma or an "and".
 */

struct group {
	struct span verb;
	struct span rest[PHRASES]; /* what follows the verb, with its SP */
	size_t n;
	bool is_list; /* it has a comma or an "and" */
};

static void
add_phrase(struct group *groups, size_t *n, struct span phrase)
{
	struct span verb = span_upto(phrase, span_find(phrase, ' '));
	bool is_list = span_find(phrase, ',') < phrase.len ||
	    span_casecontains(phrase, SPAN(" and "));
	size_t i = 0;

	while (i < *n &&
	    (is_list || groups[i].is_list || !span_eq(groups[i].verb, verb)))
		i++;
	if (i == *n)
		groups[(*n)++] =
		    (struct group){.verb = verb, .is_list = is_list};
	groups[i].rest[groups[i].n++] = span_from(phrase, verb.len);
}

/* Adds what comes between the i-th of n items and the one before it. */
static void
put_between(struct buf *b, size_t i, size_t n, bool with_comma)
{
	if (i && i + 1 == n)
		buf_str(b, with_comma ? ", and" : " and");
	else if (i)
		buf_char(b, ',');
}

static void
put_groups(struct buf *b, const struct group *groups, size_t n)
{
	bool with_comma = n > 2;

	for (size_t i = 0; i < n; i++)
		with_comma = with_comma || groups[i].is_list ||
		    (n > 1 && groups[i].n > 1);
	for (size_t i = 0; i < n; i++) {
		const struct group *g = &groups[i];

		put_between(b, i, n, with_comma);
		buf_char(b, ' ');
		buf_add(b, g->verb);
		for (size_t k = 0; k < g->n; k++) {
			put_between(b, k, g->n, g->n > 2);
			buf_add(b, g->rest[k]);
		}
	}
}

/* A change of the header that comes with one of the body, of which the start of
 * the identifier is given. */
static const struct consequence {
	const char *header, *body;
} consequences[] = {
    {"header-mime", "body-"},
    {"transfer-encoding", "body-quoted-printable"},
    {"transfer-encoding", "body-base64"},
    {"header-retyped", "body-quoted-printable"},
    {"header-retyped", "body-base64"},
    {"header-mime-added", "body-quoted-printable"},
    {"header-mime-added", "body-base64"},
};

static bool
has_repair(const struct body_found *found, const char *start)
{
	for (size_t i = 0; i < found->nrepairs; i++)
		if (span_starts(
			span_of(found->repairs[i].kind->id), span_of(start)))
			return true;
	return false;
}

/* Is a repair told by one of the body already? */
static bool
is_consequence(const struct explanation *x, const struct repair *r)
{
	struct span id = span_of(r->kind->id);

	if (x->body != EXPLAIN_REPAIRED)
		return false;
	for (size_t i = 0; i < COUNT(consequences); i++)
		if (span_eq(id, span_of(consequences[i].header)) &&
		    has_repair(&x->body_found, consequences[i].body))
			return true;
	return false;
}

/* Is it the stored copy that was altered in this way? */
static bool
is_of_archive(const struct explanation *x, const struct repair *r)
{
	return x->context.is_archived &&
	    r->kind->advice == REPAIR_ADVICE_ARCHIVE;
}

/* Gathers what was done to the body, by the archive or by others. Its lines
 * are told to be lines of the body once. */
static size_t
gather_body(const struct explanation *x, bool of_archive, struct group *groups,
    struct arena *a)
{
	const struct body_found *body = &x->body_found;
	bool is_named = false;
	size_t n = 0;

	for (size_t i = 0; i < body->nrepairs; i++) {
		struct span phrase;

		if (is_of_archive(x, &body->repairs[i]) != of_archive)
			continue;
		phrase = explain_phrase(&body->repairs[i], !is_named, a);
		is_named |= span_casecontains(phrase, SPAN(" of the body"));
		add_phrase(groups, &n, phrase);
	}
	return n;
}

/* Have two repairs done the same to their fields? */
static bool
is_alike(const struct repair *a, const struct repair *b, struct arena *arena)
{
	const struct span none = SPAN("");

	return a->kind == b->kind &&
	    span_casecontains(span_of(a->kind->phrase), SPAN("{field}")) &&
	    span_eq(explain_phrase_of(a, &none, 1, 0, arena),
		explain_phrase_of(b, &none, 1, 0, arena));
}

static bool
has_name(const struct span *names, size_t n, struct span name)
{
	while (n && !span_caseeq(names[n - 1], name))
		n--;
	return n;
}

/* Returns the phrase of a repair of the header and of those after it that have
 * done the same to other fields. Absent: one before it has told it. */
static struct span
header_phrase(const struct header_found *found, size_t i, struct arena *a)
{
	const struct repair *r = &found->repairs[i];
	struct span names[COUNT(found->repairs)];
	size_t n = 0, more = 0;

	for (size_t k = 0; k < i; k++)
		if (is_alike(&found->repairs[k], r, a))
			return SPAN_NONE;
	for (names[n++] = r->name; i < found->nrepairs; i++) {
		const struct repair *other = &found->repairs[i];

		if (other != r && !is_alike(r, other, a))
			continue;
		if (!has_name(names, n, other->name))
			names[n++] = other->name;
		more += other->others;
	}
	return explain_phrase_of(r, names, n, more, a);
}

static void
gather_header(const struct explanation *x, bool of_archive,
    struct group *groups, size_t *n, struct arena *a)
{
	const struct header_found *header = &x->header_found;

	for (size_t i = 0; i < header->nrepairs; i++) {
		struct span phrase;

		if (is_of_archive(x, &header->repairs[i]) != of_archive ||
		    is_consequence(x, &header->repairs[i]))
			continue;
		phrase = header_phrase(header, i, a);
		if (phrase.p)
			add_phrase(groups, n, phrase);
	}
}

/* Gathers what the archive did, or what others did. */
static size_t
gather(const struct explanation *x, bool of_archive, struct group *groups,
    struct arena *a)
{
	size_t n = 0;

	if (x->body == EXPLAIN_REPAIRED)
		n = gather_body(x, of_archive, groups, a);
	if (x->header != EXPLAIN_REPAIRED)
		return n;
	gather_header(x, of_archive, groups, &n, a);
	if (x->bh_altered && !x->header_found.nrepairs && !of_archive)
		add_phrase(groups, &n,
		    SPAN("damaged the signature where it describes the body"));
	return n;
}

/*
 * What the places of a template become.
 */

static void
put_domain(struct buf *b, const struct explain_about *w)
{
	if (w->x->signature && w->x->signature->domain.p)
		buf_escaped(b, w->x->signature->domain);
	else
		buf_str(b, "the signer");
}

static void
put_selector(struct buf *b, const struct explain_about *w)
{
	if (w->x->signature && w->x->signature->selector.p)
		buf_escaped(b, w->x->signature->selector);
	else
		buf_str(b, "its selector");
}

static void
put_length(struct buf *b, const struct explain_about *w)
{
	uint64_t n = w->x->signature ? w->x->signature->length : 0;

	buf_printf(b, "%" PRIu64 " octet%s", n, n == 1 ? "" : "s");
}

/* A year that does not have four digits is not what a person expects. */
static void
put_date(struct buf *b, int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || tm.tm_year < 0 || tm.tm_year > 8099)
		buf_printf(b, "%" PRId64, seconds);
	else
		buf_printf(b, "%04d-%02d-%02d", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday);
}

static void
put_time(struct buf *b, const struct explain_about *w)
{
	put_date(b, w->x->signature ? w->x->signature->time : 0);
}

static void
put_expiry(struct buf *b, const struct explain_about *w)
{
	put_date(b, w->x->signature ? w->x->signature->expiry : 0);
}

/* The selector of the key that made the signature. */
static void
put_other(struct buf *b, const struct explain_about *w)
{
	const struct context *c = &w->x->context;
	const struct context_note *note =
	    context_has(c, CONTEXT_SELECTOR_OTHER);

	if (!note)
		note = context_has(c, CONTEXT_SELECTOR_RENAMED);
	if (note)
		buf_escaped(b, note->what);
}

static void
put_reason(struct buf *b, const struct explain_about *w)
{
	buf_str(b, dkim_reasons[w->x->reason].words);
}

static void
put_repeated(struct buf *b, const struct explain_about *w)
{
	buf_add(b, w->x->repeated);
}

static void
put_repairs(struct buf *b, const struct explain_about *w)
{
	struct group groups[PHRASES];
	size_t n = gather(w->x, false, groups, b->arena);

	if (n) {
		buf_str(b, context_subject(w->x->context.software));
		put_groups(b, groups, n);
	}
	n = gather(w->x, true, groups, b->arena);
	if (n) {
		buf_str(b, b->len ? ", and the archive" : "The archive");
		put_groups(b, groups, n);
	}
}

static const struct explain_place places[] = {
    {"{domain}", put_domain},
    {"{selector}", put_selector},
    {"{other}", put_other},
    {"{length}", put_length},
    {"{time}", put_time},
    {"{expiry}", put_expiry},
    {"{reason}", put_reason},
    {"{repeated}", put_repeated},
    {"{repairs}", put_repairs},
};

/*
 * What became of the message.
 */

#define STATES 4
#define AS     "as {domain} signed it"
#define HOW    ", and how is not known"
#define HEADER "the header (From, Subject etc.)"

/* By the states of header and body. The body is proven by bh=, which is in the
 * header: where that is not proven, the signature field may be another one. */
static const char *const states[STATES][STATES] = {
    [EXPLAIN_UNKNOWN] =
	{
	    [EXPLAIN_UNKNOWN] = "",
	    [EXPLAIN_INTACT] =
		"the body is the one that the signature describes",
	    [EXPLAIN_REPAIRED] =
		"{repairs}; the rest of the body is the one that the signature "
		"describes",
	    [EXPLAIN_NOT_FOUND] =
		"the body is not the one that the signature describes, "
		"and how it was changed is not known",
	},
    [EXPLAIN_INTACT] =
	{
	    [EXPLAIN_UNKNOWN] =
		"the header is " AS "; whether the body is cannot be told",
	    [EXPLAIN_INTACT] = "the message is " AS,
	    [EXPLAIN_REPAIRED] = "{repairs}; the rest is " AS,
	    [EXPLAIN_NOT_FOUND] = "the body was changed after {domain} signed "
				  "it" HOW "; the header is as signed",
	},
    [EXPLAIN_REPAIRED] =
	{
	    [EXPLAIN_UNKNOWN] = "{repairs}; the rest of the header is " AS
				"; whether the body is cannot be told",
	    [EXPLAIN_INTACT] = "{repairs}; the rest is " AS,
	    [EXPLAIN_REPAIRED] = "{repairs}; the rest is " AS,
	    [EXPLAIN_NOT_FOUND] = "{repairs}; the body was changed, too" HOW
				  "; the rest of the header is " AS,
	},
    [EXPLAIN_NOT_FOUND] =
	{
	    [EXPLAIN_UNKNOWN] =
		HEADER " was changed after {domain} signed it" HOW
		       "; whether the body was cannot be told",
	    [EXPLAIN_INTACT] =
		HEADER " was changed after {domain} signed it" HOW
		       "; the body is the one that the signature describes",
	    [EXPLAIN_REPAIRED] =
		"{repairs}; the header was changed, too" HOW
		"; the rest of the body is the one that the signature "
		"describes",
	    [EXPLAIN_NOT_FOUND] = HEADER
	    " was changed after {domain} signed it, and the body "
	    "is not the one that the signature describes; how they were "
	    "changed is not known",
	},
};

/* The same if the header was not found, and nothing tells whether key and
 * signature belong together. */
static const char *const unsure[STATES] = {
    [EXPLAIN_UNKNOWN] =
	HEADER " was changed after {domain} signed it, or the signature was "
	       "not made with the key {selector}",
    [EXPLAIN_INTACT] =
	HEADER " was changed after {domain} signed it, or the signature was "
	       "not made with the key {selector}; the body is the one that the "
	       "signature describes",
    [EXPLAIN_REPAIRED] =
	"{repairs}; the header was changed, too, or the signature was not made "
	"with the key {selector} of {domain}",
    [EXPLAIN_NOT_FOUND] =
	"the body was changed after {domain} signed it" HOW
	"; the header was, too, or the signature was not made with the key "
	"{selector}",
};

/* What the signature leaves out, though its reader may think that it is there.
 * Who cannot read the signature needs no such words. */
static const char *
unsigned_words(const struct explanation *x)
{
	bool from = x->reason == DKIM_FROM_DUPLICATE;
	bool length = x->signature && x->signature->has_length &&
	    x->reason != DKIM_BODY_UNSIGNED && x->reason != DKIM_BODY_LENGTH;

	if (!explain_is_known(explain_header_state(x)))
		return "";
	if (x->repeated.len && !from)
		return length
		    ? "of the body only the first {length} are signed, and not "
		      "every field named {repeated} is, so anyone can have "
		      "added what is not"
		    : "not every field named {repeated} is signed, so anyone "
		      "can have added what is not";
	return length ? "of the body only the first {length} are signed" : "";
}

static const char *
state_words(const struct explanation *x)
{
	enum explain_state header = explain_header_state(x);

	if (header == EXPLAIN_INTACT && x->body == EXPLAIN_INTACT &&
	    *explain_cause(x))
		return "what was signed is unchanged";
	if (header == EXPLAIN_INTACT && x->body == EXPLAIN_INTACT &&
	    *unsigned_words(x))
		return "what {domain} signed is unchanged";
	if (header == EXPLAIN_NOT_FOUND && x->block == EXPLAIN_BLOCK_NONE)
		return unsure[x->body];
	return states[header][x->body];
}

/*
 * The whole.
 */

/* Adds a part of the sentence. Its first letter follows its place in the
 * sentence, unless it begins with the name of a domain. */
static void
put_part(struct buf *b, const char *template, const struct explanation *x)
{
	const struct explain_about about = {.x = x};
	struct span part =
	    explain_fill(template, places, COUNT(places), &about, b->arena);
	size_t n = span_starts(span_of(template), SPAN("{domain}"));

	if (!part.len)
		return;
	if (b->len)
		buf_str(b, "; ");
	if (!n)
		buf_char(b, (b->len ? ascii_lower : ascii_upper)(part.p[0]));
	buf_add(b, span_from(part, n ? 0 : 1));
}

struct span
explain_sentence(const struct explanation *x, struct arena *a)
{
	struct buf b = BUF(a);

	put_part(&b, explain_cause(x), x);
	put_part(&b, state_words(x), x);
	put_part(&b, unsigned_words(x), x);
	if (!b.len)
		put_part(&b,
		    "whether the message is as {domain} signed it cannot be "
		    "told",
		    x);
	buf_char(&b, '.');
	return buf_span(&b);
}
