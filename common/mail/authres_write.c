/* authres_write: write results as an Authentication-Results field. */
/* SPDX-License-Identifier: ISC */

#include "mail/authres.h"

#include <assert.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/domain.h"
#include "mail/fieldtext.h"
#include "mail/fold.h"
#include "base/limit.h"
#include "base/scan.h"
#include "base/utf8.h"

/* The most octets between the quotes of reason=, such that its line, with HTAB,
 * name, quotes, semicolon and line end, is within LIMIT_LINE. */
#define REASON_MAX ((size_t)LIMIT_LINE - 20)
#define TOO_LONG   SPAN("too long to be shown")

/* One result as the words between which a line may be folded. */
struct words {
	struct span method; /* method=result */
	struct span reason; /* reason="...", or absent */
	struct span properties[RESULT_PROPERTIES];
	size_t nproperties;
};

/* A result's why and its notes, as one list. */
struct notes {
	struct result_note note[1 + RESULT_NOTES + 1];
	size_t n;
};

/* Is all of it UTF-8 that need not be escaped? */
static bool
is_shown(struct span s)
{
	bool plain = true;

	return !s.len || (utf8_run(s, &plain) == s.len && plain);
}

/* A text as it is written between quotes. */
static struct span
qcontent(struct span s, struct arena *a)
{
	struct buf escaped = BUF(a), b = BUF(a);

	fieldtext_add(&escaped, s);
	buf_qcontent(&b, buf_span(&escaped));
	return buf_span(&b);
}

/* value (RFC 8601 2.2): token / quoted-string. */
static struct span
value_text(struct span value, struct arena *a)
{
	struct buf b = BUF(a);

	if (scan_is_class(value, ascii_is_token))
		return value;
	buf_char(&b, '"');
	buf_add(&b, qcontent(value, a));
	buf_char(&b, '"');
	return buf_span(&b);
}

static bool
is_plain_local(struct span local)
{
	return scan_is_dot_atom_text(local) && is_shown(local) &&
	    fieldtext_is_safe(local) && !span_starts(local, SPAN("?"));
}

/* [ [local-part] "@" ] domain-name, or absent without a valid domain. */
static struct span
address_text(struct span value, struct arena *a)
{
	size_t at = span_find_last(value, '@');
	struct span local = span_upto(value, at);
	struct buf b = BUF(a);
	struct span domain;

	if (at == value.len)
		return domain_normal(value, a);
	domain = domain_normal(span_from(value, at + 1), a);
	if (!domain.p)
		return SPAN_NONE;
	if (is_plain_local(local) &&
	    local.len + 1 + domain.len <= LIMIT_AUTHRES_VALUE)
		buf_add(&b, local);
	buf_char(&b, '@');
	buf_add(&b, domain);
	return buf_span(&b);
}

/* Adds the name of a property that is omitted, and why, to the note. */
static void
omit_property(struct buf *omitted, const char *name, const char *why)
{
	if (omitted->len)
		buf_str(omitted, ", ");
	buf_str(omitted, name);
	buf_str(omitted, why);
}

static void
settle_property(struct result *out, const struct result_property *p,
    struct buf *omitted, struct arena *a)
{
	bool is_address = p->kind == RESULT_ADDRESS;
	struct span text =
	    is_address ? address_text(p->value, a) : value_text(p->value, a);

	if (!text.p) {
		omit_property(omitted, p->name, " has no valid domain");
		return;
	}
	if (text.len > LIMIT_AUTHRES_VALUE) {
		omit_property(omitted, p->name, " is too long");
		return;
	}
	out->properties[out->nproperties] = *p;
	if (is_address)
		out->properties[out->nproperties].value = text;
	out->nproperties++;
}

struct result
authres_settled(const struct result *r, struct arena *a)
{
	struct result out = *r;
	struct buf omitted = BUF(a);

	out.nproperties = 0;
	for (size_t i = 0; i < r->nproperties; i++)
		settle_property(&out, &r->properties[i], &omitted, a);
	if (omitted.len)
		out.notes[out.nnotes++] = (struct result_note){
		    "property-omitted", buf_span(&omitted)};
	return out;
}

static struct span
property_text(const struct result_property *p, struct arena *a)
{
	struct span text =
	    p->kind == RESULT_ADDRESS ? p->value : value_text(p->value, a);

	return ARENA_JOIN(a, span_of(p->name), SPAN("="), text);
}

static struct notes
collect_notes(const struct result *r)
{
	struct notes all = {.n = 0};

	if (r->why.id)
		all.note[all.n++] = r->why;
	for (size_t i = 0; i < r->nnotes; i++)
		all.note[all.n++] = r->notes[i];
	return all;
}

/* The octets of reason= that remain for words if each note has its identifier
 * and at least room for TOO_LONG. */
static size_t
room_for_words(const struct notes *all)
{
	size_t taken = 0;

	for (size_t i = 0; i < all->n; i++)
		taken += span_of(all->note[i].id).len + 4 + TOO_LONG.len;
	assert(taken <= REASON_MAX);
	return REASON_MAX - taken;
}

/* reasonspec (RFC 8601 2.2), which precedes the propspecs. */
static struct span
reason_text(const struct notes *all, struct arena *a)
{
	size_t room = room_for_words(all);
	struct buf b = BUF(a);

	buf_str(&b, "reason=\"");
	for (size_t i = 0; i < all->n; i++) {
		struct span words = qcontent(all->note[i].words, a);

		if (words.len > room)
			words = TOO_LONG;
		else
			room -= words.len;
		buf_str(&b, i ? "; " : "");
		buf_str(&b, all->note[i].id);
		buf_str(&b, words.len ? ": " : "");
		buf_add(&b, words);
	}
	buf_char(&b, '"');
	return buf_span(&b);
}

static struct words
words_of(const struct result *r, struct arena *a)
{
	struct result settled = authres_settled(r, a);
	struct notes notes = collect_notes(&settled);
	struct words w = {.reason = SPAN_NONE};

	w.method = arena_printf(a, "%s=%s", r->method, result_name(r->code));
	if (notes.n)
		w.reason = reason_text(&notes, a);
	for (size_t i = 0; i < settled.nproperties; i++)
		w.properties[w.nproperties++] =
		    property_text(&settled.properties[i], a);
	return w;
}

static void
fold_result(struct fold *f, const struct result *r, struct arena *a)
{
	struct words w = words_of(r, a);

	fold_word(f, w.method);
	if (w.reason.p)
		fold_word(f, w.reason);
	for (size_t i = 0; i < w.nproperties; i++)
		fold_word(f, w.properties[i]);
}

bool
authres_is_id(struct span id, struct arena *a)
{
	return !span_empty(id) && is_shown(id) && fieldtext_is_safe(id) &&
	    value_text(id, a).len <= LIMIT_AUTHRES_VALUE;
}

/* RFC 8601 2.2. A line is not folded before a semicolon. */
struct span
authres_compose(struct span id, const struct result *list, size_t n,
    const char *eol, struct arena *a)
{
	struct fold f = fold_begin(SPAN("Authentication-Results"), eol, a);

	assert(authres_is_id(id, a));
	fold_word(&f, value_text(id, a));
	for (size_t i = 0; i < n; i++) {
		fold_text(&f, SPAN(";"));
		fold_result(&f, &list[i], a);
	}
	if (!n) { /* no-result */
		fold_text(&f, SPAN(";"));
		fold_word(&f, SPAN("none"));
	}
	return fold_end(&f);
}

struct span
authres_line(const struct result *r, struct arena *a)
{
	struct words w = words_of(r, a);
	struct buf b = BUF(a);

	buf_add(&b, w.method);
	if (w.reason.p) {
		buf_char(&b, ' ');
		buf_add(&b, w.reason);
	}
	for (size_t i = 0; i < w.nproperties; i++) {
		buf_char(&b, ' ');
		buf_add(&b, w.properties[i]);
	}
	return buf_span(&b);
}
