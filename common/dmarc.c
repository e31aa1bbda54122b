#include "dmarc.h"

#include <assert.h>

#include "ascii.h"
#include "buf.h"
#include "limit.h"
#include "mailbox.h"

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

/* How much of what somebody published or wrote is shown of it in a line. */
#define SHOWN 100

/*
 * The author domains.
 */

/* Adds a domain unless it is there. */
static size_t
add_domain(struct span *list, size_t n, struct span domain)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(list[i], domain))
			return n;
	list[n] = domain;
	return n + 1;
}

/* What cannot be read of a From field, up to the end of its line. Controls are
 * named by number: many a reader of JSON refuses a NUL. */
static struct span
find_unread(const struct field *from, struct arena *a)
{
	struct span text = mailbox_unread(from->body, a);
	struct buf b = BUF(a);

	if (!text.len)
		return SPAN("it ends too early");
	if (!ascii_is_vchar(*text.p) && !ascii_is_8bit(*text.p))
		return arena_printf(a, "the control octet 0x%02x",
		    (unsigned)(unsigned char)*text.p);
	text = span_upto(text, span_find(text, '\n'));
	buf_short(&b, span_trim(text), SHOWN);
	return buf_span(&b);
}

static enum dmarc_reason
list_domains(
    const struct field *from, struct arena *a, struct span **list, size_t *n)
{
	static const enum dmarc_reason reason[] = {
	    [MAILBOX_OK] = DMARC_PASS,
	    [MAILBOX_SYNTAX] = DMARC_FROM_SYNTAX,
	    [MAILBOX_DOMAIN] = DMARC_FROM_DOMAIN,
	    [MAILBOX_NONE] = DMARC_FROM_EMPTY,
	    [MAILBOX_TOO_MANY] = DMARC_TOO_MANY,
	};
	struct mailbox *box;
	size_t boxes;
	enum mailbox_status status = mailbox_parse_list(
	    from->body, LIMIT_AUTHORS_LISTED, a, &box, &boxes);
	size_t found = 0;

	*list = ARENA_ARRAY(a, struct span, boxes);
	if (status != MAILBOX_OK)
		return reason[status];
	for (size_t i = 0; i < boxes; i++)
		found = add_domain(*list, found, box[i].domain);
	if (found > LIMIT_AUTHORS)
		return DMARC_TOO_MANY;
	*n = found;
	return DMARC_PASS;
}

enum dmarc_reason
dmarc_authors(const struct message *m, struct arena *a, struct span **list,
    size_t *n, struct span *detail)
{
	const struct field *from = message_lowest(m, SPAN("From"));
	enum dmarc_reason reason;

	*n = 0;
	*detail = SPAN_NONE;
	if (!from)
		return DMARC_FROM_MISSING;
	if (message_above(m, from))
		return DMARC_FROM_REPEATED;
	reason = list_domains(from, a, list, n);
	if (reason == DMARC_FROM_SYNTAX)
		*detail = find_unread(from, a);
	return reason;
}

/*
 * Verdicts.
 */

/* Of two that are alike: does a verdict stand before the other? */
static bool
outweighs(const struct dmarc_verdict *v, const struct dmarc_verdict *other)
{
	return dmarc_reasons[v->reason].code == RESULT_FAIL &&
	    v->policy > other->policy;
}

size_t
dmarc_combine(const struct dmarc_verdict *list, size_t n)
{
	struct result room[LIMIT_AUTHORS] = {{0}};
	enum result_code code;
	size_t best = n;

	assert(n && n <= LIMIT_AUTHORS);
	for (size_t i = 0; i < n; i++)
		room[i].code = dmarc_reasons[list[i].reason].code;
	code = result_verdict(room, n, true, SPAN_NONE);
	for (size_t i = 0; i < n; i++)
		if (room[i].code == code &&
		    (best == n || outweighs(&list[i], &list[best])))
			best = i;
	return best;
}

/* The flaws of those kinds as a note. */
static void
add_flaws(const struct dmarc_record *record, const char *id, unsigned kinds,
    struct arena *a, struct result *r)
{
	struct buf all = BUF(a), b = BUF(a);

	for (size_t i = 0; i < record->flaws; i++)
		if (kinds & 1u << record->flaw[i].kind) {
			buf_str(&all, all.len ? ", " : "");
			buf_add(&all, record->flaw[i].tag);
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
		    r, DMARC_NOTE_PCT, SPAN("pct= leaves this message out"));
	if (!v->rfc7489)
		add_flaws(record, DMARC_NOTE_OBSOLETE,
		    1u << DMARC_FLAW_OBSOLETE, a, r);
	add_flaws(record, DMARC_NOTE_TAG,
	    1u << DMARC_FLAW_SYNTAX | 1u << DMARC_FLAW_VALUE |
		1u << DMARC_FLAW_DUPLICATE,
	    a, r);
}

void
dmarc_result(const struct dmarc_verdict *v, struct arena *a, struct result *r)
{
	*r = (struct result){.method = "dmarc"};
	result_because(r, &dmarc_reasons[v->reason]);
	if (r->why.id && v->detail.p)
		r->why.words =
		    ARENA_JOIN(a, r->why.words, SPAN(": "), v->detail);
	result_property(r, "header.from", v->author, RESULT_IDENTITY);
	if (r->code == RESULT_PASS || r->code == RESULT_FAIL)
		add_policy(v, a, r);
}
