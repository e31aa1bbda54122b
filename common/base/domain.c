/* domain: the normal form of domain names, by libidn2, and their order. */
/* SPDX-License-Identifier: ISC */

#include "base/domain.h"

#include <idn2.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/limit.h"

/* The longest label that is passed to libidn2, in octets of UTF-8. An A-label
 * of 63 octets encodes at most 59 characters; before NFC each of them can be
 * several. */
#define LABEL_UTF8 1024

static const struct span ace = {"xn--", 4}; /* RFC 5890 2.3.2.5 */

struct span
domain_without_dot(struct span name)
{
	if (name.len && name.p[name.len - 1] == '.')
		name.len--;
	return name;
}

/* Adds a label of letters, digits and inner hyphens (RFC 5890 2.3.1) in lower
 * case; underscore: "_" is allowed, too, as in the DNS. */
static bool
add_ldh(struct buf *b, struct span label, bool underscore)
{
	char *out;

	if (!label.len || label.len > LIMIT_DNS_LABEL)
		return false;
	if (label.p[0] == '-' || label.p[label.len - 1] == '-')
		return false;
	out = buf_room(b, label.len);
	for (size_t i = 0; i < label.len; i++) {
		char c = label.p[i];

		if (!ascii_is_alnum(c) && c != '-' && !(c == '_' && underscore))
			return false;
		out[i] = ascii_lower(c);
	}
	b->len += label.len;
	return true;
}

/* Copies a label in lower case with a NUL at its end. False: it has a NUL, or
 * is too long. */
static bool
lower(struct span label, char text[static LABEL_UTF8 + 1])
{
	if (label.len > LABEL_UTF8)
		return false;
	for (size_t i = 0; i < label.len; i++) {
		if (!label.p[i])
			return false;
		text[i] = ascii_lower(label.p[i]);
	}
	text[label.len] = '\0';
	return true;
}

/* Did a call of libidn2 succeed? It reports lack of memory, which ends the
 * program. */
static bool
succeeds(int rc)
{
	if (rc == IDN2_MALLOC)
		arena_exhausted();
	return rc == IDN2_OK;
}

static bool
to_unicode(const char *a_label, char **u_label)
{
	return succeeds(idn2_to_unicode_8z8z(a_label, u_label, 0));
}

/*
 * Adds a U-label or an A-label as an A-label (RFC 5891 5). libidn2's own STD3
 * flag drops the characters that the rules forbid, so that "a_b" in a U-label
 * would become "ab"; without the flag they stay, and add_ldh() refuses them, as
 * it does a dot that a character was mapped to. A label is an A-label only if
 * its U-label converts back to it (5.4): libidn2 accepts some that do not.
 */
static bool
add_idna(struct buf *b, struct span label)
{
	bool is_ace = span_casestarts(label, ace), good;
	char text[LABEL_UTF8 + 1], *unicode = NULL;
	uint8_t *ascii = NULL;
	struct span a_label;

	if (!lower(label, text) || (is_ace && !to_unicode(text, &unicode)))
		return false;
	succeeds(idn2_lookup_u8((const uint8_t *)(is_ace ? unicode : text),
	    &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL));
	a_label = span_of((const char *)ascii);
	good = !is_ace || span_eq(a_label, span_of(text));
	good = good && add_ldh(b, a_label, false);
	idn2_free(ascii);
	idn2_free(unicode);
	return good;
}

static bool
add_label(struct buf *b, struct span label)
{
	if (span_is_ascii(label) && !span_casestarts(label, ace))
		return add_ldh(b, label, true);
	return add_idna(b, label);
}

struct span
domain_normal(struct span name, struct arena *a)
{
	struct buf b = BUF(a);
	struct span rest = domain_without_dot(name);

	if (!rest.len)
		return SPAN_NONE;
	while (rest.p) {
		struct span label = span_cut(&rest, '.');

		if (b.len)
			buf_char(&b, '.');
		if (!add_label(&b, label) || b.len > LIMIT_DNS_NAME)
			return SPAN_NONE;
	}
	return buf_span(&b);
}

struct span
domain_normal_id(struct span id, struct arena *a)
{
	struct span name = domain_normal(id, a);
	struct buf b = BUF(a);

	if (name.p || !id.p)
		return name;
	id = domain_without_dot(id);
	for (size_t i = 0; i < id.len; i++)
		buf_char(&b, ascii_lower(id.p[i]));
	return buf_span(&b);
}

bool
domain_within(struct span name, struct span ancestor)
{
	size_t above;

	if (!ancestor.len || name.len < ancestor.len)
		return false;
	above = name.len - ancestor.len;
	if (!span_eq(span_from(name, above), ancestor))
		return false;
	return !above || (above > 1 && name.p[above - 1] == '.');
}

size_t
domain_labels(struct span name)
{
	size_t n = 0;

	for (; name.len; name = domain_parent(name))
		n++;
	return n;
}

struct span
domain_parent(struct span name)
{
	span_cut(&name, '.');
	return name;
}

/* Adds an A-label as its U-label; other labels, and A-labels that libidn2
 * refuses, unchanged. */
static void
add_display(struct buf *b, struct span label)
{
	bool is_ace = span_casestarts(label, ace);
	char text[LABEL_UTF8 + 1], *unicode = NULL;

	if (is_ace && lower(label, text) && to_unicode(text, &unicode))
		buf_str(b, unicode);
	else
		buf_add(b, label);
	idn2_free(unicode);
}

struct span
domain_display(struct span name, struct arena *a)
{
	struct buf b = BUF(a);
	struct span rest = name;

	if (!name.p)
		return name;
	while (rest.p) {
		add_display(&b, span_cut(&rest, '.'));
		if (rest.p)
			buf_char(&b, '.');
	}
	return buf_span(&b);
}
