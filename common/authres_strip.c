#include "authres.h"

#include <string.h>

#include "ascii.h"
#include "field.h"
#include "limit.h"
#include "scan.h"

enum strip_state {
	STRIP_HOLD, /* a field, or a line that may be one, is being held */
	STRIP_PASS, /* in an oversized field that passes */
	STRIP_DROP, /* in an oversized field that does not */
	STRIP_BODY, /* behind the empty line */
};

struct strip {
	struct sink sink;
	struct sink *next;
	struct arena *home;  /* this struct and the options */
	struct arena *field; /* for judging one field */
	struct span normal_id;
	const char *method;
	bool keep;
	struct span other; /* a name whose fields are removed, too */
	enum strip_state state;
	bool crlf;       /* an empty line may end so */
	bool after_line; /* the last octet was a LF */
	size_t removed;
	size_t held;
	char hold[LIMIT_STRIP_FIELD];
};

static void
pass_held(struct strip *st, enum strip_state then)
{
	sink_put(st->next, (struct span){st->hold, st->held});
	st->held = 0;
	st->state = then;
}

static void
drop_held(struct strip *st, enum strip_state then)
{
	st->removed++;
	st->held = 0;
	st->state = then;
}

/* Of an oversized field only the beginning is there: what is not known to be
 * another's is removed. */
static bool
is_removed(struct strip *st, struct span raw, bool whole)
{
	struct field f = field_split(raw);
	bool removed;

	if (span_caseeq(f.name, st->other))
		return true;
	if (!authres_is_name(f.name))
		return false;
	if (whole)
		removed = authres_is_ours(f.name, f.body, st->normal_id,
		    st->method, st->keep, st->field);
	else
		removed = !authres_has_id(f.body, st->field) ||
		    authres_bears_id(f.body, st->normal_id, st->field);
	arena_reset(st->field);
	return removed;
}

/* A line that is no field yet: oversized, a name and blanks. What may be the
 * name of one that is removed goes, and what follows. */
static bool
is_removed_name(const struct strip *st, struct span raw)
{
	struct scan s = scan_of(raw);
	struct span name, blanks;

	if (!scan_class(&s, ascii_is_ftext, &name))
		return false;
	scan_class(&s, ascii_is_wsp, &blanks);
	return scan_end(&s) &&
	    (authres_is_name(name) || span_caseeq(name, st->other));
}

/* Decides on what is held: a whole field, or the beginning of a larger one. */
static void
judge(struct strip *st, bool whole)
{
	struct span raw = {st->hold, st->held};
	enum strip_state then = whole ? STRIP_HOLD : STRIP_PASS;
	size_t line = field_line_length(raw);

	line = line ? line : raw.len;
	switch (field_classify(span_upto(raw, line))) {
	case FIELD_START:
		if (is_removed(st, raw, whole))
			drop_held(st, whole ? STRIP_HOLD : STRIP_DROP);
		else
			pass_held(st, then);
		break;
	case FIELD_OTHER:
		if (!whole && is_removed_name(st, raw))
			drop_held(st, STRIP_DROP);
		else
			pass_held(st, then);
		break;
	case FIELD_EMPTY:
		if (st->crlf || raw.p[0] == '\n')
			then = STRIP_BODY;
		pass_held(st, then);
		break;
	case FIELD_MBOX:
	case FIELD_CONTINUATION:
		pass_held(st, then);
		break;
	}
}

/* The octets up to and with the next LF, at most max. */
static struct span
line_part(struct strip *st, struct span s, size_t max)
{
	size_t n = field_line_length(s);

	s = span_upto(s, n ? n : s.len);
	if (s.len > max)
		s = span_upto(s, max);
	st->after_line = s.p[s.len - 1] == '\n';
	return s;
}

/* The steps, one a state, say how many octets they took; none only if they
 * changed the state or let go of what was held. */

static size_t
step_hold(struct strip *st, struct span s)
{
	bool whole = st->after_line && !ascii_is_wsp(s.p[0]);

	if (st->held && (whole || st->held == sizeof(st->hold))) {
		judge(st, whole);
		return 0;
	}
	s = line_part(st, s, sizeof(st->hold) - st->held);
	memcpy(st->hold + st->held, s.p, s.len);
	st->held += s.len;
	return s.len;
}

/* The rest of an oversized field. */
static size_t
step_rest(struct strip *st, struct span s)
{
	if (st->after_line && !ascii_is_wsp(s.p[0])) {
		st->state = STRIP_HOLD;
		return 0;
	}
	s = line_part(st, s, s.len);
	if (st->state == STRIP_PASS)
		sink_put(st->next, s);
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
	    [STRIP_PASS] = step_rest,
	    [STRIP_DROP] = step_rest,
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
		judge(st, true);
}

struct sink *
authres_strip_new(struct sink *next, struct span normal_id, const char *method,
    bool keep, struct span other, const char *eol)
{
	struct arena *home = arena_new();
	struct strip *st = ARENA_NEW(home, struct strip);

	st->sink = (struct sink){strip_put, strip_end};
	st->next = next;
	st->home = home;
	st->field = arena_new();
	st->normal_id = arena_span(home, normal_id);
	st->method = method;
	st->keep = keep;
	st->other = other;
	st->crlf = eol[0] == '\r';
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
