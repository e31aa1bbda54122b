/* aggregate_expat: expat, and where reading can resume. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "report/aggregate_internal.h"

void
aggregate_drop(struct aggregate *a, size_t n)
{
	struct window *w = &a->window;

	if (!n)
		return;
	memmove(w->p, w->p + n, w->len - n);
	w->len -= n;
	w->base += n;
	w->parsed -= n < w->parsed ? n : w->parsed;
}

/* How many line feeds octets have, eight at a time: this sees each octet of the
 * stream, and expat's own count of lines takes a quarter of its time. */
static uint64_t
line_feeds(const char *p, size_t n)
{
	const uint64_t ones = UINT64_MAX / 255, low = ones * 127;
	uint64_t lines = 0, eight;

	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&eight, p, 8);
		eight ^= ones * '\n';
		eight = ~(((eight & low) + low) | eight | low);
		lines += (unsigned)__builtin_popcountll(eight);
	}
	while (n--)
		lines += *p++ == '\n';
	return lines;
}

/* Moves a->line to an octet of the window. */
static void
count_lines(struct aggregate *a, uint64_t to)
{
	const struct window *w = &a->window;

	if (to <= a->counted)
		return;
	a->line += line_feeds(w->p + (a->counted - w->base), to - a->counted);
	a->counted = to;
}

/* The octet of the stream at which expat's event begins. */
static uint64_t
event(const struct aggregate *a)
{
	return (uint64_t)XML_GetCurrentByteIndex(a->expat);
}

/* Reading can resume after the event, with the elements that are open. */
static void
set_mark(struct aggregate *a)
{
	a->mark = event(a) + (uint64_t)XML_GetCurrentByteCount(a->expat);
	count_lines(a, a->mark);
	a->mark_line = a->line;
	a->mark_depth = a->depth;
}

/* Is no child of feedback open? */
static bool
is_between(const struct aggregate *a)
{
	return (a->stack[a->depth] & ~NODE_TRANSPARENT) <= NODE_FEEDBACK;
}

static void
halt(struct aggregate *a)
{
	XML_StopParser(a->expat, XML_FALSE);
}

static void
on_start(void *user, const char *element, const char **attributes)
{
	struct aggregate *a = user;
	enum name name = aggregate_name(&a->vocabulary, span_of(element));

	(void)attributes;
	if (a->stopped || a->wants_mending)
		return; /* expat can go on after XML_StopParser() */
	if (name == NAME_RECORD || is_between(a))
		count_lines(a, event(a));
	switch (aggregate_open(a, name)) {
	case READ_OK:
		if (is_between(a))
			set_mark(a);
		break;
	case READ_MEND:
		a->wants_mending = true;
		halt(a);
		break;
	case READ_TOO_DEEP:
		aggregate_stop(a, AGGREGATE_REFUSED_TOO_DEEP,
		    "elements nest more than 32 deep");
		halt(a);
		break;
	}
}

static void
on_end(void *user, const char *element)
{
	struct aggregate *a = user;

	(void)element;
	if (a->stopped || a->wants_mending)
		return;
	aggregate_close(a);
	if (is_between(a))
		set_mark(a);
}

static void
on_text(void *user, const char *p, int n)
{
	aggregate_text(user, p, (size_t)n);
}

static void
on_declaration(
    void *user, const char *version, const char *encoding, int standalone)
{
	struct aggregate *a = user;

	(void)version;
	(void)standalone;
	if (encoding && strlen(encoding) < sizeof(a->encoding))
		memcpy(a->encoding, encoding, strlen(encoding) + 1);
}

static void
on_doctype(void *user, const char *name, const char *system_id,
    const char *public_id, int has_subset)
{
	struct aggregate *a = user;

	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	count_lines(a, event(a));
	aggregate_stop(a, AGGREGATE_REFUSED_DOCTYPE,
	    "a document type declaration is refused");
	halt(a);
}

static int
on_encoding(void *user, const char *name, XML_Encoding *encoding)
{
	(void)user;
	encoding->data = NULL;
	encoding->convert = NULL;
	encoding->release = NULL;
	return aggregate_charset(name, encoding->map) ? XML_STATUS_OK
						      : XML_STATUS_ERROR;
}

void
aggregate_expat_begin(struct aggregate *a, bool is_utf8)
{
	static const XML_Memory_Handling_Suite memory = {
	    arena_malloc, arena_realloc, free};
	const char *encoding = is_utf8 ? "UTF-8" : NULL;

	if (a->expat)
		XML_ParserReset(a->expat, encoding);
	else
		a->expat = XML_ParserCreate_MM(encoding, &memory, NULL);
	if (!a->expat)
		arena_exhausted();
	XML_SetUserData(a->expat, a);
	XML_SetElementHandler(a->expat, on_start, on_end);
	XML_SetCharacterDataHandler(a->expat, on_text);
	XML_SetXmlDeclHandler(a->expat, on_declaration);
	XML_SetStartDoctypeDeclHandler(a->expat, on_doctype);
	XML_SetUnknownEncodingHandler(a->expat, on_encoding, a);
}

void
aggregate_expat_run(struct aggregate *a, bool final)
{
	struct window *w = &a->window;
	enum XML_Status status = XML_Parse(
	    a->expat, w->p + w->parsed, (int)(w->len - w->parsed), final);

	w->parsed = w->len;
	if (status != XML_STATUS_OK && !a->stopped) {
		a->error = XML_GetErrorCode(a->expat);
		if (a->error == XML_ERROR_NO_MEMORY)
			arena_exhausted();
		a->error_at = event(a);
		a->wants_mending = true;
		return;
	}
	aggregate_drop(a, (size_t)(a->mark - w->base));
	if (w->len > LIMIT_XML_CHILD && !a->stopped) {
		count_lines(a, a->mark);
		aggregate_stop(a, AGGREGATE_REFUSED_ELEMENT_TOO_LONG,
		    "an element and what precedes it have more than 1 MiB");
	}
}
