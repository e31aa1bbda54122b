/* dkim: reasons, the octets of the header hash, quoted-printable, key names. */
/* SPDX-License-Identifier: ISC */

#include "dkim/dkim_internal.h"

#include <string.h>

#include "base/ascii.h"

const struct result_reason dkim_reasons[] = {DKIM_REASONS(RESULT_REASON)};

bool
dkim_is_unchecked(struct span reason)
{
	return span_eq(span_upto(reason, span_find(reason, ':')),
	    span_of(dkim_reasons[DKIM_FORBIDDEN].id));
}

/* The field to select next for each name: from the bottom up; a name that has
 * no more fields selects nothing (RFC 6376 5.4.2). */
struct cursor {
	const struct message *m;
	uint32_t *next; /* by name_id */
};

static struct cursor
cursor_new(const struct message *m)
{
	struct cursor c = {m, ARENA_ARRAY(m->arena, uint32_t, m->nnames)};

	for (size_t i = 0; i < m->nnames; i++)
		c.next[i] = m->names[i].lowest;
	return c;
}

static const struct field *
cursor_take(struct cursor *c, struct span name, const struct field *self)
{
	const struct field *f = message_lowest(c->m, name);

	if (!f || c->next[f->name_id] == UINT32_MAX)
		return NULL;
	f = &c->m->fields[c->next[f->name_id]];
	c->next[f->name_id] = f->above;
	return f == self ? cursor_take(c, name, NULL) : f;
}

/* Writes the signature field without its final CRLF (RFC 6376 3.7). */
static void
put_without_crlf(
    enum canon c, struct span text, struct arena *a, struct sink *to)
{
	struct sink_buf whole = sink_to_buf(a);

	canon_header(c, text, &whole.sink);
	sink_put(to, span_upto(buf_span(&whole.buf), whole.buf.len - 2));
}

void
dkim_put_header(const struct message *m, enum canon c, struct span names,
    const struct field *self, struct span text, struct sink *to, uint32_t *used)
{
	struct cursor cursor = cursor_new(m);
	struct span name;

	while (taglist_item(&names, ':', &name)) {
		const struct field *f = cursor_take(&cursor, name, self);

		if (!f)
			continue;
		canon_header(c, f->raw, to);
		if (used)
			used[f->name_id]++;
	}
	put_without_crlf(c, text, m->arena, to);
}

static int
hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
dkim_qp_decode(struct span text, struct arena *a, struct span *out)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < text.len; i++) {
		int high, low;

		if (ascii_is_space(text.p[i]))
			continue;
		if (text.p[i] != '=') {
			buf_char(&b, text.p[i]);
			continue;
		}
		if (text.len - i < 3)
			return false;
		high = hex_value(text.p[i + 1]);
		low = hex_value(text.p[i + 2]);
		if (high < 0 || low < 0)
			return false;
		buf_char(&b, (char)(high << 4 | low));
		i += 2;
	}
	*out = buf_span(&b);
	return true;
}

struct span
dkim_qp_encode(struct span text, bool copied, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		/* dkim-safe-char, and UTF-8 unencoded (RFC 8616 5); but "?"
		 * encoded, since "=?" begins an encoded-word (RFC 2047 2) */
		if ((ascii_is_vchar(c) && c != ';' && c != '=' && c != '?' &&
			!(copied && (c == '|' || c == ':'))) ||
		    (ascii_is_8bit(c) && !copied))
			buf_char(&b, c);
		else
			buf_printf(&b, "=%02X", (unsigned char)c);
	}
	return buf_span(&b);
}

struct span
dkim_key_name(struct span selector, struct span domain, struct arena *a)
{
	return arena_printf(a, SPAN_FMT "._domainkey." SPAN_FMT,
	    SPAN_ARG(selector), SPAN_ARG(domain));
}
