#include <stdbool.h>

#include "base/die.h"
#include "base/utf8.h"

/* Query attributes of a pkcs11 URL that are not secret (RFC 7512 2.3); what is
 * vendor's may be. */
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

static void
take(struct span *s, size_t n, FILE *to)
{
	utf8_escape(span_upto(*s, n), to);
	*s = span_from(*s, n);
}

/* What a PIN is called, after "pin"; blanks are left out, as p11-kit does. */
static const char *const pin_ends[] = {"=", "-value=", "%2dvalue="};

/* The octets of a PIN's name and "=" at the beginning of s, or 0. */
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

/* A text with a PIN where none belongs, or of another URL. True: the rest is
 * hidden. */
static bool
show_text(struct span text, FILE *to)
{
	size_t n = 0, name = 0;

	while (n < text.len && !(name = pin_name(span_from(text, n))))
		n++;
	take(&text, name ? n + name : text.len, to);
	if (text.len)
		fputs(HIDDEN, to);
	return text.len;
}

/* Up to the first attribute that may be secret; what has no name is not shown
 * at all. */
static void
show_query(struct span query, FILE *to)
{
	while (query.len) {
		struct span attribute = span_upto(query, span_find(query, '&'));
		size_t name = span_find(attribute, '=');
		bool public = is_public(span_upto(attribute, name));

		if (attribute.len && !public) {
			if (name < attribute.len)
				take(&query, name + 1, to);
			if (query.len)
				fputs(HIDDEN, to);
			return;
		}
		if (show_text(attribute, to))
			return;
		query = span_from(query, attribute.len);
		if (query.len)
			take(&query, 1, to);
	}
}

/* Where the text is in s, or s.len. */
static size_t
find(struct span s, struct span text)
{
	size_t n = 0;

	while (n < s.len && !span_casestarts(span_from(s, n), text))
		n++;
	return n;
}

/* A PIN may have any octet, and its end cannot be told from our own words after
 * it: nothing of the text is shown from there on. */
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
