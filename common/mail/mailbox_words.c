/* mailbox_words: quotes, comments and encoded-words of a From field. */
/* SPDX-License-Identifier: ISC */

#include "mail/mailbox_internal.h"

#include <string.h>

#include "base/ascii.h"

/*
 * Quotes and comments.
 */

/* The length of the quoted-string at the start of a text, or 0 if it does not
 * end. */
static size_t
quoted_length(struct span s)
{
	for (size_t i = 1; i < s.len; i++) {
		if (s.p[i] == '"')
			return i + 1;
		if (s.p[i] == '\\')
			i++;
	}
	return 0;
}

/* The length of the comment at the start of a text, or 0 if it does not end. */
static size_t
comment_length(struct span s)
{
	size_t depth = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* After a quote or comment that does not end, later ones of its kind are plain
 * text: otherwise each would be searched to the end of the text. */
struct lexer {
	bool no_quotes, no_comments;
};

/* The length of the quoted-string or comment at the start of a text, or 0 if
 * neither is there or it does not end. */
static size_t
hidden_length(struct lexer *x, struct span s)
{
	size_t n = 0;

	if (*s.p == '"' && !x->no_quotes) {
		n = quoted_length(s);
		x->no_quotes = !n;
	} else if (*s.p == '(' && !x->no_comments) {
		n = comment_length(s);
		x->no_comments = !n;
	}
	return n;
}

struct span
mailbox_hide(struct span s, struct arena *a)
{
	char *copy = ARENA_ARRAY(a, char, s.len);
	struct lexer x = {0};

	for (size_t i = 0, n; i < s.len; i += n) {
		n = hidden_length(&x, span_from(s, i));
		if (n) {
			memset(copy + i, ' ', n);
		} else {
			copy[i] = s.p[i];
			n = 1;
		}
	}
	return (struct span){copy, s.len};
}

/*
 * Encoded-words (RFC 2047 2) in any place: some readers decode them everywhere.
 */

static int
hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 2047 4.2 */
static void
decode_q(struct buf *b, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		int high = i + 2 < s.len ? hex_value(s.p[i + 1]) : -1;
		int low = high < 0 ? -1 : hex_value(s.p[i + 2]);

		if (s.p[i] == '=' && low >= 0) {
			buf_char(b, (char)(high << 4 | low));
			i += 2;
		} else {
			buf_char(b, s.p[i] == '_' ? ' ' : s.p[i]);
		}
	}
}

/* RFC 2047 4.1 as many readers decode it: octets that are not base64 are
 * skipped, and the odd bits of an incomplete group are dropped. At padding some
 * readers stop and some continue: a blank is put there if digits follow. */
static void
decode_b(struct buf *b, struct span s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, n = 0, pads = 0;
	bool padded = false;

	for (size_t i = 0; i < s.len; i++) {
		const char *digit = s.p[i] ? strchr(digits, s.p[i]) : NULL;

		if (digit) {
			if (padded)
				buf_char(b, ' ');
			padded = false;
			pads = 0;
			bits = (bits << 6 | (unsigned)(digit - digits)) & 0xfff;
			n = (n + 1) % 4;
			if (n != 1) /* the second to fourth end an octet */
				buf_char(b, (char)(bits >> (4 - n) % 4 * 2));
		} else if (s.p[i] == '=' && n >= 2 && n + ++pads >= 4) {
			padded = true;
			n = 0;
		}
	}
}

/* Cuts an encoded-word off the start of s, and adds the decoded octets, in its
 * charset, to b unless that is NULL. Returns false if s does not begin with
 * one. */
static bool
cut_word(struct span *s, struct buf *b)
{
	struct span rest = *s, encoding, text;
	bool is_b;

	if (!span_starts(rest, SPAN("=?")))
		return false;
	rest = span_from(rest, 2);
	span_cut(&rest, '?');
	encoding = span_cut(&rest, '?');
	text = span_cut(&rest, '?');
	is_b = span_caseeq(encoding, SPAN("b"));
	if (!rest.p || !span_starts(rest, SPAN("=")) ||
	    (!is_b && !span_caseeq(encoding, SPAN("q"))))
		return false;
	if (b)
		(is_b ? decode_b : decode_q)(b, text);
	*s = span_from(rest, 1);
	return true;
}

static size_t
blanks(struct span s)
{
	size_t n = 0;

	while (n < s.len && ascii_is_space(s.p[n]))
		n++;
	return n;
}

struct span
mailbox_decode(struct span s, bool apart, struct arena *a)
{
	struct buf b = BUF(a);

	while (s.len) {
		if (!cut_word(&s, &b)) {
			buf_char(&b, *s.p);
			s = span_from(s, 1);
		} else if (apart) {
			buf_char(&b, ' ');
		} else if (span_starts(span_from(s, blanks(s)), SPAN("=?"))) {
			s = span_from(s, blanks(s));
		}
	}
	return buf_span(&b);
}

/*
 * Encoded-words where RFC 2047 5 forbids them.
 */

/* The length of the encoded-word at offset i, if it is the same in body and in
 * plain, where quotes and comments are hidden, and has no "<", ">" or "@". Else
 * 0. */
static size_t
word_length(struct span body, struct span plain, size_t i)
{
	struct span a = span_from(body, i), b = span_from(plain, i);
	size_t n;

	if (!cut_word(&a, NULL) || !cut_word(&b, NULL) || a.len != b.len)
		return 0;
	n = body.len - i - a.len;
	for (size_t k = i; k < i + n; k++)
		if (plain.p[k] == '<' || plain.p[k] == '>' || plain.p[k] == '@')
			return 0;
	return n;
}

/* May an encoded-word begin after, or end before, the octet at i? */
static bool
is_edge(struct span plain, size_t i)
{
	return i >= plain.len || ascii_is_space(plain.p[i]) ||
	    (plain.p[i] && strchr("<:;,", plain.p[i]));
}

/* The offset of the first encoded-word in plain text that is incomplete or in
 * an address, or the length of the body. A word is in an address if the next
 * octet of "<:@>" after it is "@" or ">" or is missing, or if the last of
 * "<:@>,;" before it is "<" or "@". A "=?" without a "?" after it begins an
 * encoded-word for no reader. */
static size_t
find_in_plain(struct span body, struct span plain, size_t *glued)
{
	size_t none = body.len, first = none, n;
	size_t last = span_find_last(body, '?');
	bool in_address = false;

	for (size_t i = 0; i < plain.len; i += n) {
		char c = plain.p[i];

		n = 1;
		if (i + 1 < last &&
		    span_starts(span_from(plain, i), SPAN("=?"))) {
			n = in_address ? 0 : word_length(body, plain, i);
			if (!n)
				return i;
			first = first == none ? i : first;
			if (*glued == none &&
			    !((!i || is_edge(plain, i - 1)) &&
				is_edge(plain, i + n)))
				*glued = i;
		} else if (c && strchr("<:@>", c)) {
			if (first != none && (c == '@' || c == '>'))
				return first;
			first = none;
			in_address = c == '<' || c == '@';
		} else if (c == ',' || c == ';') {
			in_address = false;
		}
	}
	return first;
}

/* The offset of the first encoded-word that begins in the quoted-string or
 * comment of n octets at i and does not end in it, although a reader that
 * searches for "?=" alone finds an end after it, or the length of the body.
 * last is the offset of the last "?=". */
static size_t
find_in_region(struct span body, size_t i, size_t n, size_t last)
{
	size_t end = i + n, length;

	for (; i < end; i += length) {
		struct span rest = span_upto(span_from(body, i), end - i);
		size_t all = rest.len;

		length = 1;
		if (!span_starts(rest, SPAN("=?")))
			continue;
		if (cut_word(&rest, NULL))
			length = all - rest.len;
		else if (last + 1 >= end)
			return i;
	}
	return body.len;
}

static size_t
find_in_hidden(struct span body)
{
	size_t last = body.len, at = body.len;
	struct lexer x = {0};

	while (last && !span_starts(span_from(body, last), SPAN("?=")))
		last--;
	for (size_t i = 0, n; i < last && at == body.len; i += n ? n : 1) {
		n = hidden_length(&x, span_from(body, i));
		if (n)
			at = find_in_region(body, i, n, last);
	}
	return at;
}

struct span
mailbox_find_stray(struct span body, struct span plain, size_t *glued)
{
	size_t at;

	*glued = body.len;
	at = find_in_plain(body, plain, glued);
	if (at == body.len)
		at = find_in_hidden(body);
	return at < body.len ? span_from(body, at) : SPAN_NONE;
}
