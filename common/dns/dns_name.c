/* dns_name: names as text, in canonical form and as in zone files. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"

#include "base/ascii.h"
#include "base/domain.h"
#include "base/limit.h"

/* Is the octet of a label written as \DDD in a canonical name? */
static bool
is_escaped(char c)
{
	return !ascii_is_vchar(c) || c == '\\' || c == '.';
}

/* Appends an octet of a label, in lower case (RFC 4343 3). */
static void
put_octet(struct buf *b, char c)
{
	if (is_escaped(c))
		buf_printf(b, "\\%03u", (unsigned)(unsigned char)c);
	else
		buf_char(b, ascii_lower(c));
}

/* RFC 1035 2.3.4: 63 octets or less; only the root's label is empty (3.1). */
static bool
are_labels_valid(struct span raw)
{
	while (raw.p) {
		struct span label = span_cut(&raw, '.');

		if (!label.len || label.len > LIMIT_DNS_LABEL)
			return false;
	}
	return true;
}

bool
dns_name_raw(struct span raw, struct arena *a, struct span *name)
{
	struct buf b = BUF(a);

	raw = domain_without_dot(raw);
	for (size_t i = 0; i < raw.len; i++)
		if (raw.p[i] == '.')
			buf_char(&b, '.');
		else
			put_octet(&b, raw.p[i]);
	*name = buf_span(&b);
	return raw.len && raw.len <= LIMIT_DNS_NAME && are_labels_valid(raw);
}

bool
dns_unescape(struct span *text, char *c, bool *escaped)
{
	unsigned value = 0;

	*c = text->p[0];
	*escaped = *c == '\\';
	*text = span_from(*text, 1);
	if (!*escaped)
		return true;
	if (!text->len)
		return false;
	if (!ascii_is_digit(text->p[0])) {
		*c = text->p[0];
		*text = span_from(*text, 1);
		return true;
	}
	for (size_t i = 0; i < 3; i++) {
		if (i == text->len || !ascii_is_digit(text->p[i]))
			return false;
		value = value * 10 + (unsigned)(text->p[i] - '0');
	}
	*c = (char)(unsigned char)value;
	*text = span_from(*text, 3);
	return value <= 255;
}

bool
dns_name_octets(struct span name, struct arena *a, struct span *text)
{
	struct buf b = BUF(a);
	bool escaped;
	char c;

	while (name.len) {
		if (!dns_unescape(&name, &c, &escaped) || (escaped && c == '.'))
			return false;
		buf_char(&b, c);
	}
	*text = buf_span(&b);
	return true;
}

/* Returns how many octets a canonical name has without its escapes. */
static size_t
unescaped_length(struct span name)
{
	size_t n = name.len;

	for (size_t i = 0; i < name.len; i++)
		if (name.p[i] == '\\')
			n -= 3;
	return n;
}

/* Appends the labels of a name in a zone file, and adds its length to *total.
 * Sets *absolute if it ends in a dot. Returns NULL, or words for the error. */
static const char *
add_labels(struct span text, struct buf *b, size_t *total, bool *absolute)
{
	size_t label = 0;
	bool escaped;
	char c;

	*absolute = false;
	while (text.len) {
		if (!dns_unescape(&text, &c, &escaped))
			return "a bad escape in a name";
		++*total;
		if (c == '.' && !escaped) {
			if (!label)
				return "an empty label in a name";
			if ((*absolute = !text.len))
				break;
			label = 0;
			buf_char(b, '.');
		} else {
			if (++label > LIMIT_DNS_LABEL)
				return "a label over 63 octets";
			put_octet(b, c);
		}
	}
	*total -= *absolute;
	return NULL;
}

const char *
dns_name_parse(
    struct span text, struct span origin, struct arena *a, struct span *name)
{
	struct buf b = BUF(a);
	const char *wrong;
	size_t total = 0;
	bool absolute;

	*name = span_eq(text, SPAN(".")) ? SPAN("") : origin;
	if (span_eq(text, SPAN(".")) || span_eq(text, SPAN("@")))
		return NULL;
	if (!text.len)
		return "an empty name";
	wrong = add_labels(text, &b, &total, &absolute);
	if (wrong)
		return wrong;
	if (!absolute && origin.len) {
		total += 1 + unescaped_length(origin);
		buf_char(&b, '.');
		buf_add(&b, origin);
	}
	*name = buf_span(&b);
	return total > LIMIT_DNS_NAME ? "a name over 253 octets" : NULL;
}

const char *
dns_name_owner(
    struct span text, struct span origin, struct arena *a, struct span *name)
{
	const char *wrong = dns_name_parse(text, origin, a, name);

	/* RFC 1034 4.3.3. An escaped asterisk is literal (RFC 1035 5.1). */
	if (!wrong && text.p[0] == '*' && (text.len == 1 || text.p[1] == '.'))
		*name = arena_printf(a, "\\" SPAN_FMT, SPAN_ARG(*name));
	return wrong;
}

struct span
dns_name_parent(struct span name)
{
	size_t dot = span_find(name, '.');

	return dot < name.len ? span_from(name, dot + 1) : SPAN("");
}

void
dns_name_write(struct buf *b, struct span name)
{
	/* A first label "*" would be read as a wildcard. */
	if (name.len && name.p[0] == '*' && (name.len == 1 || name.p[1] == '.'))
		buf_char(b, '\\');
	for (size_t i = 0; i < name.len; i++) {
		if (memchr("\"$();@", name.p[i], 6))
			buf_char(b, '\\');
		buf_char(b, name.p[i]);
	}
	buf_char(b, '.');
}

struct span
dns_name_text(struct span name, struct arena *a)
{
	struct buf b = BUF(a);

	dns_name_write(&b, name);
	return span_upto(buf_span(&b), b.len - 1);
}
