/* key_lint_clean: a key record without what was copied with it. */
/* SPDX-License-Identifier: ISC */

#include "lint/key_lint_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"

/* Octets that are shown before and after a place. */
#define BEFORE 10u
#define AFTER  14u

struct span
key_lint_around(struct span text, size_t at)
{
	if (at > BEFORE)
		text = span_from(text, at - BEFORE);
	return span_trim(
	    text.len > BEFORE + AFTER ? span_upto(text, BEFORE + AFTER) : text);
}

/* Returns the place of a word, ASCII case ignored, or the length of the text.
 * */
static size_t
find_word(struct span text, struct span word)
{
	size_t i = 0;

	while (i < text.len && !span_casestarts(span_from(text, i), word))
		i++;
	return i;
}

/* White space as SP, so that what is left of controls is not meant. */
static struct span
with_spaces(struct span text, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < text.len; i++)
		buf_char(&b, ascii_is_space(text.p[i]) ? ' ' : text.p[i]);
	return buf_span(&b);
}

/*
 * Backslashes.
 */

/* Returns the octet that \DDD at the start of a text is (RFC 1035 5.1), or -1
 * if it is none. */
static int
decimal_escape(struct span text)
{
	uint64_t value;

	if (text.len < 4 ||
	    !span_number(span_upto(span_from(text, 1), 3), 255, &value))
		return -1;
	return (int)value;
}

static struct span
without_backslashes(struct span text, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < text.len; i++) {
		int octet;

		if (text.p[i] != '\\') {
			buf_char(&b, text.p[i]);
			continue;
		}
		octet = decimal_escape(span_from(text, i));
		if (octet >= 0) {
			buf_char(&b, (char)octet);
			i += 3;
		} else if (i + 1 < text.len && strchr("nrt", text.p[i + 1])) {
			buf_char(&b, ' '); /* as a programmer writes them */
			i++;
		}
	}
	return buf_span(&b);
}

/*
 * Quotes.
 */

/* Removes the name, class and type of a whole line of a zone file. */
static struct span
without_owner(struct span text)
{
	size_t type = find_word(text, SPAN("TXT"));

	if (type >= find_word(text, SPAN("v=DKIM")) ||
	    type >= span_find(text, '='))
		return text;
	return span_from(text, type + 3);
}

static struct span
without_quotes(struct span text, struct arena *a)
{
	struct buf b = BUF(a);

	text = span_trim(without_owner(text));
	for (size_t i = 0; i < text.len; i++)
		if (!strchr("\"'()", text.p[i]) || !text.p[i])
			buf_char(&b, text.p[i]);
	return span_trim(buf_span(&b));
}

/* Has a text quotes around it, or strings of a zone file in it? Returns their
 * place, or the length of the text. */
static size_t
find_quotes(struct span text)
{
	size_t i = span_find(text, '"');

	if (i == text.len && text.len && text.p[0] == '\'')
		return 0;
	return i;
}

/*
 * Frames: "-----BEGIN PUBLIC KEY-----".
 */

#define DASHES    SPAN("-----")
#define LABEL_MAX 40u

/* Returns the length of the frame at the start of a text. */
static size_t
frame_length(struct span text)
{
	struct span rest = span_from(text, DASHES.len);
	size_t end = find_word(rest, DASHES);

	if (end == rest.len || end > LABEL_MAX)
		return DASHES.len;
	return DASHES.len + end + DASHES.len;
}

static struct span
without_frames(struct span text, struct arena *a)
{
	struct buf b = BUF(a);

	while (text.len) {
		size_t at = find_word(text, DASHES);

		buf_add(&b, span_upto(text, at));
		text = span_from(text, at);
		if (text.len)
			text = span_from(text, frame_length(text));
	}
	return buf_span(&b);
}

static void
clean_frames(struct key_clean *c, struct arena *a)
{
	size_t at = find_word(c->text, DASHES);
	struct span text;

	if (at == c->text.len)
		return;
	c->pem = span_upto(
	    span_from(c->text, at), frame_length(span_from(c->text, at)));
	text = arena_without(a, c->text, ascii_is_space);
	c->is_private = find_word(text, SPAN("PRIVATEKEY-")) < text.len;
	c->text = span_trim(without_frames(c->text, a));
	if (find_word(c->text, SPAN("p=")) == c->text.len)
		c->text = ARENA_JOIN(a, SPAN("p="), c->text);
}

void
key_lint_clean(struct span text, struct arena *a, struct key_clean *c)
{
	size_t at;

	*c = (struct key_clean){.text = with_spaces(text, a)};
	at = find_quotes(c->text);
	if (at < text.len)
		c->quotes = key_lint_around(c->text, at);
	c->unseen = finding_unseen(c->text, a);
	c->text = finding_without_unseen(c->text, a);
	at = span_find(c->text, '\\');
	if (at < c->text.len) {
		c->backslash = key_lint_around(c->text, at);
		c->text = without_backslashes(c->text, a);
	}
	if (find_quotes(c->text) < c->text.len)
		c->text = without_quotes(c->text, a);
	clean_frames(c, a);
}
