/* key_lint: errors and risks in the key records of a name. */
/* SPDX-License-Identifier: ISC */

#include "lint/key_lint.h"

#include "base/buf.h"
#include "base/limit.h"
#include "lint/key_lint_internal.h"

/* The check of an answer. */
struct job {
	const struct dns_answer *answer;
	const struct key_expected *expected;
	struct arena *arena;
	struct key_lint *out;
};

static void
add(struct job *job, enum key_finding kind, struct span what)
{
	finding_add(
	    &job->out->findings, &key_findings[kind], job->answer->name, what);
}

static struct key_text
text_of(struct job *job, struct span text, const struct dns_rr *record,
    struct key_lint *out)
{
	return (struct key_text){.arena = job->arena,
	    .out = out,
	    .name = job->answer->name,
	    .text = text,
	    .record = record,
	    .expected = job->expected};
}

/*
 * Several records.
 */

/* Records of another version are ignored, if there is one that is not (RFC 6376
 * 3.6.1). */
static size_t
list_counted(struct job *job, const struct dns_rr ***list)
{
	const struct dns_answer *answer = job->answer;
	size_t n = 0;

	*list = NULL;
	for (size_t i = 0; i < answer->nrecords; i++)
		if (!dkim_key_is_other(answer->records[i].data))
			*ARENA_PUSH(job->arena, *list, n) = &answer->records[i];
	if (!n)
		*ARENA_PUSH(job->arena, *list, n) = &answer->records[0];
	return n;
}

/* The check of a text alone, without a record to publish. */
static struct key_lint
try_text(struct job *job, struct span text)
{
	struct key_lint l;
	struct key_text t = text_of(job, text, NULL, &l);

	key_lint_check(&t);
	return l;
}

/* Were the strings of one record published as two? Returns them joined, or
 * absent. */
static struct span
join_halves(struct job *job, const struct dns_rr *const *list)
{
	if (try_text(job, list[0]->data).data.p ||
	    try_text(job, list[1]->data).data.p)
		return SPAN_NONE;
	for (size_t i = 0; i < 2; i++) {
		struct span text =
		    ARENA_JOIN(job->arena, list[i]->data, list[1 - i]->data);

		if (try_text(job, text).state == KEY_LINT_SOUND)
			return text;
	}
	return SPAN_NONE;
}

/* Returns the one key of several records, if the others are not keys or the
 * same; else NULL. The expected one is preferred. */
static const struct key_lint *
only_key(const struct key_lint *list, size_t n)
{
	const struct key_lint *found = NULL;

	for (size_t i = 0; i < n; i++) {
		if (!list[i].data.p)
			continue;
		if (found && !span_eq(found->data, list[i].data))
			return NULL;
		if (!found || list[i].state == KEY_LINT_SOUND)
			found = &list[i];
	}
	return found;
}

static const struct key_lint *
sound_key(const struct key_lint *list, size_t n)
{
	const struct key_lint *found = NULL;

	for (size_t i = 0; i < n; i++)
		if (list[i].state == KEY_LINT_SOUND) {
			if (found)
				return NULL;
			found = &list[i];
		}
	return found;
}

/* Takes what is known of the key from the check of one record. */
static void
take_key(struct job *job, const struct key_lint *one)
{
	struct key_lint *out = job->out;

	out->type = one->type;
	out->bits = one->bits;
	out->data = one->data;
	if (one->state == KEY_LINT_SOUND)
		out->proposed = key_lint_record(one->type, SPAN_NONE, SPAN_NONE,
		    SPAN_NONE, one->data, job->arena);
	else
		out->proposed = one->proposed;
}

static void
check_several(struct job *job, const struct dns_rr *const *list, size_t n)
{
	struct key_lint *checks = ARENA_ARRAY(job->arena, struct key_lint, n);
	const struct key_lint *one;

	for (size_t i = 0; i < n; i++) {
		struct key_text t =
		    text_of(job, list[i]->data, list[i], &checks[i]);

		key_lint_mend(&t);
	}
	job->out->findings.record = list[0];
	job->out->reason = DKIM_KEY_SEVERAL;
	job->out->state = KEY_LINT_FLAWED;
	add(job, KEY_FINDING_SEVERAL,
	    arena_printf(job->arena, "%zu records", n));
	one = only_key(checks, n);
	if (!one && job->expected)
		one = sound_key(checks, n);
	if (one)
		take_key(job, one);
}

static void
check_halves(struct job *job, struct span text)
{
	struct key_text t = text_of(job, text, NULL, job->out);

	key_lint_mend(&t);
	job->out->proposed = text;
	job->out->reason = DKIM_KEY_SEVERAL;
	job->out->state = KEY_LINT_FLAWED;
	job->out->is_usable = false;
	job->out->findings.record = job->answer->records;
	add(job, KEY_FINDING_TRUNCATED,
	    SPAN("the rest is in a record of its own"));
}

/*
 * An answer.
 */

static void
check_records(struct job *job)
{
	const struct dns_rr **list;
	size_t n = list_counted(job, &list);
	struct span whole = SPAN_NONE;

	if (n == 1) {
		struct key_text t =
		    text_of(job, list[0]->data, list[0], job->out);

		key_lint_mend(&t);
		return;
	}
	if (n == 2)
		whole = join_halves(job, list);
	if (whole.p)
		check_halves(job, whole);
	else
		check_several(job, list, n);
	job->out->mend = key_lint_words(job->answer->name, job->out);
}

/* The text of the key in place of the name that a CNAME record leads to. The
 * name has lost the case of its letters, and the key with it. */
static bool
is_text(struct span target)
{
	return span_casestarts(target, SPAN("v=dkim1"));
}

static void
check_missing(struct job *job)
{
	const struct dns_answer *answer = job->answer;
	struct key_lint *out = job->out;

	out->reason = DKIM_KEY_NONE;
	out->state = out->target.p ? KEY_LINT_FLAWED : KEY_LINT_ABSENT;
	if (out->target.p && is_text(out->target))
		add(job, KEY_FINDING_CNAME, SPAN("the CNAME is a key record"));
	else if (out->target.p && answer->status == DNS_NXDOMAIN)
		add(job, KEY_FINDING_DANGLING, out->target);
	else
		add(job, KEY_FINDING_NONE, out->target);
	out->mend = key_lint_words(answer->name, out);
}

enum dkim_reason
key_lint_failure(enum dns_status status)
{
	return dns_failed(status)
	    ? (enum dkim_reason)DNS_REASON(DKIM_DNS_TIMEOUT, status)
	    : DKIM_DNS_LIMIT;
}

void
key_lint(const struct dns_answer *answer, const struct key_expected *expected,
    struct arena *a, struct key_lint *out)
{
	struct job job = {answer, expected, a, out};
	struct span target = SPAN_NONE;

	*out = (struct key_lint){.findings = FINDINGS(a, "dkim")};
	if (!span_eq(answer->canonical, answer->name))
		target = answer->canonical;
	out->target = target;
	if (dns_unknown(answer->status)) {
		out->reason = key_lint_failure(answer->status);
		out->state = KEY_LINT_UNKNOWN;
	} else if (!answer->nrecords) {
		check_missing(&job);
	} else {
		check_records(&job);
		out->target = target;
	}
	if (answer->nrepeated)
		add(&job, KEY_FINDING_DUPLICATE, SPAN_NONE);
}

/* RFC 1034 3.6.2: no other records beside a CNAME. A zone file can have them;
 * servers refuse to load it, or answer with one of them. */
bool
key_lint_beside(struct dns *dns, const struct dns_answer *answer,
    struct arena *a, struct key_lint *out)
{
	struct job job = {answer, NULL, a, out};
	const struct dns_answer *alias;

	if (!answer->nrecords || !answer->records->file || out->target.p)
		return false;
	alias = dns_query(dns, answer->name, DNS_CNAME);
	if (!alias->nrecords)
		return false;
	out->findings.record = alias->records;
	add(&job, KEY_FINDING_CNAME,
	    ARENA_JOIN(a, SPAN("a CNAME record to "), alias->records->data,
		SPAN(" beside a TXT record")));
	out->state = KEY_LINT_FLAWED;
	out->mend = ARENA_JOIN(a, SPAN("remove the CNAME record at "),
	    answer->name, out->mend.p ? SPAN("; ") : SPAN(""), out->mend);
	return true;
}

void
key_lint_text(struct span name, struct span text,
    const struct key_expected *expected, struct arena *a, struct key_lint *out)
{
	struct key_text t = {.arena = a,
	    .out = out,
	    .name = name,
	    .text = text,
	    .expected = expected};

	key_lint_mend(&t);
}
