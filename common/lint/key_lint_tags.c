/* key_lint_tags: the tags of a text that was meant as a key record. */
/* SPDX-License-Identifier: ISC */

#include "lint/key_lint_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/limit.h"

#define DKIM1 "DKIM1"

/* A tag in a text: what it is, and where its value begins. */
struct start {
	enum key_tag tag;
	size_t value;
};

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t
skip_blanks(struct span text, size_t i)
{
	while (i < text.len && text.p[i] == ' ')
		i++;
	return i;
}

/* Has the text the name of a tag and "=" at a place? A colon is taken for "="
 * where no list can have it. */
static bool
has_name(struct span text, size_t at, struct start *start)
{
	const char *letter = strchr(KEY_TAGS, lower(text.p[at]));
	size_t i = skip_blanks(text, at + 1);

	if (!letter || !*letter || i == text.len)
		return false;
	start->tag = (enum key_tag)(letter - KEY_TAGS);
	start->value = i + 1;
	return text.p[i] == '=' ||
	    (text.p[i] == ':' && strchr("vkp", lower(text.p[at])));
}

/* Is what follows more than the padding of base64, so that "=" is not part of
 * that? */
static bool
has_value(struct span text, size_t value)
{
	value = skip_blanks(text, value);
	return value < text.len && text.p[value] != '=';
}

/* Does a tag begin here: at the start, after a semicolon, or where that was
 * forgotten? */
static bool
starts(struct span text, size_t at, struct start *start)
{
	struct span before = span_trim(span_upto(text, at));

	if (!has_name(text, at, start))
		return false;
	if (!before.len || strchr(";,", before.p[before.len - 1]))
		return true;
	if (!has_value(text, start->value))
		return false;
	return text.p[at - 1] == ' ' || span_caseends(before, SPAN(DKIM1)) ||
	    text.p[at] == 'p' ||
	    span_casestarts(span_from(text, at), SPAN("v=" DKIM1));
}

/* Which of two values of p= is the whole one. */
static struct span
choose(struct key_text *t, struct span one, struct span other)
{
	one = arena_without(t->arena, one, ascii_is_space);
	other = arena_without(t->arena, other, ascii_is_space);
	if (span_starts(one, other))
		return one;
	t->is_split |= !span_starts(other, one);
	return other;
}

/* Takes a tag. Returns whether it was there before. */
static bool
take_tag(struct key_text *t, enum key_tag tag, struct span value)
{
	struct span *known = &t->tags[tag];

	value = span_trim(span_cut(&value, ';'));
	while (value.len && value.p[value.len - 1] == ',')
		value = span_trim(span_upto(value, value.len - 1));
	if (!known->p) {
		*known = value;
		return false;
	}
	if (tag == KEY_TAG_P)
		*known = choose(t, *known, value);
	return true;
}

/* Returns the place of the next tag from a place on, or the length of the
 * text. */
static size_t
find_tag(struct span text, size_t at, struct start *start)
{
	while (at < text.len && !starts(text, at, start))
		at++;
	return at;
}

/* Takes the tags of a text, as many as a tag-list may have. Returns the first
 * place where one is there for the second time, to be shown; absent: none is.
 * */
static struct span
take_tags(struct key_text *t, struct span text)
{
	struct start open = {KEY_TAG_COUNT, 0}, next = open;
	struct span again = SPAN_NONE;
	size_t at = find_tag(text, 0, &open);

	for (size_t n = 0; at < text.len && n < LIMIT_TAGLIST_TAGS; n++) {
		size_t end = find_tag(text, open.value, &next);
		struct span value =
		    span_between(text.p + open.value, text.p + end);

		if (take_tag(t, open.tag, value) && !again.p)
			again = key_lint_around(text, at);
		at = end;
		open = next;
	}
	return again;
}

/*
 * Findings.
 */

/* RFC 6376 3.6.1: "v=DKIM1" is the first tag, if it is there. */
static void
check_version(struct key_text *t, struct span text)
{
	struct span rest = text, first = span_cut(&rest, ';');
	struct span v = t->tags[KEY_TAG_V], value = first;
	struct span name = span_trim(span_cut(&value, '='));
	struct buf b = BUF(t->arena);

	if (v.p ? span_eq(name, SPAN("v")) &&
		    span_eq(span_trim(value), SPAN(DKIM1))
		: !span_casecontains(first, SPAN("DKIM")))
		return;
	if (v.p && span_eq(v, SPAN(DKIM1)) && !span_casestarts(text, SPAN("v")))
		first = SPAN("v= is not the first tag");
	buf_short(&b, first, LIMIT_SHOWN_PIECE);
	key_lint_add(t, KEY_FINDING_VERSION, buf_span(&b));
}

/* Is there a line end inside p=? */
static bool
has_lines(struct span text)
{
	bool after = false;

	text = span_trim(text);
	for (size_t i = 0; i < text.len; i++) {
		after |= span_starts(span_from(text, i), SPAN("p="));
		if (after &&
		    (text.p[i] == '\n' || text.p[i] == '\r' ||
			span_starts(span_from(text, i), SPAN("\\n"))))
			return true;
	}
	return false;
}

static void
add_found(struct key_text *t, enum key_finding kind, struct span what)
{
	if (what.p)
		key_lint_add(t, kind, what);
}

/* A name of a host, where a CNAME record was meant. */
static bool
is_host(struct span text, struct arena *a)
{
	struct span name = domain_normal(span_trim(text), a);

	return name.p && domain_labels(name) > 2;
}

/* A shorter value of p= is not that of a key. */
#define KEY_TEXT_MIN 40u

/* Is it the record of another protocol? */
static bool
is_other(const struct key_text *t)
{
	struct span v = t->tags[KEY_TAG_V];

	return v.len && !span_casecontains(v, SPAN("DKIM")) &&
	    t->tags[KEY_TAG_P].len < KEY_TEXT_MIN;
}

static bool
is_key(const struct key_text *t, const struct key_clean *c)
{
	struct span start =
	    span_upto(c->text, c->text.len < 12 ? c->text.len : 12);

	if (is_other(t) || is_host(t->text, t->arena))
		return false;
	return t->tags[KEY_TAG_P].p || t->tags[KEY_TAG_K].p || c->pem.p ||
	    span_casecontains(start, SPAN("DKIM"));
}

/* Adds why the text is not a key at all. */
static void
add_other(struct key_text *t)
{
	struct buf b = BUF(t->arena);

	buf_short(&b, t->text, LIMIT_SHOWN_PIECE);
	key_lint_add(t,
	    is_host(t->text, t->arena) ? KEY_FINDING_CNAME
				       : KEY_FINDING_NOT_A_KEY,
	    buf_span(&b));
}

bool
key_lint_read(struct key_text *t)
{
	struct key_clean c;
	struct span again;

	key_lint_clean(t->text, t->arena, &c);
	again = take_tags(t, c.text);
	if (!is_key(t, &c)) {
		add_other(t);
		return false;
	}
	if (c.is_private) {
		key_lint_add(t, KEY_FINDING_PRIVATE, c.pem);
		return false;
	}
	add_found(t, KEY_FINDING_UNSEEN, c.unseen);
	add_found(t, KEY_FINDING_BACKSLASH, c.backslash);
	add_found(t, KEY_FINDING_QUOTES, c.quotes);
	if (has_lines(t->text) && !c.pem.p)
		c.pem = SPAN("line ends");
	add_found(t, KEY_FINDING_PEM, c.pem);
	add_found(t, KEY_FINDING_DOUBLED, again);
	check_version(t, c.text);
	return true;
}
