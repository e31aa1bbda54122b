/* aggregate_expat: expat, and where reading can resume. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "report/aggregate_internal.h"

/* Expat has these since 2.9, and deprecates those without 64. */
#if XML_MAJOR_VERSION == 2 && XML_MINOR_VERSION < 9
#define XML_GetCurrentByteIndex64  XML_GetCurrentByteIndex
#define XML_GetCurrentByteCount64  XML_GetCurrentByteCount
#define XML_GetCurrentLineNumber64 XML_GetCurrentLineNumber
#endif

void
aggregate_window_add(struct window *w, struct span s)
{
	if (w->len + s.len > w->size) {
		w->size = 2 * (w->len + s.len);
		w->p = arena_realloc(w->p, w->size);
	}
	memcpy(w->p + w->len, s.p, s.len);
	w->len += s.len;
}

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

/* Sixteen octets at once. Where they are equal to others a comparison gives
 * 255, which is -1; gcc and clang have this on any processor. */
typedef unsigned char octets __attribute__((vector_size(16)));

/* How many line feeds octets have. This sees each octet of the stream, and
 * expat's own count of lines would take a quarter of its time. */
static uint64_t
line_feeds(const char *p, size_t n)
{
	uint64_t lines = 0;

	while (n >= sizeof(octets)) {
		size_t rounds = n / sizeof(octets);
		octets sums = {0}, some;

		rounds = rounds < 255 ? rounds : 255; /* what a sum can be */
		n -= rounds * sizeof(octets);
		for (; rounds; rounds--, p += sizeof(octets)) {
			memcpy(&some, p, sizeof(octets));
			sums -= (octets)(some == '\n');
		}
		for (size_t i = 0; i < sizeof(octets); i++)
			lines += sums[i];
	}
	while (n--)
		lines += *p++ == '\n';
	return lines;
}

/* Moves a->line to an octet of the window or of the piece after it. */
static void
count_lines(struct aggregate *a, uint64_t to)
{
	const struct window *w = &a->window;
	uint64_t end = w->base + w->len; /* of the window */
	uint64_t middle = to < end ? to : end;

	if (to <= a->counted)
		return;
	if (a->counted < middle) {
		a->line += line_feeds(
		    w->p + (a->counted - w->base), middle - a->counted);
		a->counted = middle;
	}
	if (a->counted < to)
		a->line +=
		    line_feeds(w->piece + (a->counted - end), to - a->counted);
	a->counted = to;
}

/* The octet of the stream at which expat's event begins. */
static uint64_t
event(const struct aggregate *a)
{
	return (uint64_t)XML_GetCurrentByteIndex64(a->expat);
}

/* Reading can resume after the event, with the elements that are open. */
static void
set_mark(struct aggregate *a)
{
	a->mark = event(a) + (uint64_t)XML_GetCurrentByteCount64(a->expat);
	count_lines(a, a->mark);
	a->mark_line = a->line;
	a->mark_depth = a->depth;
}

/* Are all children of feedback closed? */
static bool
is_between(const struct aggregate *a)
{
	return (a->stack[a->depth] & ~NODE_TRANSPARENT) <= NODE_FEEDBACK;
}

static void
on_text(void *user, const char *p, int n)
{
	aggregate_text(user, p, (size_t)n);
}

/* Expat is faster if it need not pass the white space between elements. */
static void
want_text(struct aggregate *a)
{
	if (a->in_text == a->gets_text)
		return;
	a->gets_text = a->in_text;
	XML_SetCharacterDataHandler(a->expat, a->in_text ? on_text : NULL);
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
	enum name name = aggregate_next_name(&a->vocabulary, a->place, element);

	(void)attributes;
	if (a->stopped || a->wants_mending)
		return; /* expat can go on after XML_StopParser() */
	a->saw_tag = true;
	if (name == NAME_RECORD || is_between(a))
		count_lines(a, event(a));
	switch (aggregate_open(a, name)) {
	case READ_OK:
		want_text(a);
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
	want_text(a);
	if (is_between(a))
		set_mark(a);
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
	a->gets_text = false;
	XML_SetXmlDeclHandler(a->expat, on_declaration);
	XML_SetStartDoctypeDeclHandler(a->expat, on_doctype);
	XML_SetUnknownEncodingHandler(a->expat, on_encoding, a);
}

/* Keeps of the window, and of the piece that was parsed after it, what follows
 * the mark. */
static void
keep(struct aggregate *a, struct span piece)
{
	struct window *w = &a->window;
	size_t done = (size_t)(a->mark - w->base), old = w->len;

	w->piece = NULL;
	if (done < old) {
		aggregate_drop(a, done);
	} else {
		w->len = w->parsed = 0;
		w->base = a->mark;
		piece = span_from(piece, done - old);
	}
	if (piece.len)
		aggregate_window_add(w, piece);
	w->parsed = w->len;
}

/* Does an error say that the stream has ended too early? Where is then not
 * known. */
static bool
is_end(enum XML_Error error)
{
	return error == XML_ERROR_NO_ELEMENTS ||
	    error == XML_ERROR_UNCLOSED_TOKEN ||
	    error == XML_ERROR_PARTIAL_CHAR ||
	    error == XML_ERROR_UNCLOSED_CDATA_SECTION;
}

static void
note_error(struct aggregate *a)
{
	a->error = XML_GetErrorCode(a->expat);
	if (a->error == XML_ERROR_NO_MEMORY)
		arena_exhausted();
	a->error_at = is_end(a->error) ? UINT64_MAX : event(a);
	a->error_line = (uint64_t)XML_GetCurrentLineNumber64(a->expat);
	a->wants_mending = true;
}

void
aggregate_expat_run(struct aggregate *a, struct span piece, bool final)
{
	struct window *w = &a->window;
	struct span s = piece;

	if (!piece.len && w->len)
		s = span_between(w->p + w->parsed, w->p + w->len);
	w->piece = piece.p;
	if (!XML_Parse(a->expat, s.p, (int)s.len, final) && !a->stopped)
		note_error(a);
	keep(a, piece);
	if (w->len > LIMIT_XML_CHILD && !a->stopped && !a->wants_mending) {
		a->line = a->mark_line;
		aggregate_stop(a, AGGREGATE_REFUSED_ELEMENT_TOO_LONG,
		    "an element and what precedes it have more than 1 MiB");
	}
}
