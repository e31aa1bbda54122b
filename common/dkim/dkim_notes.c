/* dkim_notes: what is noted beside the reason of a DKIM result. */
/* SPDX-License-Identifier: ISC */

#include <inttypes.h>

#include "dkim/dkim_internal.h"

/* Fields of which mail readers show only one: if a second one is not signed, it
 * may be the one shown (RFC 6376 8.15; RFC 5322 3.6, RFC 2045). */
static const char *const singletons[] = {"Subject", "Date", "To", "Cc",
    "Reply-To", "Sender", "Message-ID", "In-Reply-To", "References",
    "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    "Content-Disposition", "Content-ID", "Content-Description"};

bool
dkim_is_uncovered(
    const struct message *m, const uint32_t *used, struct span name)
{
	const struct field *f = message_lowest(m, name);
	size_t n = message_count(m, name);

	return n > 1 && used[f->name_id] < n;
}

struct span
dkim_uncovered(const struct message *m, const uint32_t *used)
{
	struct buf b = BUF(m->arena);

	for (size_t i = 0; i < COUNT(singletons); i++)
		if (dkim_is_uncovered(m, used, span_of(singletons[i])))
			buf_printf(
			    &b, "%s%s", b.len ? ", " : "", singletons[i]);
	return buf_span(&b);
}

void
dkim_note_duplicates(
    const struct message *m, const uint32_t *used, struct result *r)
{
	struct span names = dkim_uncovered(m, used);

	if (names.len)
		result_note(r, DKIM_NOTE_DUPLICATE,
		    arena_printf(m->arena,
			"not every instance of a repeated field is "
			"signed: " SPAN_FMT,
			SPAN_ARG(names)));
}

/* At most this many octets of a tag are shown. */
#define SHOWN 60

static size_t
count_lines(struct span text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.p[i] == '\n';
	return n;
}

/* Describes where in the message the tag is: "line 3, octet 25: bh=!". */
static struct span
place_in_header(const struct message *m, const struct dkim_signature *s)
{
	struct span raw = s->field->raw;
	const char *at = s->wrong.p ? s->wrong.p : raw.p;
	struct span before = span_between(raw.p, at);
	size_t lines = 1 + count_lines(m->mbox) + count_lines(before);
	size_t start = span_find_last(before, '\n');
	struct buf b = BUF(m->arena);

	for (const struct field *f = m->fields; f < s->field; f++)
		lines += count_lines(f->raw);
	start = start == before.len ? 0 : start + 1;
	buf_printf(&b, "line %zu, octet %zu", lines, before.len - start + 1);
	if (s->wrong.len) {
		buf_str(&b, ": ");
		buf_short(&b, s->wrong, SHOWN);
	}
	return buf_span(&b);
}

/* Describes where in the key record the tag is: "NAME TXT, octet 11: p=!". */
static struct span
place_in_key(
    const struct dkim_signature *s, const struct dkim_key *key, struct arena *a)
{
	struct buf b = BUF(a);
	struct span at = key->wrong.p ? key->wrong : key->record;

	buf_add(&b, dkim_key_name(s->selector, s->domain, a));
	buf_printf(
	    &b, " TXT, octet %zu: ", span_between(key->record.p, at.p).len + 1);
	buf_short(&b, at, SHOWN);
	return buf_span(&b);
}

void
dkim_note_detail(const struct message *m, const struct dkim_signature *s,
    const struct dkim_key *key, struct result *r)
{
	struct span detail = key->detail.p ? key->detail : s->detail;

	if (key->detail.p)
		r->place = place_in_key(s, key, m->arena);
	else if (s->detail.p || s->wrong.p)
		r->place = place_in_header(m, s);
	if (detail.p)
		r->why.words =
		    ARENA_JOIN(m->arena, r->why.words, SPAN(": "), detail);
}

void
dkim_note_tolerated(const struct dkim_signature *s, const struct dkim_key *key,
    struct result *r)
{
	if (s->irregular.p)
		result_note(r, DKIM_NOTE_TOLERATED, s->irregular);
	if (key->irregular.p)
		result_note(r, DKIM_NOTE_TOLERATED, key->irregular);
}
