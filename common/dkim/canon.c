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
	/* RFC 6376 3.2: values have case. */
	for (size_t i = 0; i < COUNT(names); i++)
		if (span_eq(name, span_of(names[i]))) {
			*c = (enum canon)i;
			return true;
		}
	return false;
}

/* RFC 6376 3.4.1: unchanged, but for the line ends. */
static void
simple_header(struct span raw, struct sink *to)
{
	do {
		size_t n = field_line_length(raw);
		struct span line = span_upto(raw, n ? n : raw.len);

		raw = span_from(raw, line.len);
		sink_put(to, field_chomp(line));
		sink_put(to, SPAN("\r\n"));
	} while (raw.len);
}

/* Is there a line end at the start of s (CRLF or LF)? Its length. */
static size_t
line_end(struct span s)
{
	if (span_starts(s, SPAN("\n")))
		return 1;
	return span_starts(s, SPAN("\r\n")) ? 2 : 0;
}

/* How much of s is WSP and line ends; how much before the next of these. */
static size_t
blank_length(struct span s)
{
	size_t n = 0, end;

	while (n < s.len) {
		end = line_end(span_from(s, n));
		if (!end && !ascii_is_wsp(s.p[n]))
			break;
		n += end ? end : 1;
	}
	return n;
}

static size_t
word_length(struct span s)
{
	size_t n = 0;

	while (n < s.len && !ascii_is_wsp(s.p[n]) && !line_end(span_from(s, n)))
		n++;
	return n;
}

static void
put_lower(struct span s, struct sink *to)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = ascii_lower(s.p[i]);

		to->put(to, &c, 1);
	}
}

/* RFC 6376 3.4.2: lower-case name, unfolded, blanks reduced to one SP, none
 * around the colon and at the end. */
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

		rest = span_from(rest, blank_length(rest));
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
 * The body, line by line as it flows in. Empty lines are counted and come out
 * only when something follows them, so none is left at the end (3.4.3, 3.4.4).
 */
struct body {
	struct sink sink;
	struct sink *to;
	enum canon canon;
	uint64_t empty; /* line ends held back */
	bool in_line;   /* the current line has something in it */
	bool cr;        /* a CR at the piece's end, LF may follow */
	bool blank;     /* relaxed: WSP at the piece's end */
	bool any;       /* anything came out at all */
	size_t have;    /* octets in out: lines are too short to go alone */
	char out[OUT];
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

/* Before something of a line comes out: the empty lines above it. */
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
	b->blank = false; /* relaxed: WSP at the end of a line goes */
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

#define BLOCK 16

/* Is there neither a HTAB nor two SP in a row in BLOCK octets and the one
 * behind them? Without branches, so that the compiler does all at once. */
static bool
is_clean_block(const char *p)
{
	unsigned char found = 0;

	for (int i = 0; i < BLOCK; i++)
		found |= (unsigned char)((p[i] == '\t') |
		    ((p[i] == ' ') & (p[i + 1] == ' ')));
	return !found;
}

/*
 * How much at the start of a line's text is in relaxed form already: blocks of
 * words with single spaces, then what is left of a word (3.4.4 costs no more
 * than the hash).
 */
static size_t
clean_length(struct span s)
{
	size_t n = 0;

	while (s.len - n > BLOCK && is_clean_block(s.p + n))
		n += BLOCK;
	while (n < s.len &&
	    (!ascii_is_wsp(s.p[n]) ||
		(s.p[n] == ' ' && n + 1 < s.len && !ascii_is_wsp(s.p[n + 1]))))
		n++;
	return n;
}

static size_t
wsp_length(struct span s)
{
	size_t n = 0;

	while (n < s.len && ascii_is_wsp(s.p[n]))
		n++;
	return n;
}

/* RFC 6376 3.4.4 a: text of one line, without its line end. A SP at the end
 * of a clean run may be the line's last, so it is left for the next turn. */
static void
relaxed_text(struct body *b, struct span text)
{
	while (text.len) {
		size_t n = wsp_length(text);

		b->blank = b->blank || n;
		text = span_from(text, n);
		n = clean_length(text);
		while (n && ascii_is_wsp(text.p[n - 1]))
			n--;
		put_text(b, span_upto(text, n));
		text = span_from(text, n);
	}
}

static void
line_text(struct body *b, struct span text)
{
	if (b->canon == CANON_RELAXED)
		relaxed_text(b, text);
	else
		put_text(b, text);
}

/* The CR held back was no line end's. */
static void
release_cr(struct body *b)
{
	if (b->cr)
		line_text(b, SPAN("\r"));
	b->cr = false;
}

static void
body_put(struct sink *self, const char *p, size_t n)
{
	struct body *b = (struct body *)self;
	struct span rest = {p, n};

	while (rest.len) {
		size_t len = span_find(rest, '\n');
		struct span text = span_upto(rest, len);

		if (len)
			release_cr(b);
		if (len && text.p[len - 1] == '\r') {
			b->cr = true;
			text.len--;
		}
		line_text(b, text);
		if (len == rest.len)
			return;
		b->cr = false;
		end_line(b);
		rest = span_from(rest, len + 1);
	}
}

/* RFC 6376 3.4.3: a body that does not end with CRLF gets one, an empty one
 * becomes one; 3.4.4: an empty one stays empty. */
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

	b->sink = (struct sink){body_put, body_end};
	b->to = to;
	b->canon = c;
	return &b->sink;
}
