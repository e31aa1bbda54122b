/* header_repairs_encoded: words encoded as common software does (RFC 2047). */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/utf8.h"
#include "mail/encodedword.h"

static const char *const worded[] = {"Subject", "Thread-Topic", "Comments",
    "From", "Sender", "Reply-To", "To", "Cc", "Content-Description",
    "Organization", "List-Id", "Resent-From", "Resent-To", NULL};

/* How software writes an encoded-word. */
struct style {
	const char *charset; /* absent: as in the field */
	char letter;
	const char *safe; /* what Q leaves as it is, besides ASCII letters and
			     digits */
};

#define RFC   "!*+-/"                   /* RFC 2047 5(3) */
#define PLAIN "!*+-/.,:;'()@<>[]{}&$%#" /* all but "=?_" and a few */

static const struct style styles[] = {
    {"UTF-8", 'B', ""},
    {"UTF-8", 'Q', RFC},
    {"UTF-8", 'Q', PLAIN},
    {"utf-8", 'B', ""},
    {"utf-8", 'b', ""},
    {"utf-8", 'q', RFC},
    {"utf-8", 'q', PLAIN},
    {"utf-8", 'Q', RFC},
    {"utf-8", 'Q', PLAIN},
    {"iso-8859-1", 'Q', PLAIN},
    {"iso-8859-1", 'q', RFC},
    {"iso-8859-1", 'b', ""},
    {"ISO-8859-1", 'Q', RFC},
};

/* Octets of an encoded-word at most (RFC 2047 2), and of its text that is never
 * split. */
#define WORD 75u
#define NONE 4096u

/* A longer text is not encoded in all ways: that takes long. */
#define LONG 1000u

/* Ways to split a text. */
#define SPLITS 4u

/* The columns of the first line, and of an encoded-word. */
struct split {
	size_t first, most;
};

bool
header_is_coded(struct span s)
{
	return !span_is_ascii(s) || span_casecontains(s, SPAN("=?"));
}

/*
 * Charsets.
 */

/* Latin-1 as UTF-8. */
static struct span
from_latin1(struct span s, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x80)
			buf_char(&b, (char)(0xc0 | c >> 6));
		buf_char(&b, c >= 0x80 ? (char)(0x80 | (c & 0x3f)) : s.p[i]);
	}
	return buf_span(&b);
}

/* UTF-8 as Latin-1, or absent if that does not have all characters. */
static struct span
to_latin1(struct span s, struct arena *a)
{
	struct buf b = BUF(a);

	while (s.len) {
		size_t n = utf8_length(s);
		uint32_t c = n ? utf8_character(s, n) : 0x100;

		if (c > 0xff)
			return SPAN_NONE;
		buf_char(&b, (char)c);
		s = span_from(s, n);
	}
	return buf_span(&b);
}

/* The charset of the first encoded-word, or absent. */
static struct span
charset(struct span s)
{
	while (s.len) {
		struct span rest = s;

		if (encodedword_cut(&rest, NULL)) {
			rest = span_from(s, 2);
			return span_upto(rest, span_find(rest, '?'));
		}
		s = span_from(s, 1);
	}
	return SPAN_NONE;
}

static bool
is_latin1(struct span name)
{
	return span_caseeq(name, SPAN("iso-8859-1")) ||
	    span_caseeq(name, SPAN("windows-1252")) ||
	    span_caseeq(name, SPAN("iso-8859-15"));
}

struct span
header_decoded(struct span value, struct arena *a)
{
	struct span flat = header_squeezed(value, a);
	struct span text = encodedword_decode(flat, false, a);

	return utf8_valid(text) || !is_latin1(charset(value))
	    ? text
	    : from_latin1(text, a);
}

/*
 * Encoding.
 */

/* Does Q leave an octet as it is? */
static bool
is_safe(char c, const char *safe)
{
	return ascii_is_alnum(c) || (c && strchr(safe, c));
}

static void
put_q(struct buf *b, char c, const char *safe)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char octet = (unsigned char)c;

	if (c == ' ')
		buf_char(b, '_');
	else if (is_safe(c, safe))
		buf_char(b, c);
	else
		buf_add(b,
		    (struct span){(const char[]){'=', digits[octet >> 4],
				      digits[octet & 15]},
			3});
}

static size_t
q_length(struct span s, const char *safe)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.p[i] == ' ' || is_safe(s.p[i], safe) ? 1 : 3;
	return n;
}

static bool
is_b(const struct style *style)
{
	return ascii_lower(style->letter) == 'b';
}

/* Returns how many octets at the start of s, whole characters, take no more
 * than so many when encoded; at least one character. */
static size_t
piece_length(struct span s, const struct style *style, size_t most)
{
	size_t n = 0, q = 0;

	while (n < s.len) {
		size_t one = utf8_length(span_from(s, n));

		one = one ? one : 1;
		q += q_length(span_upto(span_from(s, n), one), style->safe);
		if (n && (is_b(style) ? (n + one + 2) / 3 * 4 : q) > most)
			break;
		n += one;
	}
	return n;
}

static void
put_word(struct buf *b, struct span charset_name, const struct style *style,
    struct span s)
{
	buf_str(b, "=?");
	buf_add(b, charset_name);
	buf_char(b, '?');
	buf_char(b, style->letter);
	buf_char(b, '?');
	if (is_b(style))
		buf_add(b, base64_encode(s, b->arena));
	else
		for (size_t i = 0; i < s.len; i++)
			put_q(b, s.p[i], style->safe);
	buf_str(b, "?=");
}

/* Encoded-words of a text, one a line. */
static struct span
encode(const struct header_text *t, struct span s, const struct style *style,
    struct split split)
{
	struct span name =
	    style->charset ? span_of(style->charset) : charset(t->value);
	size_t more = name.len + 7, most = split.first;
	struct buf b = BUF(t->arena);

	while (s.len) {
		size_t n =
		    piece_length(s, style, most > more ? most - more : 0);

		if (b.len) {
			buf_add(&b, t->eol);
			buf_char(&b, ' ');
		}
		put_word(&b, name, style, span_upto(s, n));
		s = span_from(s, n);
		most = split.most;
	}
	return buf_span(&b);
}

/* In the charset of a style, or absent: it does not have all characters. */
static struct span
converted(
    const struct header_text *t, struct span text, const struct style *style)
{
	if (!style->charset ||
	    span_casestarts(span_of(style->charset), SPAN("utf")))
		return text;
	return to_latin1(text, t->arena);
}

/*
 * What of a text is encoded.
 */

/* Where its encoded part begins and ends: words with 8-bit octets, to the end
 * of the text or not. */
struct range {
	size_t from, to;
};

static struct range
coded_range(struct span s)
{
	struct range r = {s.len, 0};

	for (size_t i = 0; i < s.len; i++)
		if (ascii_is_8bit(s.p[i])) {
			r.from = i < r.from ? i : r.from;
			r.to = i + 1;
		}
	if (r.from >= r.to)
		return (struct range){0, s.len};
	while (r.from && s.p[r.from - 1] != ' ')
		r.from--;
	while (r.to < s.len && s.p[r.to] != ' ')
		r.to++;
	return r;
}

static struct span
encode_range(const struct header_text *t, struct span text, struct range r,
    const struct style *style, struct split split)
{
	struct span part = span_upto(span_from(text, r.from), r.to - r.from);

	part = converted(t, part, style);
	if (!part.p)
		return SPAN_NONE;
	if (split.first > r.from)
		split.first -= r.from;
	return ARENA_JOIN(t->arena, span_upto(text, r.from),
	    encode(t, part, style, split), span_from(text, r.to));
}

/* Splits: each word as long as RFC 2047 allows it, each line as long as Python
 * 3 and 2 make it, and not at all (Outlook). */
static size_t
splits(const struct header_text *t, struct span text, struct split *list)
{
	size_t used = t->name.len < 60 ? t->name.len + 2 : 62, n = 0;

	list[n++] = (struct split){WORD, WORD};
	if (text.len * 3 + 12 + used < WORD || text.len > LONG)
		return n; /* it is never split, or too long */
	list[n++] = (struct split){78 - used, 77};
	list[n++] = (struct split){76 - used, WORD};
	list[n++] = (struct split){NONE, NONE};
	return n;
}

/* Proposes a text between two others, each range of it in each style. */
static void
put_ranges(const struct header_text *t, struct span before, struct span text,
    struct span after, const struct style *style)
{
	struct range some = coded_range(text);
	const struct range ranges[] = {
	    {0, text.len}, some, {some.from, text.len}};
	struct split list[SPLITS];
	size_t n = splits(t, text, list);

	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < COUNT(ranges); i++) {
			struct span s =
			    encode_range(t, text, ranges[i], style, list[k]);

			if (s.p)
				header_text_put(
				    t, ARENA_JOIN(t->arena, before, s, after));
		}
}

static void
put_styles(const struct header_text *t, struct span before, struct span text,
    struct span after)
{
	struct span own = charset(t->value);

	if (own.p && !span_caseeq(own, SPAN("utf-8")) && !is_latin1(own)) {
		put_ranges(
		    t, before, text, after, &(struct style){NULL, 'B', ""});
		put_ranges(
		    t, before, text, after, &(struct style){NULL, 'Q', RFC});
		return;
	}
	for (size_t i = 0; i < COUNT(styles); i++)
		put_ranges(t, before, text, after, &styles[i]);
}

void
header_encoded_put(const struct header_text *t, struct span text)
{
	if (span_is_ascii(text))
		header_text_put(t, text);
	else
		put_styles(t, SPAN(""), text, SPAN(""));
}

/*
 * The repairs.
 */

/* The part of a value that has words of text: of an address, what is before
 * the bracket, without its quotes. */
static struct span
words_of(const struct header_text *t)
{
	struct span s = t->value;
	size_t angle = span_find_last(s, '<');

	if (header_text_is(t, "Subject") || angle == s.len)
		return s;
	if (span_find(s, '<') != angle)
		return SPAN(""); /* several addresses */
	s = span_upto(s, angle);
	s.len -= header_blanks_last(s);
	return s;
}

/* Encodes all of the text, or its words that need it. */
HEADER_FIELD(header_words_whole)
{
	struct header_text t;
	struct span s, before, after, inner;

	if (!header_text_read(&t, h, index, raw, p, worded) ||
	    !header_is_coded(t.value))
		return;
	s = words_of(&t);
	if (!header_is_coded(s))
		return;
	before = span_between(t.value.p, s.p);
	after = span_from(t.value, before.len + s.len);
	inner = header_between(s, '"', '"');
	s = header_decoded(inner.p ? inner : s, t.arena);
	put_styles(&t, before, s, after);
}

/* Cuts encoded-words, and blanks between them, off the start of a text. */
static struct span
cut_run(struct span *s)
{
	struct span rest = *s, run = span_upto(rest, 0);

	while (encodedword_cut(&rest, NULL)) {
		run = span_between(s->p, rest.p);
		rest = span_from(rest, header_blanks(rest));
	}
	*s = span_from(*s, run.len);
	return run;
}

/* Writes a value whose encoded-words are written in a style; absent: it cannot
 * be. No style: in UTF-8 without encoding. */
static struct span
restyled(
    const struct header_text *t, const struct style *style, struct split split)
{
	struct buf b = BUF(t->arena);
	struct span rest = t->value;

	while (rest.len) {
		struct span run = cut_run(&rest), text;

		if (!run.len) {
			buf_char(&b, rest.p[0]);
			rest = span_from(rest, 1);
			continue;
		}
		text = header_decoded(run, t->arena);
		if (style)
			text = converted(t, text, style);
		if (!text.p)
			return SPAN_NONE;
		buf_add(&b, style ? encode(t, text, style, split) : text);
	}
	return buf_span(&b);
}

HEADER_FIELD(header_words_encoded)
{
	struct header_text t;
	struct split list[SPLITS];
	size_t n;

	if (!header_text_read(&t, h, index, raw, p, worded) ||
	    !span_casecontains(t.value, SPAN("=?")))
		return;
	n = splits(&t, t.value, list);
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < COUNT(styles); i++) {
			struct span s = restyled(&t, &styles[i], list[k]);

			if (s.p)
				header_text_put(&t, s);
		}
}

HEADER_FIELD(header_words_decoded)
{
	struct header_text t;
	struct span s;

	if (!header_text_read(&t, h, index, raw, p, worded) ||
	    !span_casecontains(t.value, SPAN("=?")))
		return;
	s = restyled(&t, NULL, (struct split){0, 0});
	header_text_put(&t, s);
	if (to_latin1(s, t.arena).p)
		header_text_put(&t, to_latin1(s, t.arena));
}

/* 8-bit octets in Latin-1 instead of UTF-8, the reverse, or UTF-8 that was
 * taken for Latin-1. */
HEADER_FIELD(header_octets)
{
	struct header_text t;
	struct span once;

	if (!header_text_read(&t, h, index, raw, p, NULL) ||
	    span_is_ascii(t.value))
		return;
	once = to_latin1(t.value, t.arena);
	if (once.p)
		header_text_put(&t, once);
	header_text_put(&t, from_latin1(t.value, t.arena));
}
