/* dmarc: policy names, several verdicts to one, a verdict to a result. */
/* SPDX-License-Identifier: ISC */

#include "dmarc/dmarc.h"

#include <assert.h>

#include "base/buf.h"
#include "base/limit.h"

const struct result_reason dmarc_reasons[] = {DMARC_REASONS(RESULT_REASON)};

const char *
dmarc_policy_name(enum dmarc_policy policy)
{
	static const char *const name[] = {
	    [DMARC_POLICY_NONE] = "none",
	    [DMARC_POLICY_QUARANTINE] = "quarantine",
	    [DMARC_POLICY_REJECT] = "reject",
	};

	return name[policy];
}

/* How many octets of a record's text are shown in a note. */
#define SHOWN 100

/*
 * Verdicts.
 */

enum result_code
dmarc_code(const struct dmarc_verdict *v)
{
	return v->raised ? RESULT_FAIL : dmarc_reasons[v->reason].code;
}

/* Returns the index of the fail with the strictest policy, of equals the first,
 * or n without a fail. */
static size_t
strictest_fail(const struct dmarc_verdict *list, size_t n)
{
	size_t best = n;

	for (size_t i = 0; i < n; i++)
		if (dmarc_code(&list[i]) == RESULT_FAIL &&
		    (best == n || list[i].policy > list[best].policy))
			best = i;
	return best;
}

/* RFC 9989 11.5: a fail remains a fail even if the verdict on another author
 * domain is still open (temperror). */
size_t
dmarc_combine(const struct dmarc_verdict *list, size_t n)
{
	struct result room[LIMIT_AUTHORS] = {{0}};
	enum result_code code;
	size_t best = strictest_fail(list, n);

	assert(n && n <= LIMIT_AUTHORS);
	if (best < n)
		return best;
	for (size_t i = 0; i < n; i++)
		room[i].code = dmarc_code(&list[i]);
	code = result_verdict(room, n, true, SPAN_NONE);
	for (best = 0; room[best].code != code; best++)
		;
	return best;
}

/* Adds the flaws whose kinds are in the bit set as one note. */
static void
add_flaws(const struct dmarc_record *record, const char *id, unsigned kinds,
    struct arena *a, struct result *r)
{
	struct buf all = BUF(a), b = BUF(a);

	for (size_t i = 0; i < record->nflaws; i++)
		if (kinds & 1u << record->flaws[i].kind) {
			buf_str(&all, all.len ? ", " : "");
			buf_add(&all, record->flaws[i].tag);
		}
	if (!all.len)
		return;
	buf_short(&b, buf_span(&all), SHOWN);
	result_note(r, id, buf_span(&b));
}

static void
add_policy(const struct dmarc_verdict *v, struct arena *a, struct result *r)
{
	static const int status[] = {1, 5, 6}; /* vouch(7), EXIT STATUS */
	const struct dmarc_record *record = &v->applies->record;

	result_property(r, "policy.dmarc",
	    span_of(dmarc_policy_name(v->policy)), RESULT_VALUE);
	if (r->code == RESULT_FAIL)
		r->status = status[v->disposition];
	if (v->lowered)
		result_note(r, DMARC_NOTE_TESTING,
		    SPAN("t=y: the policy below the published one applies"));
	if (v->sampled_out)
		result_note(
		    r, DMARC_NOTE_PCT, SPAN("pct= excludes this message"));
	if (!v->rfc7489)
		add_flaws(record, DMARC_NOTE_OBSOLETE,
		    1u << DMARC_FLAW_OBSOLETE, a, r);
	add_flaws(record, DMARC_NOTE_TAG,
	    1u << DMARC_FLAW_SYNTAX | 1u << DMARC_FLAW_VALUE |
		1u << DMARC_FLAW_DUPLICATE,
	    a, r);
}

/* Notes how many identifiers the query limit has left undecided. */
static void
add_limited(const struct dmarc_verdict *v, struct arena *a, struct result *r)
{
	size_t n = 0;

	for (size_t i = 0; i < v->identifiers; i++)
		n += v->aligned[i].alignment == DMARC_ALIGNED_LIMIT;
	if (n)
		result_note(r, DMARC_NOTE_LIMIT,
		    arena_printf(a,
			"%zu identifier(s) treated as not aligned: their "
			"DNS queries are over the limit",
			n));
}

void
dmarc_result(const struct dmarc_verdict *v, struct arena *a, struct result *r)
{
	*r = (struct result){.method = "dmarc"};
	result_because(r, &dmarc_reasons[v->reason]);
	r->code = dmarc_code(v);
	if (r->why.id && v->detail.p)
		r->why.words =
		    ARENA_JOIN(a, r->why.words, SPAN(": "), v->detail);
	result_property(r, "header.from", v->author, RESULT_ADDRESS);
	if (r->code == RESULT_PASS || r->code == RESULT_FAIL)
		add_policy(v, a, r);
	add_limited(v, a, r);
}
