/* body_lines_links: links that lead through a server that checks them. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_lines_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "base/limit.h"

/* How the original was written, where its link does not tell. */
enum form {
	FORM_NO_SCHEME = 1, /* "www.example.org" */
	FORM_NO_SLASH = 2,  /* "https://example.org" */
	FORM_KEEP_NOTE = 4, /* " [example.org]" after it is the author's */
	FORM_BARE = 8,      /* "&" in HTML is not "&amp;" */
	FORMS = 16,
};

/* Ends a link where text goes on. */
static bool
is_outside(char c)
{
	return !ascii_is_vchar(c) || c == '<' || c == '>' || c == '"';
}

/* Returns the link at the start of a text, without what ends a sentence; of one
 * that is too long, more than LIMIT_EXPLAIN_LINK octets. */
static struct span
cut_link(struct span s)
{
	size_t n = 0;

	while (n < s.len && n <= LIMIT_EXPLAIN_LINK && !is_outside(s.p[n]))
		n++;
	while (n && n <= LIMIT_EXPLAIN_LINK && strchr(".,;:!?')]}", s.p[n - 1]))
		n--;
	return span_upto(s, n);
}

/* Removes all up to the next link, and it, from *rest. */
static bool
link_next(struct span *rest, struct span *link)
{
	static const struct span secure = {"https", 5}, plain = {"http", 4};

	while (rest->len) {
		size_t n = lines_find(*rest, SPAN("://"));
		struct span before = span_upto(*rest, n);
		size_t scheme = span_caseends(before, secure) ? secure.len
		    : span_caseends(before, plain)            ? plain.len
							      : 0;

		if (n == rest->len)
			return false;
		if (!scheme) {
			*rest = span_from(*rest, n + 3);
			continue;
		}
		*link = cut_link(span_from(*rest, n - scheme));
		*rest = span_from(*rest, n + 3);
		n = scheme + 3; /* of the link are not in *rest */
		*rest = span_from(*rest, link->len > n ? link->len - n : 0);
		if (link->len <= LIMIT_EXPLAIN_LINK)
			return true;
	}
	return false;
}

/* Returns the length of a note that shows the host of a link after it:
 * " [example[.]org]". */
static size_t
note_length(struct span after)
{
	size_t n = 2;

	if (!span_starts(after, SPAN(" [")))
		return 0;
	while (n < after.len && n < 2 * LIMIT_DNS_NAME &&
	    (ascii_is_alnum(after.p[n]) ||
		(after.p[n] && strchr(".-[]", after.p[n]))))
		n++;
	return n > 2 && after.p[n - 1] == ']' ? n : 0;
}

/* Leaves out what the service may have added. */
static struct span
without_added(struct span link, unsigned form)
{
	size_t host = lines_find(link, SPAN("://")) + 3;

	if ((form & FORM_NO_SLASH) && host < link.len &&
	    span_find(span_from(link, host), '/') + host + 1 == link.len)
		link.len--;
	if ((form & FORM_NO_SCHEME) && host < link.len &&
	    span_casestarts(span_from(link, host), SPAN("www.")))
		link = span_from(link, host);
	return link;
}

/* Writes "&" as HTML does. */
static struct span
to_html(struct lines_edits *e, struct span link)
{
	size_t n = 0;
	char *p;

	for (size_t i = 0; i < link.len; i++)
		n += link.p[i] == '&' ? 5 : 1;
	p = lines_text(e, n);
	if (!p)
		return link;
	n = 0;
	for (size_t i = 0; i < link.len; i++) {
		struct span c = span_upto(span_from(link, i), 1);

		if (c.p[0] == '&')
			c = SPAN("&amp;");
		memcpy(p + n, c.p, c.len);
		n += c.len;
	}
	return (struct span){p, n};
}

/* The edits of one form, and which other forms would differ. */
struct attempt {
	struct lines_edits e;
	unsigned form, others;
};

static struct span
in_form(struct attempt *t, struct span link, struct span original)
{
	struct span without = without_added(original, t->form);
	bool is_html = lines_find(link, SPAN("&amp;")) < link.len;

	t->others |= is_html ? FORM_BARE : 0;
	t->others |= without_added(original, FORM_NO_SCHEME).p != original.p
	    ? FORM_NO_SCHEME
	    : 0;
	t->others |= without_added(original, FORM_NO_SLASH).len < original.len
	    ? FORM_NO_SLASH
	    : 0;
	return is_html && !(t->form & FORM_BARE) ? to_html(&t->e, without)
						 : without;
}

static void
edit_link(struct attempt *t, struct span link, struct span after)
{
	struct span original;
	size_t n, note = 0;

	if (!links_original(link, &t->e, &original, &n))
		return;
	if (n == link.len)
		note = note_length(after);
	t->others |= note ? FORM_KEEP_NOTE : 0;
	if (t->form & FORM_KEEP_NOTE)
		note = 0;
	lines_edit(
	    &t->e, (struct span){link.p, n + note}, in_form(t, link, original));
}

static void
edit_links(struct attempt *t, const struct body *b)
{
	struct span rest = b->octets, link;

	while (!t->e.over && link_next(&rest, &link))
		edit_link(t, link,
		    span_between(
			link.p + link.len, b->octets.p + b->octets.len));
}

void
links_rewritten(const struct body *b, struct body_proposals *p)
{
	unsigned others = 0;

	for (unsigned form = 0; form < FORMS && body_propose_more(p); form++) {
		struct attempt t = {.e = lines_begin(b), .form = form};

		if (form & ~others)
			continue;
		edit_links(&t, b);
		others |= t.others;
		lines_propose(p, &t.e);
		if (!form)
			lines_propose_each(p, &t.e);
	}
}
