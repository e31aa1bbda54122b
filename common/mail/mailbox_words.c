/* mailbox_words: quotes, comments and stray encoded-words of a From field. */
/* SPDX-License-Identifier: ISC */

#include "mail/mailbox_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "mail/encodedword.h"

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

	if (!encodedword_cut(&a, NULL) || !encodedword_cut(&b, NULL) ||
	    a.len != b.len)
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
		if (encodedword_cut(&rest, NULL))
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
