/* authres_strip: remove fields from a message that flows through. */
/* SPDX-License-Identifier: ISC */

#include "mail/authres_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "mail/field.h"
#include "base/limit.h"

enum strip_state {
	STRIP_HOLD, /* hold[] has a group or a part of one */
	STRIP_PASS, /* inside an oversized group, which passes */
	STRIP_DROP, /* inside an oversized group, which is removed */
	STRIP_BODY, /* after the empty line */
};

/* A group is a line with its continuations: a field, or the text that ends the
 * header. A bare CR in it begins a part; a group larger than hold[] is divided
 * into its parts. */
struct strip {
	struct sink sink;
	struct sink *next;
	struct arena *home;  /* has this struct and the options */
	struct arena *field; /* for one field, then reset */
	struct authres_removal what;
	enum strip_state state;
	char last;         /* the last octet received */
	char put_last;     /* the last octet passed on */
	bool put_crlf;     /* all lines passed on ended in CRLF */
	bool crlf;         /* the last line dropped ended in CRLF */
	bool begun;        /* begin_group() has classified this group */
	bool open;         /* some of this group was passed on */
	bool ends;         /* this group is not a field: it ends the header, */
	bool may_be_field; /* unless only blanks and a colon follow */
	bool ended;        /* an earlier group ended the header */
	size_t removed;    /* number of fields */
	size_t held;       /* octets in hold[] */
	char hold[LIMIT_STRIP_FIELD];
};

static void
pass(struct strip *st, struct span s)
{
	if (!s.len)
		return;
	if (s.p[s.len - 1] == '\n')
		st->put_crlf = st->put_crlf &&
		    (s.len > 1 ? s.p[s.len - 2] : st->put_last) == '\r';
	st->put_last = s.p[s.len - 1];
	sink_put(st->next, s);
}

static void
end_group(struct strip *st)
{
	st->ended = st->ended || st->ends;
	st->begun = st->open = st->ends = st->may_be_field = false;
	st->held = 0;
}

/* After the removal of the last part of a group: completes what has passed of
 * the group with the line end, or replaces the end of the header, if that was
 * removed, by an empty line. */
static void
end_removed(struct strip *st, struct span line_end)
{
	st->state = STRIP_HOLD;
	if (st->open) {
		pass(st, line_end);
	} else if (st->ends && line_end.len) {
		pass(st, st->put_crlf ? SPAN("\r\n") : SPAN("\n"));
		st->state = STRIP_BODY;
	}
}

/* Does this empty line end the header for all readers? Some require two equal
 * line ends in a row (Perl's Email::Simple). */
static bool
is_end_for_all(const struct strip *st, struct span line)
{
	return line.p[0] == '\n' || st->put_crlf;
}

/* Can s be the beginning of a field before its colon? */
static bool
is_name_and_blanks(struct span s)
{
	size_t n = 0;

	while (n < s.len && ascii_is_ftext(s.p[n]))
		n++;
	while (n && n < s.len && ascii_is_wsp(s.p[n]))
		n++;
	return n == s.len;
}

/* Continues is_name_and_blanks() with the next octets of an oversized group. */
static void
look_for_colon(struct strip *st, struct span s)
{
	size_t n = 0;

	while (n < s.len && ascii_is_wsp(s.p[n]))
		n++;
	if (!st->may_be_field || n == s.len)
		return;
	st->may_be_field = false;
	st->ends = st->ends && s.p[n] != ':';
}

/* Classifies a group by its first line, once. Returns true if that ends the
 * header for all readers: then it has been passed on. */
static bool
begin_group(struct strip *st)
{
	struct span raw = {st->hold, st->held};
	size_t n = field_line_length(raw);
	enum field_line kind = field_classify(span_upto(raw, n ? n : raw.len));

	if (st->begun)
		return false;
	st->begun = true;
	st->ends = !st->ended && kind != FIELD_START;
	st->may_be_field = kind == FIELD_OTHER && is_name_and_blanks(raw);
	if (kind != FIELD_EMPTY || !is_end_for_all(st, raw))
		return false;
	pass(st, raw);
	st->held = 0;
	st->state = STRIP_BODY;
	return true;
}

/* Passes on or removes the group in hold[], which is whole or its last part. */
static void
flush_group(struct strip *st)
{
	struct span raw = {st->hold, st->held}, kept;

	if (begin_group(st))
		return;
	kept = authres_kept(&st->what, raw, st->field);
	st->removed += kept.len < raw.len;
	if (kept.len)
		pass(st, kept);
	else
		end_removed(st, span_from(raw, field_chomp(raw).len));
	end_group(st);
	arena_reset(st->field);
}

/* The offset in hold[] of the last part, or 0 if it has only one. */
static size_t
last_part(const struct strip *st)
{
	struct span raw = {st->hold, st->held};

	for (size_t n = raw.len; n-- > 1;)
		if (authres_begins_after_cr(span_from(raw, n)))
			return n;
	return 0;
}

/* Passes on what is kept of the first n octets in hold[], and moves the rest of
 * hold[] to its front. */
static void
pass_held(struct strip *st, struct span kept, size_t n)
{
	st->removed += kept.len < n;
	st->open = st->open || kept.len;
	pass(st, kept);
	st->held -= n;
	memmove(st->hold, st->hold + n, st->held);
}

/* Decides on an oversized group when hold[] is full: all parts but the last are
 * whole, and of the last this is the beginning. A CR at its end is held back
 * until the next octet shows whether it is bare. */
static void
decide_oversized(struct strip *st)
{
	struct span raw = {st->hold, st->held};
	struct span text = span_from(raw, authres_begins_after_cr(raw));
	size_t n = last_part(st);

	if (begin_group(st))
		return;
	if (authres_removes_beginning(&st->what, text, st->field)) {
		st->removed++;
		st->held = 0;
		st->state = STRIP_DROP;
	} else if (n) {
		raw = span_upto(raw, n);
		pass_held(st, authres_kept(&st->what, raw, st->field), n);
	} else {
		raw = span_upto(raw, raw.len - (st->last == '\r'));
		pass_held(st, raw, raw.len);
		st->held = 0;
		st->state = STRIP_PASS;
	}
	arena_reset(st->field);
}

/* The octets of s up to and including the next LF, or up to a CR, but at most
 * max. A CR is a piece by itself: the next octet shows whether it is bare. One
 * loop looks for both: to search for either would go through the rest again for
 * each of many others. */
static struct span
piece(struct strip *st, struct span s, size_t max)
{
	size_t n = 0;

	if (s.len > max)
		s = span_upto(s, max);
	while (n < s.len && s.p[n] != '\n' && s.p[n] != '\r')
		n++;
	if (n < s.len && (n == 0 || s.p[n] == '\n'))
		n++;
	st->last = s.p[n - 1];
	return span_upto(s, n);
}

/* Does a group begin with the next octet? */
static bool
begins_group(const struct strip *st, char next)
{
	return st->last == '\n' && !ascii_is_wsp(next);
}

/* The steps, one for each state, return the number of octets consumed. That is
 * 0 only if the step changed the state or emptied hold[]. */

static size_t
step_hold(struct strip *st, struct span s)
{
	if (st->held && begins_group(st, s.p[0])) {
		flush_group(st);
		return 0;
	}
	if (st->held == sizeof(st->hold)) {
		decide_oversized(st);
		return 0;
	}
	s = piece(st, s, sizeof(st->hold) - st->held);
	memcpy(st->hold + st->held, s.p, s.len);
	st->held += s.len;
	return s.len;
}

/* The rest of an oversized group that passes, up to a bare CR. A CR is held
 * back until the next octet shows whether it is bare. */
static size_t
step_pass(struct strip *st, struct span s)
{
	char pair[] = {'\r', s.p[0]};

	if (begins_group(st, s.p[0])) {
		end_group(st);
		st->state = STRIP_HOLD;
		return 0;
	}
	if (st->last == '\r') {
		if (authres_begins_after_cr((struct span){pair, 2})) {
			st->hold[st->held++] = '\r';
			st->last = '\0';
			st->state = STRIP_HOLD;
			return 0;
		}
		pass(st, (struct span){pair, 1});
	}
	s = piece(st, s, s.len);
	look_for_colon(st, s);
	if (st->last != '\r')
		pass(st, s);
	return s.len;
}

/* The rest of an oversized group that is removed. */
static size_t
step_drop(struct strip *st, struct span s)
{
	if (begins_group(st, s.p[0])) {
		end_removed(st, span_of(st->crlf ? "\r\n" : "\n"));
		end_group(st);
		return 0;
	}
	st->crlf = st->last == '\r' && s.p[0] == '\n';
	s = piece(st, s, s.len);
	look_for_colon(st, s);
	return s.len;
}

static size_t
step_body(struct strip *st, struct span s)
{
	sink_put(st->next, s);
	return s.len;
}

static void
strip_put(struct sink *self, const char *p, size_t n)
{
	static size_t (*const step[])(struct strip *, struct span) = {
	    [STRIP_HOLD] = step_hold,
	    [STRIP_PASS] = step_pass,
	    [STRIP_DROP] = step_drop,
	    [STRIP_BODY] = step_body,
	};
	struct strip *st = (struct strip *)self;
	struct span s = {p, n};

	while (s.len)
		s = span_from(s, step[st->state](st, s));
}

static void
strip_end(struct sink *self)
{
	struct strip *st = (struct strip *)self;

	if (st->held)
		flush_group(st);
	else if (st->state == STRIP_PASS && st->last == '\r')
		pass(st, SPAN("\r"));
	else if (st->state == STRIP_DROP && st->last == '\n')
		end_removed(st, span_of(st->crlf ? "\r\n" : "\n"));
}

struct sink *
authres_strip_new(
    struct sink *next, const struct authres_removal *what, const char *eol)
{
	struct arena *home = arena_new();
	struct strip *st = ARENA_NEW(home, struct strip);

	st->sink = (struct sink){strip_put, strip_end};
	st->next = next;
	st->home = home;
	st->field = arena_new();
	st->what = *what;
	st->what.normal_id = arena_span(home, what->normal_id);
	st->put_crlf = eol[0] == '\r';
	return &st->sink;
}

size_t
authres_strip_removed(const struct sink *strip)
{
	return ((const struct strip *)strip)->removed;
}

void
authres_strip_free(struct sink *strip)
{
	struct strip *st = (struct strip *)strip;

	if (!st)
		return;
	arena_free(st->field);
	arena_free(st->home);
}
