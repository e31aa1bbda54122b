#include <stdbool.h>

#include "die.h"
#include "utf8.h"

/* Query attributes of a pkcs11 URL that are not secret (RFC 7512 2.3); what is
 * vendor's may be. */
static const char *const public_names[] = {
    "pin-source", "module-name", "module-path"};

#define HIDDEN "***"

static bool
is_public(struct span name)
{
	size_t n = sizeof(public_names) / sizeof(*public_names);

	for (size_t i = 0; i < n; i++)
		if (span_caseeq(name, span_of(public_names[i])))
			return true;
	return false;
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

static void
take(struct span *s, size_t n, FILE *to)
{
	utf8_escape(span_upto(*s, n), to);
	*s = span_from(*s, n);
}

/* Up to the next "&" or the end; what has no name is not shown at all. */
static void
show_attribute(struct span *query, FILE *to)
{
	struct span attribute = span_upto(*query, span_find(*query, '&'));
	size_t name = span_find(attribute, '=');

	*query = span_from(*query, attribute.len);
	if (is_public(span_upto(attribute, name))) {
		utf8_escape(attribute, to);
		return;
	}
	if (name < attribute.len)
		take(&attribute, name + 1, to);
	if (attribute.len)
		fputs(HIDDEN, to);
}

static void
show_query(struct span query, FILE *to)
{
	while (query.len) {
		show_attribute(&query, to);
		if (query.len)
			take(&query, 1, to);
	}
}

/* A PIN where none belongs, or of a URL that is not whole. */
static void
show_text(struct span text, FILE *to)
{
	static const struct span pin = {"pin-value=", 10};
	size_t n;

	while ((n = find(text, pin)) < text.len) {
		take(&text, n + pin.len, to);
		fputs(HIDDEN, to);
		n = 0;
		while (n < text.len && text.p[n] != '&' && text.p[n] != ';')
			n++;
		text = span_from(text, n);
	}
	utf8_escape(text, to);
}

/* What a URL is in is ended by ": ", as we write it; it has no blanks. */
static void
show_part(struct span part, FILE *to)
{
	size_t url = find(part, SPAN("pkcs11:"));
	size_t query = url + span_find(span_from(part, url), '?');

	if (query < part.len)
		query++;
	show_text(span_upto(part, query), to);
	show_query(span_from(part, query), to);
}

void
die_show(struct span text, FILE *to)
{
	static const struct span colon = {": ", 2};

	while (text.len) {
		size_t n = find(text, colon);

		show_part(span_upto(text, n), to);
		text = span_from(text, n);
		take(&text, text.len < colon.len ? text.len : colon.len, to);
	}
}
