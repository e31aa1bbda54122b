/* header_repairs_blank: blanks in a field, and the case of its name. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

#include "base/ascii.h"

/* Runs of blanks that were one blank are unknown; the reverse is not: the
 * relaxed form has the words, and most software writes one SP. */
HEADER_FIELD(header_blank_runs)
{
	struct header_text t;
	struct span head, single;

	if (!header_text_read(&t, h, index, raw, p, NULL) || !t.is_simple)
		return;
	head = ARENA_JOIN(t.arena, t.name, t.colon);
	single = header_squeezed(t.value, t.arena);
	if (t.tail.len)
		HEADER_TEXT_PUT(&t, head, t.value);
	else
		HEADER_TEXT_PUT(&t, head, t.value, SPAN(" "));
	header_text_put(&t, single);
	HEADER_TEXT_PUT(&t, t.name, SPAN(": "), single);
}

HEADER_FIELD(header_blank_colon)
{
	static const char *const colons[] = {":", ": ", ":  ", ":\t", " : "};
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, NULL) || !t.is_simple)
		return;
	for (size_t i = 0; i < COUNT(colons); i++)
		HEADER_TEXT_PUT(
		    &t, t.name, span_of(colons[i]), t.value, t.tail);
	if (!t.value.len)
		HEADER_TEXT_PUT(&t, t.name, SPAN(":"));
}

/*
 * Blanks beside separators.
 */

/* What to do with blanks on one side of one octet, outside quotes. */
struct beside {
	char c;
	bool is_before;
	const char *blank;
};

static const struct beside besides[] = {
    {',', false, " "},
    {',', false, ""},
    {';', false, " "},
    {';', false, ""},
    {'<', true, " "},
    {'<', true, ""},
    {'>', false, " "},
    {',', true, ""},
    {';', true, ""},
    {'=', false, ""},
    {'=', true, ""},
    {':', false, ""},
    {':', false, " "},
};

static size_t
blanks_after(struct span s, size_t i)
{
	return header_blanks(span_from(s, i + 1));
}

static void
put_before(struct buf *b, const struct beside *d)
{
	while (b->len && ascii_is_space(b->p[b->len - 1]))
		b->len--;
	if (b->len)
		buf_str(b, d->blank);
}

static struct span
changed(const struct header_text *t, const struct beside *d)
{
	struct buf b = BUF(t->arena);
	struct span s = t->value;
	bool quoted = false;

	for (size_t i = 0; i < s.len; i++) {
		bool is_it = s.p[i] == d->c && !quoted;

		quoted ^= s.p[i] == '"';
		if (is_it && d->is_before)
			put_before(&b, d);
		buf_char(&b, s.p[i]);
		if (is_it && !d->is_before && i + 1 < s.len) {
			size_t n = blanks_after(s, i);

			if (i + 1 + n < s.len &&
			    (!d->blank[0] || s.p[i + 1 + n] != ','))
				buf_str(&b, d->blank);
			i += n;
		}
	}
	return buf_span(&b);
}

static const char *const structured[] = {"From", "Sender", "Reply-To", "To",
    "Cc", "Resent-From", "Resent-To", "Resent-Cc", "Resent-Sender",
    "References", "In-Reply-To", "Content-Type", "Content-Disposition",
    "Content-Transfer-Encoding", "List-Id", "List-Unsubscribe", "List-Post",
    "List-Help", "List-Archive", "List-Owner", "List-Subscribe", "Autocrypt",
    "Keywords", "VBR-Info", "Message-ID", "MIME-Version", NULL};

HEADER_FIELD(header_blank_commas)
{
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, structured))
		return;
	for (size_t i = 0; i < COUNT(besides); i++)
		header_text_put(&t, changed(&t, &besides[i]));
	if (t.value.len &&
	    (t.value.p[t.value.len - 1] == ';' ||
		t.value.p[t.value.len - 1] == ','))
		header_text_put(&t, span_upto(t.value, t.value.len - 1));
}

/*
 * The case of names.
 */

/* Names that have more letters in upper case than the first of each word. */
static const char *const names[] = {"Message-ID", "MIME-Version", "List-ID",
    "DKIM-Signature", "Resent-Message-ID", "Content-ID", "VBR-Info"};

/* "MIME-Version", "Mime-Version", "Mime-version", and all letters in one
 * case. */
HEADER_FIELD(header_name_case)
{
	struct header_text t;
	struct span rest, lower, usual;

	if (!header_text_read(&t, h, index, raw, p, NULL) || !t.is_simple)
		return;
	rest = span_from(field_chomp(t.raw), t.name.len);
	lower = arena_lower(t.arena, t.name);
	usual = header_capital(lower, "-", t.arena);
	for (size_t i = 0; i < COUNT(names); i++)
		if (header_text_is(&t, names[i]))
			usual = span_of(names[i]);
	HEADER_TEXT_PUT(&t, usual, rest);
	HEADER_TEXT_PUT(&t, header_capital(lower, "-", t.arena), rest);
	HEADER_TEXT_PUT(&t, header_capital(lower, "", t.arena), rest);
	HEADER_TEXT_PUT(&t, lower, rest);
	HEADER_TEXT_PUT(&t, header_capital(lower, NULL, t.arena), rest);
}
