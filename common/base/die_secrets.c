/* die_secrets: hide PINs in what is written to stderr. */
/* SPDX-License-Identifier: ISC */

#include <stdbool.h>

#include "base/die.h"
#include "base/utf8.h"

/* Query attributes of a pkcs11 URL that are not secret (RFC 7512 2.3). Those of
 * vendors may be secret. */
static const char *const public_names[] = {
    "pin-source", "module-name", "module-path"};

#define HIDDEN "***"

static bool
is_public(struct span name)
{
	size_t n = COUNT(public_names);

	for (size_t i = 0; i < n; i++)
		if (span_caseeq(name, span_of(public_names[i])))
			return true;
	return false;
}

/* Writes the first n octets of *s and takes them off. */
static void
show_part(struct span *s, size_t n, FILE *to)
{
	utf8_escape(span_upto(*s, n), to);
	*s = span_from(*s, n);
}

/* How the name of a PIN goes on after "pin". Blanks in a name are skipped, as
 * p11-kit does. */
static const char *const pin_ends[] = {"=", "-value=", "%2dvalue="};

/* The length of a PIN's name and "=" at the beginning of s, or 0. */
static size_t
pin_name(struct span s)
{
	char name[16];
	size_t len = 0, n = 3;

	if (!span_casestarts(s, SPAN("pin")))
		return 0;
	for (; n < s.len && len < sizeof(name); n++) {
		if (s.p[n] != ' ' && s.p[n] != '\t')
			name[len++] = s.p[n];
		if (s.p[n] == '=')
			break;
	}
	for (size_t i = 0; i < COUNT(pin_ends); i++)
		if (span_caseeq((struct span){name, len}, span_of(pin_ends[i])))
			return n + 1;
	return 0;
}

/* Writes a text that is not a query, in which a PIN may be by mistake or in
 * another URL. Returns true if it hid the rest. */
static bool
show_text(struct span text, FILE *to)
{
	size_t n = 0, name = 0;

	while (n < text.len && !(name = pin_name(span_from(text, n))))
		n++;
	show_part(&text, name ? n + name : text.len, to);
	if (text.len)
		fputs(HIDDEN, to);
	return text.len;
}

/* Writes a query up to the value of the first attribute that may be secret; an
 * attribute without a name is hidden whole. */
static void
show_query(struct span query, FILE *to)
{
	while (query.len) {
		struct span attribute = span_upto(query, span_find(query, '&'));
		size_t name = span_find(attribute, '=');
		bool public = is_public(span_upto(attribute, name));

		if (attribute.len && !public) {
			if (name < attribute.len)
				show_part(&query, name + 1, to);
			if (query.len)
				fputs(HIDDEN, to);
			return;
		}
		if (show_text(attribute, to))
			return;
		query = span_from(query, attribute.len);
		if (query.len)
			show_part(&query, 1, to);
	}
}

/* The position of a text in s (ASCII case ignored), or s.len. */
static size_t
find(struct span s, struct span text)
{
	size_t n = 0;

	while (n < s.len && !span_casestarts(span_from(s, n), text))
		n++;
	return n;
}

/* A PIN may have any octet, so the words of the message that follow it cannot
 * be told from it: nothing is shown after the first secret. */
void
die_show(struct span text, FILE *to)
{
	size_t url = find(text, SPAN("pkcs11:"));
	size_t query = url + span_find(span_from(text, url), '?');

	if (query < text.len)
		query++;
	if (!show_text(span_upto(text, query), to))
		show_query(span_from(text, query), to);
}
