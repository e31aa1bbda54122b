/* canon: the simple and relaxed forms of header fields and bodies. */
/* SPDX-License-Identifier: ISC */

#include "dkim/canon.h"

#include <string.h>

#include "base/ascii.h"
#include "mail/field.h"

static const char *const names[] = {"simple", "relaxed"};

const char *
canon_name(enum canon c)
{
	return names[c];
}

bool
canon_parse(struct span name, enum canon *c)
{
	/* RFC 6376 3.2: tag values are case-sensitive. */
	for (size_t i = 0; i < COUNT(names); i++)
		if (span_eq(name, span_of(names[i]))) {
			*c = (enum canon)i;
			return true;
		}
	return false;
}

/* RFC 6376 3.4.1: the field unchanged, except that lines end with CRLF. */
static void
simple_header(struct span raw, struct sink *to)
{
	do {
		sink_put(to, field_chomp(field_cut_line(&raw)));
		sink_put(to, SPAN("\r\n"));
	} while (raw.len);
}

static size_t
word_length(struct span s)
{
	size_t n = 0;

	/* Most octets are not white space, and cost one test. */
	while (n < s.len &&
	    (!ascii_is_space(s.p[n]) ||
		(!ascii_is_wsp(s.p[n]) && !field_line_end(span_from(s, n)))))
		n++;
	return n;
}

static void
put_lower(struct span s, struct sink *to)
{
	char lower[64];

	while (s.len) {
		size_t n = s.len < sizeof(lower) ? s.len : sizeof(lower);

		for (size_t i = 0; i < n; i++)
			lower[i] = ascii_lower(s.p[i]);
		to->put(to, lower, n);
		s = span_from(s, n);
	}
}

/* RFC 6376 3.4.2: the name in lower case, the value unfolded, each run of WSP
 * reduced to one SP, none around the colon or at the end. */
static void
relaxed_header(struct span raw, struct sink *to)
{
	struct field f = field_split(raw);
	struct span rest = f.body;
	bool first = true;

	put_lower(f.name, to);
	sink_put(to, SPAN(":"));
	for (;;) {
		size_t n;

		rest = span_from(rest, field_blanks(rest));
		if (!rest.len)
			break;
		if (!first)
			sink_put(to, SPAN(" "));
		first = false;
		n = word_length(rest);
		sink_put(to, span_upto(rest, n));
		rest = span_from(rest, n);
	}
	sink_put(to, SPAN("\r\n"));
}

void
canon_header(enum canon c, struct span raw, struct sink *to)
{
	if (c == CANON_SIMPLE)
		simple_header(raw, to);
	else
		relaxed_header(raw, to);
}

#define OUT ((size_t)16 << 10)

/*
 * A body being canonicalized as it flows in. Empty lines are counted and only
 * written once text follows them, so that none remain at the end of the body
 * (RFC 6376 3.4.3, 3.4.4).
 */
struct body {
	struct sink sink;
	struct sink *to;
	enum canon canon;
	uint64_t empty; /* empty lines not written yet */
	bool in_line;   /* part of the current line has been written */
	bool cr;        /* the last octet was a CR; LF may follow */
	bool blank;     /* relaxed: WSP not written yet */
	bool any;       /* something has been written */
	size_t have;    /* octets collected in out */
	char *out;      /* OUT of them */
};

static void
flush(struct body *b)
{
	sink_put(b->to, (struct span){b->out, b->have});
	b->have = 0;
}

static void
put(struct body *b, struct span s)
{
	if (s.len > OUT - b->have)
		flush(b);
	if (s.len > OUT) {
		sink_put(b->to, s);
		return;
	}
	memcpy(b->out + b->have, s.p, s.len);
	b->have += s.len;
}

/* Called before text of a line is written: writes the empty lines above it. */
static void
begin(struct body *b)
{
	for (; b->empty; b->empty--)
		put(b, SPAN("\r\n"));
	b->in_line = true;
	b->any = true;
}

static void
end_line(struct body *b)
{
	b->blank = false; /* relaxed: WSP at the end of a line is dropped */
	if (b->in_line)
		put(b, SPAN("\r\n"));
	else
		b->empty++;
	b->in_line = false;
}

static void
put_text(struct body *b, struct span text)
{
	if (!text.len)
		return;
	begin(b);
	if (b->blank)
		put(b, SPAN(" "));
	b->blank = false;
	put(b, text);
}

/* Writes the CR that was held back: it was not part of a line end. */
static void
release_cr(struct body *b)
{
	if (b->cr)
		put_text(b, SPAN("\r"));
	b->cr = false;
}

/* Takes what a line may end in, or one octet of text. Returns how many octets
 * it took. */
static size_t
take_octet(struct body *b, struct span rest)
{
	if (rest.p[0] == '\n') {
		b->cr = false;
		end_line(b);
		return 1;
	}
	release_cr(b);
	if (rest.p[0] == '\r') {
		b->cr = true;
		return 1;
	}
	/* RFC 6376 3.4.4 a */
	if (b->canon == CANON_RELAXED && ascii_is_wsp(rest.p[0])) {
		b->blank = true;
		return span_run(rest, ascii_is_wsp);
	}
	put_text(b, span_upto(rest, 1));
	return 1;
}

/* Passes on the octets that are in canonical form. Returns how many. */
static size_t
take_run(struct body *b, struct span rest)
{
	size_t n = 0;

	if (!b->cr && !b->blank && rest.p[0] != '\r' && rest.p[0] != '\n')
		n = canon_run(b->canon, rest);
	if (!n)
		return 0;
	begin(b);
	put(b, span_upto(rest, n));
	b->in_line = rest.p[n - 1] != '\n';
	if (n == rest.len || rest.p[n] != '\n')
		return n;
	end_line(b); /* by an LF alone */
	return n + 1;
}

static void
body_put(struct sink *self, const char *p, size_t n)
{
	struct body *b = (struct body *)self;
	struct span rest = {p, n};

	while (rest.len) {
		size_t took = take_run(b, rest);

		if (!took)
			took = take_octet(b, rest);
		rest = span_from(rest, took);
	}
}

/* RFC 6376 3.4.3: simple ends a body with CRLF, even an empty one; 3.4.4:
 * relaxed leaves an empty body empty. */
static void
body_end(struct sink *self)
{
	struct body *b = (struct body *)self;

	release_cr(b);
	if (b->in_line || (!b->any && b->canon == CANON_SIMPLE))
		put(b, SPAN("\r\n"));
	flush(b);
	sink_end(b->to);
}

struct sink *
canon_body(enum canon c, struct sink *to, struct arena *a)
{
	struct body *b = ARENA_NEW(a, struct body);

	*b = (struct body){.sink = {body_put, body_end}, .to = to, .canon = c};
	b->out = arena_grow(a, NULL, 0, OUT); /* not set to zero: it is large */
	return &b->sink;
}
