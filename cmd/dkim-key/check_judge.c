/* check_judge: is a key published at every server, and well? */
/* SPDX-License-Identifier: ISC */

#include "check.h"

#include "base/domain.h"
#include "lint/dkim_lint.h"

/*
 * Single replies.
 */

static const struct finding_kind *
failure_kind(void)
{
	return &dkim_findings[DKIM_FINDING_DNS];
}

static bool
is_failed(const struct server_reply *r)
{
	return !server_has_answered(r) && !r->is_unreachable;
}

static const struct finding *
worst(const struct key_lint *l)
{
	const struct finding *f = key_lint_worst(l);

	return f || !l->findings.n ? f : l->findings.list;
}

static bool
is_wrong(const struct server_reply *r, const struct key_lint *l)
{
	return server_has_answered(r) && l->state != KEY_LINT_SOUND;
}

const char *
check_reply_id(const struct server_reply *r, const struct key_lint *l)
{
	if (is_failed(r))
		return failure_kind()->id;
	return is_wrong(r, l) ? worst(l)->kind->id : NULL;
}

static bool
is_private(const struct key_lint *l)
{
	return finding_has(&l->findings, &key_findings[KEY_FINDING_PRIVATE]);
}

/* A key that only a CNAME beside it spoils is to be published as it is. */
static void
lint_beside(const struct server_reply *r, struct dns *resolver, struct arena *a,
    struct key_lint *l)
{
	bool is_sound = l->state == KEY_LINT_SOUND;

	if (key_lint_beside(resolver, &r->txt, a, l) && is_sound)
		l->proposed = r->txt.records->data;
}

/* Without a key file, the key is that of a server that has the newest zone. */
static void
lint_difference(struct check *c, const struct servers_query *q, struct arena *a)
{
	const struct key_lint *first = NULL;

	for (size_t i = 0; i < q->nreplies && !first; i++)
		if (c->lints[i].state == KEY_LINT_SOUND && !q->replies[i].lag)
			first = &c->lints[i];
	for (size_t i = 0; first && i < q->nreplies; i++) {
		const struct key_expected same = {
		    first->type, first->data, NULL};

		if (c->lints[i].state == KEY_LINT_SOUND &&
		    !span_eq(c->lints[i].data, first->data))
			key_lint(&q->replies[i].txt, &same, a, &c->lints[i]);
	}
}

static void
lint_replies(struct check *c, const struct servers_query *q,
    struct dns *resolver, struct arena *a)
{
	c->lints = ARENA_ARRAY(a, struct key_lint, q->nreplies);
	for (size_t i = 0; i < q->nreplies; i++) {
		key_lint(&q->replies[i].txt, c->is_known ? &c->expected : NULL,
		    a, &c->lints[i]);
		if (q->source == SERVERS_RESOLVER)
			lint_beside(&q->replies[i], resolver, a, &c->lints[i]);
	}
	if (!c->is_known)
		lint_difference(c, q, a);
}

/*
 * All of them.
 */

/* How much a reply matters: a private key, what the server of the newest serial
 * has, what one has that lags, a failure. */
enum rank {
	RANK_OK,
	RANK_FAILED,
	RANK_LAGS,
	RANK_WRONG,
	RANK_PRIVATE,
};

static enum rank
rank_of(const struct server_reply *r, const struct key_lint *l)
{
	if (is_failed(r))
		return RANK_FAILED;
	if (!is_wrong(r, l))
		return RANK_OK;
	if (is_private(l))
		return RANK_PRIVATE;
	return r->lag ? RANK_LAGS : RANK_WRONG;
}

static enum rank
find_decisive(struct check *c, const struct servers_query *q)
{
	enum rank most = RANK_OK;

	for (size_t i = 0; i < q->nreplies; i++) {
		enum rank rank = rank_of(&q->replies[i], &c->lints[i]);

		if (rank > most) {
			most = rank;
			c->decisive = i;
		}
	}
	return most;
}

/* Returns the addresses of the servers whose replies have a rank. */
static struct span
addresses(const struct check *c, const struct servers_query *q, enum rank rank,
    struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < q->nreplies; i++) {
		const struct server_reply *r = &q->replies[i];

		if (rank_of(r, &c->lints[i]) != rank)
			continue;
		if (b.len)
			buf_str(&b, ", ");
		if (r->address)
			buf_str(&b, r->address);
		else
			buf_add(&b, r->server->name);
	}
	return buf_span(&b);
}

/* What the text of the one record of a server is that has the key. */
static struct span
sound_record(const struct check *c, const struct servers_query *q)
{
	for (size_t i = 0; i < q->nreplies; i++)
		if (c->lints[i].state == KEY_LINT_SOUND &&
		    q->replies[i].txt.nrecords == 1)
			return q->replies[i].txt.records->data;
	return SPAN_NONE;
}

/* The record of the key in the file, if with it the key were well. */
static struct span
own_record(const struct check *c, struct arena *a)
{
	struct key_lint trial;
	struct span text;

	if (!c->is_known)
		return SPAN_NONE;
	text = key_lint_record(c->expected.type, SPAN_NONE, SPAN_NONE,
	    SPAN_NONE, c->expected.data, a);
	key_lint_text(c->name, text, &c->expected, a, &trial);
	return trial.state == KEY_LINT_SOUND ? text : SPAN_NONE;
}

/* Sets the record to publish. What was revoked stays so, and a private key that
 * was published is no longer of use. */
static void
propose(struct check *c, const struct servers_query *q, struct arena *a)
{
	const struct key_lint *l = &c->lints[c->decisive];

	c->place = c->name;
	if (l->target.p && span_eq(domain_normal(l->target, a), l->target))
		c->place = l->target;
	if (is_private(l) || l->state == KEY_LINT_REVOKED)
		return;
	c->proposed = l->proposed;
	if (!c->proposed.p)
		c->proposed = sound_record(c, q);
	if (!c->proposed.p)
		c->proposed = own_record(c, a);
	if (!l->target.p && c->proposed.p && !l->proposed.p)
		c->mend =
		    ARENA_JOIN(a, SPAN("publish one TXT record at "), c->place);
}

static void
take_finding(struct check *c, const struct servers_query *q, struct arena *a)
{
	const struct key_lint *l = &c->lints[c->decisive];
	const struct finding *f = worst(l);

	c->verdict = CHECK_WRONG;
	c->id = f->kind->id;
	c->words = ARENA_JOIN(a, span_of(f->kind->words),
	    f->what.p ? SPAN(": ") : SPAN(""), f->what);
	c->mend = l->mend;
	if (!c->mend.p)
		c->mend = span_of(f->kind->words);
	propose(c, q, a);
}

/* The newest serial. There is one, as a server has an older one. */
static uint32_t
newest(const struct servers_query *q)
{
	const struct server_reply *r = q->replies;

	while (!r->has_serial)
		r++;
	return r->serial + r->lag;
}

static void
take_lag(struct check *c, const struct servers_query *q, struct arena *a)
{
	struct span late = addresses(c, q, RANK_LAGS, a);

	take_finding(c, q, a);
	c->is_late = true;
	c->words = ARENA_JOIN(a,
	    SPAN("the key is not yet well at every server, only where the "
		 "zone is newer than at "),
	    late);
	c->mend = arena_printf(a,
	    "wait until serial %lu is at " SPAN_FMT
	    "; if it does not get there, have the transfer of the zone "
	    "repaired",
	    (unsigned long)newest(q), SPAN_ARG(late));
}

static void
take_failure(struct check *c, const struct servers_query *q, struct arena *a)
{
	const struct server_reply *r = &q->replies[c->decisive];

	c->verdict = CHECK_UNKNOWN;
	c->id = failure_kind()->id;
	c->words = span_of(failure_kind()->words);
	if (q->has_failed)
		c->mend = ARENA_JOIN(a,
		    SPAN("try again later; which servers have the key is not "
			 "known: "),
		    q->why);
	else if (r->address)
		c->mend = ARENA_JOIN(a, SPAN("try again later; no answer of "),
		    addresses(c, q, RANK_FAILED, a), SPAN(": "),
		    span_of(dns_status_words(r->txt.status)));
	else
		c->mend = ARENA_JOIN(a,
		    SPAN("have an A or AAAA record published at "),
		    addresses(c, q, RANK_FAILED, a));
}

void
check_judge(struct check *c, const struct servers_query *q,
    struct dns *resolver, struct arena *a)
{
	enum rank rank;

	lint_replies(c, q, resolver, a);
	rank = find_decisive(c, q);
	if (rank == RANK_OK && q->has_failed)
		rank = RANK_FAILED;
	if (rank == RANK_FAILED)
		take_failure(c, q, a);
	else if (rank == RANK_LAGS)
		take_lag(c, q, a);
	else if (rank != RANK_OK)
		take_finding(c, q, a);
}
