/*
 * slow_dkim: the octets that a signature covers (RFC 6376 3.4, 3.7, 5.4.2). The
 * library is compared with it, and its code is not used here.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SLOW_DKIM_H
#define SLOW_DKIM_H

#include "slow_canon.h"

/*
 * A message is cut into fields and body. A line that begins with a blank
 * continues a field; an empty line, or one without a name and a colon, ends the
 * header.
 */
#define FIELDS 64

struct parts {
	struct span fields[FIELDS];
	size_t nfields;
	struct span body;
};

static size_t
name_length(struct span line)
{
	size_t n = 0;

	while (n < line.len && ascii_is_ftext(line.p[n]))
		n++;
	return n;
}

static bool
is_field(struct span line)
{
	size_t name = name_length(line), n = name;

	while (n < line.len && ascii_is_wsp(line.p[n]))
		n++;
	return name && n < line.len && line.p[n] == ':';
}

static struct parts
cut(struct span s)
{
	struct parts p = {.nfields = 0};

	while (s.len) {
		size_t n = span_find(s, '\n');
		struct span line = span_upto(s, n < s.len ? n + 1 : n);
		bool more = ascii_is_wsp(line.p[0]) && p.nfields;

		if (!more && !is_field(line))
			break;
		if (more)
			p.fields[p.nfields - 1].len += line.len;
		else if (p.nfields < FIELDS)
			p.fields[p.nfields++] = line;
		s = span_from(s, line.len);
	}
	if (span_starts(s, SPAN("\n")))
		s = span_from(s, 1);
	else if (span_starts(s, SPAN("\r\n")))
		s = span_from(s, 2);
	p.body = s;
	return p;
}

static bool
has_name(struct span field, struct span name)
{
	return span_caseeq(span_upto(field, name_length(field)), name);
}

/* RFC 6376 5.4.2: each name selects the lowest field not selected yet. */
static void
add_selected(
    const struct parts *p, struct span list, enum canon c, struct buf *out)
{
	bool taken[FIELDS] = {false};

	while (list.p) {
		struct span name = span_trim(span_cut(&list, ':'));

		for (size_t i = p->nfields; i; i--)
			if (!taken[i - 1] && has_name(p->fields[i - 1], name)) {
				taken[i - 1] = true;
				buf_add(out,
				    slow_header(
					c, p->fields[i - 1], out->arena));
				break;
			}
	}
}

/* RFC 6376 2.8: a tag-list cannot contain a CR without an LF. */
static bool
has_bare_cr(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '\r' && (i + 1 == s.len || s.p[i + 1] != '\n'))
			return true;
	return false;
}

/* Returns the value of b= in a signature field, or absent. */
static struct span
find_b(struct span field)
{
	struct span rest = field;

	span_cut(&rest, ':');
	while (rest.p) {
		struct span value = span_cut(&rest, ';');

		if (span_eq(span_trim(span_cut(&value, '=')), SPAN("b")))
			return value;
	}
	return SPAN_NONE;
}

/* Appends the characters of base64 without white space, and without complete
 * padding, which is optional (RFC 6376 2.10). */
static void
add_base64(struct span b, struct buf *out)
{
	size_t start = out->len;

	for (size_t i = 0; i < b.len; i++)
		if (!ascii_is_space(b.p[i]))
			buf_char(out, b.p[i]);
	if ((out->len - start) % 4 == 0)
		while (out->len > start && out->p[out->len - 1] == '=')
			out->len--;
}

/*
 * Appends the signature field without the value of b= and without its last CRLF
 * (RFC 6376 3.7), then that value, which is not hashed, but must not change
 * either. Returns false if the field is not a valid signature.
 */
static bool
add_signature(struct span field, enum canon c, struct buf *out)
{
	struct span b = find_b(field), text;
	struct buf without = BUF(out->arena);

	if (!b.p || has_bare_cr(field))
		return false;
	buf_add(&without, span_between(field.p, b.p));
	buf_add(&without, span_between(b.p + b.len, field.p + field.len));
	text = slow_header(c, buf_span(&without), out->arena);
	buf_add(out, span_upto(text, text.len - 2));
	buf_char(out, '\n');
	add_base64(b, out);
	return true;
}

/* Returns all octets that the first signature covers, for these names in h=;
 * absent if there is none that is valid. */
static struct span
signed_octets(struct span message, struct span names, enum canon header,
    enum canon body, struct arena *a)
{
	struct parts p = cut(message);
	struct buf out = BUF(a);
	size_t i = 0;

	while (i < p.nfields && !has_name(p.fields[i], SPAN("DKIM-Signature")))
		i++;
	if (i == p.nfields)
		return SPAN_NONE;
	add_selected(&p, names, header, &out);
	if (!add_signature(p.fields[i], header, &out))
		return SPAN_NONE;
	buf_char(&out, '\n');
	buf_add(&out, slow_body(body, p.body, a));
	return buf_span(&out);
}

#endif
