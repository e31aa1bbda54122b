/* authentic: evaluate the mails that reports are in, compare organizations. */
/* SPDX-License-Identifier: ISC */

#include "authentic.h"

#include <errno.h>
#include <stdlib.h>

#include "mail/mailbox.h"

struct authentic {
	const struct authentic_policy *policy;
	struct dns *dns;
	struct key_ring *keys;
	struct arena *arena; /* of the mail */
	struct source source;
	bool evaluated;             /* the mail was */
	struct evaluation *mail;    /* NULL: it is not a mail */
	enum authentic_doubt doubt; /* about the mail */
	struct span words;
	int error;
	/* The last e-mail address, which the next report mostly has, too. */
	struct arena *memory;
	bool compared;
	struct span email, domain;
	enum authentic_doubt email_doubt;
	struct span email_words;
	/* Of the last report. */
	struct span told, reporter;
};

struct authentic *
authentic_new(const struct authentic_policy *policy, struct dns *dns)
{
	struct authentic *t = arena_malloc(sizeof(*t));

	*t = (struct authentic){.policy = policy,
	    .dns = dns,
	    .keys = key_ring_new(),
	    .arena = arena_new(),
	    .memory = arena_new()};
	/* The sender of a mail chooses what is queried for it. */
	dns_limit(dns, LIMIT_DNS_QUESTIONS);
	return t;
}

void
authentic_free(struct authentic *t)
{
	if (!t)
		return;
	arena_free(t->arena);
	arena_free(t->memory);
	key_ring_free(t->keys);
	free(t);
}

void
authentic_begin(struct authentic *t, const struct source *source)
{
	t->source = *source;
	/* The reader moves the offset of the file, and a range is read without
	 * it. */
	if (!source->is_range)
		source_range(&t->source, source->fd, source->start,
		    source->first.st_size, NULL);
	t->evaluated = false;
	t->compared = false;
	t->error = 0;
}

/*
 * The mail.
 */

static void
doubt(struct authentic *t, enum authentic_doubt doubt, struct span words)
{
	t->doubt = doubt;
	t->words = words;
}

static struct evaluation *
begin(struct authentic *t, const struct message *m, struct sink *const **sinks,
    size_t *n)
{
	const struct authentic_policy *p = t->policy;
	const struct dmarc_method method = {.dns = t->dns, .arena = t->arena};
	struct authid_policy policy = p->authid;
	struct envelope envelope = {.has_ip = false};

	policy.keys = t->keys;
	if (p->now_received)
		received_find_date(m, p->trust.received_by, p->trust.relays,
		    p->trust.nrelays, &policy.now);
	envelope_find(&envelope, m, &p->trust, t->arena);
	return evaluation_begin(
	    m, &method, &envelope, &policy, &p->removal, sinks, n);
}

/* Sets whether the mail passes. */
static void
settle(struct authentic *t)
{
	const struct dmarc_verdict *v = t->mail->decides;
	const struct result_reason *why = &dmarc_reasons[v->reason];
	enum result_code code = dmarc_code(v);

	if (code == RESULT_PASS)
		doubt(t, AUTHENTIC_OK, SPAN_NONE);
	else
		doubt(t,
		    code == RESULT_TEMPERROR ? AUTHENTIC_UNKNOWN
					     : AUTHENTIC_FAILED,
		    arena_printf(t->arena, "the mail has dmarc=%s: %s",
			result_name(code), why->words));
}

static void
cannot_read(struct authentic *t)
{
	t->error = errno;
	doubt(t, AUTHENTIC_UNKNOWN, SPAN("the mail cannot be read again"));
}

static void
evaluate_message(struct authentic *t, struct message *m)
{
	struct sink *const *sinks;
	size_t n;

	authres_remove(&t->policy->removal, m);
	t->mail = begin(t, m, &sinks, &n);
	if (message_body(m, sinks, n, false) < 0) {
		cannot_read(t);
		return;
	}
	evaluation_end(t->mail);
	settle(t);
}

static void
evaluate(struct authentic *t)
{
	struct message *m;

	arena_reset(t->arena);
	dns_begin(t->dns);
	t->mail = NULL;
	m = ARENA_NEW(t->arena, struct message);
	switch (message_read(m, &t->source, t->arena)) {
	case MESSAGE_OK:
		evaluate_message(t, m);
		break;
	case MESSAGE_TOO_LARGE:
		doubt(t, AUTHENTIC_FAILED,
		    SPAN("the header of the mail is too large"));
		break;
	case MESSAGE_READ:
		cannot_read(t);
		break;
	case MESSAGE_EMPTY:
	case MESSAGE_NO_FIELD:
		doubt(t, AUTHENTIC_NO_MAIL, SPAN("it is not in a mail"));
		break;
	}
	message_free(m);
}

/*
 * The report.
 */

/* The domain of an e-mail address, which may have a display name. */
static struct span
domain_of(struct span email, struct arena *a)
{
	struct mailbox one, *list;
	size_t n;

	if (mailbox_parse(email, true, a, &one) == MAILBOX_OK)
		return one.domain;
	if (mailbox_parse_list(email, 1, a, &list, &n) == MAILBOX_OK)
		return list[0].domain;
	return SPAN_NONE;
}

/* Are both domains of one organization? (RFC 9989 4.10.2) Sets failed if the
 * DNS did not tell. */
static bool
same_organization(const struct authentic *t, const struct dmarc_method *method,
    struct dmarc_verdict *author, bool *failed)
{
	struct dmarc_walk walk;

	if (span_eq(t->domain, author->author))
		return true;
	dmarc_walk_complete(&t->mail->method, &author->walk);
	dmarc_walk_org(method, t->domain, &walk);
	if (walk.org.p && author->walk.org.p)
		return span_eq(walk.org, author->walk.org);
	*failed |= (walk.failed && !dmarc_walk_is_over(&walk)) ||
	    (author->walk.failed && !dmarc_walk_is_over(&author->walk));
	return false;
}

/* A sender chooses the addresses, and so the queries for them, which are
 * limited. */
static enum authentic_doubt
compare(struct authentic *t)
{
	const struct evaluation *e = t->mail;
	const struct dmarc_method method = {
	    .dns = t->dns, .arena = t->memory, .is_limited = true};
	bool failed = false;

	t->domain = domain_of(t->email, t->memory);
	if (!t->domain.p) {
		t->email_words = SPAN("it has no valid e-mail address");
		return AUTHENTIC_OTHER;
	}
	for (size_t i = 0; i < e->from.ndomains; i++)
		if (same_organization(t, &method, &e->verdict[i], &failed))
			return AUTHENTIC_OK;
	if (failed) {
		t->email_words = SPAN("the DNS does not tell the organization "
				      "of its e-mail address");
		return AUTHENTIC_UNKNOWN;
	}
	t->email_words = arena_printf(t->memory,
	    "its e-mail address is not of the organization of " SPAN_FMT,
	    SPAN_ARG(e->from.domains[0]));
	return AUTHENTIC_OTHER;
}

static enum authentic_doubt
check_email(struct authentic *t, struct span email)
{
	if (!t->compared || !span_eq(email, t->email)) {
		arena_reset(t->memory);
		t->compared = true;
		t->email = arena_span(t->memory, email);
		t->email_words = SPAN_NONE;
		t->email_doubt = compare(t);
	}
	t->told = t->email_words;
	t->reporter = t->domain;
	return t->email_doubt;
}

enum authentic_doubt
authentic_check(
    struct authentic *t, const struct aggregate_report *report, bool in_mail)
{
	t->reporter = SPAN_NONE;
	if (!t->evaluated)
		evaluate(t);
	t->evaluated = true;
	t->told = t->words;
	if (t->doubt != AUTHENTIC_OK)
		return t->doubt;
	if (!in_mail) {
		t->told = SPAN("it is not a part of the mail itself");
		return AUTHENTIC_NO_MAIL;
	}
	return report ? check_email(t, report->metadata.email) : AUTHENTIC_OK;
}

struct span
authentic_words(const struct authentic *t)
{
	return t->told;
}

struct span
authentic_reporter(const struct authentic *t)
{
	return t->reporter;
}

int
authentic_error(const struct authentic *t)
{
	return t->error;
}
