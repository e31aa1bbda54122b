/* header_repairs_subject: what lists and gateways put into a Subject. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

#include "base/ascii.h"

static const char *const subject[] = {"Subject", "Thread-Topic", NULL};

/* Octets of a tag or mark at most, and how many of them are seen. */
#define MARK  60u
#define MARKS 4u

/* How many reply marks are passed at most. */
#define REPLIES 3u

/*
 * Marks.
 */

/* "[dev 12]", "{Spam?}", "(U)", "<EXT>" */
static size_t
bracketed_length(struct span s)
{
	static const char pairs[] = "[]{}()<>";

	for (size_t i = 0; s.len && pairs[i]; i += 2) {
		size_t n;

		if (s.p[0] != pairs[i])
			continue;
		n = span_find(s, pairs[i + 1]);
		return n < s.len && n <= MARK ? n + 1 : 0;
	}
	return 0;
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_rule(char c)
{
	return c == '*' || c == '#' || c == '!' || c == '-' || c == '_' ||
	    c == '=' || c == '~' || c == '|';
}

/* "***SPAM***", "*****SUSPECTED SPAM*****", "-- EXT --" */
static size_t
ruled_length(struct span s)
{
	size_t n = span_run(s, is_rule), from = n;

	if (!n)
		return 0;
	while (n < s.len && n <= MARK && !is_rule(s.p[n]))
		n++;
	if (n == from || n == s.len || !is_rule(s.p[n]))
		return 0;
	return n + span_run(span_from(s, n), is_rule);
}

/* "CAUTION:", "Suspected Spam:", "EXTERNAL -", "SPAM " */
static size_t
worded_length(struct span s)
{
	size_t n = 0, upper = 0;

	while (n < s.len && n < MARK &&
	    (ascii_is_alpha(s.p[n]) || s.p[n] == ' ' || s.p[n] == '-')) {
		upper += upper == n && is_upper(s.p[n]);
		n++;
	}
	if (n > 3 && n < s.len && s.p[n] == ':')
		return n + 1;
	if (upper < 3 || upper == s.len || !ascii_is_space(s.p[upper]))
		return 0;
	n = upper + header_blanks(span_from(s, upper));
	return n < s.len && s.p[n] == '-' ? n + 1 : upper;
}

/* Returns the length of a tag or a mark that s begins with, and of the blanks
 * after it. */
static size_t
mark_length(struct span s)
{
	size_t n = bracketed_length(s);

	if (!n)
		n = ruled_length(s);
	if (!n)
		n = worded_length(s);
	if (n && n < s.len && s.p[n] == ':')
		n++;
	return n ? n + header_blanks(span_from(s, n)) : 0;
}

/* "Re: ", "AW:", "Re[2]: ", with the blanks after it. */
static size_t
reply_length(struct span s)
{
	size_t n = 0;

	while (n < s.len && n < 6 && ascii_is_alpha(s.p[n]))
		n++;
	if (!n)
		return 0;
	if (n < s.len && s.p[n] == '[')
		n += bracketed_length(span_from(s, n));
	if (n == s.len || s.p[n] != ':')
		return 0;
	return n + 1 + header_blanks(span_from(s, n + 1));
}

/*
 * Tags.
 */

/* Where a Subject can have a mark: at its start, and after its replies. */
static size_t
places(struct span s, size_t *at)
{
	size_t n = 0, from = 0, length;

	at[n++] = 0;
	while (n <= REPLIES && (length = reply_length(span_from(s, from)))) {
		from += length;
		at[n++] = from;
	}
	return n;
}

/* Returns the first place where s has a mark, or s.len. */
static size_t
find_mark(struct span s)
{
	size_t at[REPLIES + 1], n = places(s, at);

	for (size_t i = 0; i < n; i++)
		if (mark_length(span_from(s, at[i])))
			return at[i];
	return s.len;
}

static bool
is_reply_at(struct span s, size_t at)
{
	return reply_length(span_from(s, at)) != 0;
}

static void
put(const struct header_text *t, struct span value, bool is_coded)
{
	if (is_coded)
		header_encoded_put(t, value);
	else
		header_text_put(t, value);
}

/* Proposes the text without each mark alone, and without the first two, three
 * ... of them. */
static void
put_unmarked(const struct header_text *t, struct span s, bool is_coded)
{
	struct span rest = s;

	for (size_t i = 0; i < MARKS; i++) {
		size_t at = find_mark(rest), n;

		if (at == rest.len)
			break;
		n = mark_length(span_from(rest, at));
		rest = header_spliced(rest, at, n, SPAN(""), t->arena);
		put(t, rest, is_coded);
		if (is_reply_at(rest, 0)) /* it may be the software's */
			put(t, span_from(rest, reply_length(rest)), is_coded);
	}
}

/* The text without a mark that is not the first. */
static void
put_later(const struct header_text *t, struct span s)
{
	size_t at[REPLIES + 1], n = places(s, at), from = find_mark(s), length;

	for (size_t i = 0; i < MARKS && from < s.len; i++) {
		from += mark_length(span_from(s, from));
		length = mark_length(span_from(s, from));
		if (!length)
			break;
		header_text_put(
		    t, header_spliced(s, from, length, SPAN(""), t->arena));
	}
	for (size_t i = 1; i < n; i++) {
		length = mark_length(span_from(s, at[i]));
		if (length)
			header_text_put(t,
			    header_spliced(
				s, at[i], length, SPAN(""), t->arena));
	}
}

HEADER_FIELD(header_subject_tag)
{
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, subject))
		return;
	put_unmarked(&t, t.value, false);
	put_later(&t, t.value);
	if (header_is_coded(t.value))
		put_unmarked(&t, header_decoded(t.value, t.arena), true);
}

/* Proposes the text with a tag at each place where it is not: software moves it
 * when it sees a reply. */
HEADER_FIELD(header_subject_moved)
{
	size_t at[REPLIES + 1], n, from, length;
	struct header_text t;
	struct span mark, rest;

	if (!header_text_read(&t, h, index, raw, p, subject))
		return;
	from = find_mark(t.value);
	length = mark_length(span_from(t.value, from));
	mark = span_upto(span_from(t.value, from), length);
	if (!length || !header_blanks_last(mark))
		return;
	rest = header_spliced(t.value, from, length, SPAN(""), t.arena);
	n = places(rest, at);
	for (size_t i = 0; i < n; i++)
		header_text_put(
		    &t, header_spliced(rest, at[i], 0, mark, t.arena));
}

/*
 * What is put at the end, or replaced.
 */

/* Where a bracketed word at the end of s begins, or s.len. */
static size_t
last_bracket(struct span s)
{
	static const char pairs[] = "[]{}()";

	for (size_t i = 0; s.len && pairs[i]; i += 2)
		if (s.p[s.len - 1] == pairs[i + 1]) {
			size_t at = span_find_last(s, pairs[i]);

			return at < s.len && s.len - at <= MARK ? at : s.len;
		}
	return s.len;
}

HEADER_FIELD(header_subject_suffix)
{
	struct header_text t;
	struct span s;

	if (!header_text_read(&t, h, index, raw, p, subject))
		return;
	s = t.value;
	for (size_t i = 0; i < MARKS; i++) {
		size_t at = last_bracket(s);

		if (!at || at == s.len)
			break;
		s = span_upto(s, at);
		s.len -= header_blanks_last(s);
		header_text_put(&t, s);
		if (s.len && is_rule(s.p[s.len - 1])) {
			s.len--;
			s.len -= header_blanks_last(s);
			header_text_put(&t, s);
		}
	}
}

/* What else "Re: " may have been, as some software writes it for all. */
static const char *const replies[] = {
    "Re: ", "RE: ", "re: ", "AW: ", "Aw: ", "SV: ", "VS: ", "Antw: ", "R: "};
static const char *const forwards[] = {
    "Fwd: ", "FW: ", "Fw: ", "FWD: ", "fwd: ", "WG: ", "TR: "};

static void
put_replies(const struct header_text *t, size_t at, size_t length,
    const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		header_text_put(t,
		    header_spliced(
			t->value, at, length, span_of(list[i]), t->arena));
}

static bool
is_one_of(struct span s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_caseeq(s, span_trim(span_of(list[i]))))
			return true;
	return false;
}

/* Does the message answer another (RFC 5322 3.6.4)? */
static bool
answers(const struct header *h)
{
	return message_lowest(h->m, SPAN("In-Reply-To")) ||
	    message_lowest(h->m, SPAN("References"));
}

HEADER_FIELD(header_subject_reply)
{
	struct header_text t;
	size_t at, n;
	struct span mark;

	if (!header_text_read(&t, h, index, raw, p, subject))
		return;
	at = find_mark(t.value);
	at = at == t.value.len ? 0 : at;
	n = mark_length(span_from(t.value, at));
	if (!is_reply_at(t.value, 0))
		at += n;
	else
		at = 0;
	n = reply_length(span_from(t.value, at));
	if (!n) { /* it may have been removed */
		if (answers(h))
			put_replies(&t, at, 0, replies, COUNT(replies));
		return;
	}
	mark = span_trim(span_upto(span_from(t.value, at), n));
	header_text_put(&t, header_spliced(t.value, at, n, SPAN(""), t.arena));
	header_text_put(&t, header_spliced(t.value, at + n, 0, mark, t.arena));
	if (is_one_of(mark, replies, COUNT(replies)))
		put_replies(&t, at, n, replies, COUNT(replies));
	if (is_one_of(mark, forwards, COUNT(forwards)))
		put_replies(&t, at, n, forwards, COUNT(forwards));
}

/* Is it what software writes for no Subject, in its language? */
static bool
is_nothing(struct span s)
{
	static const char *const words[] = {"(no subject)", "no subject",
	    "(none)", "none", "<no subject>", "[no subject]", "(kein betreff)",
	    "(sans objet)", "(sin asunto)"};

	return !s.len || is_one_of(s, words, COUNT(words));
}

/* A Subject that was filled in, or a tag that was put into an empty one. */
HEADER_FIELD(header_subject_empty)
{
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, subject))
		return;
	if (!is_nothing(t.value) &&
	    !is_nothing(span_from(t.value, mark_length(t.value))))
		return;
	HEADER_TEXT_PUT(&t, t.name, SPAN(":"));
	HEADER_TEXT_PUT(&t, t.name, SPAN(": "));
	HEADER_TEXT_PUT(&t, t.name, SPAN(":  "));
}
