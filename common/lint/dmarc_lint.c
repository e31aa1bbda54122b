/* dmarc_lint: errors and risks in DMARC records, for --lint. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_lint.h"

#include "base/buf.h"
#include "base/limit.h"
#include "base/taglist.h"
#include "lint/dmarc_lint_internal.h"

const struct finding_kind dmarc_findings[] = {DMARC_FINDINGS(FINDING_KIND)};

struct job {
	struct dmarc_method method;
	struct arena *arena;
	struct span domain;
	bool nobody; /* no domain was given: it is FINDING_NOBODY */
	struct dmarc_lint *out;
};

static void
add(struct job *job, enum dmarc_finding kind, struct span where,
    struct span what)
{
	finding_add(&job->out->findings, &dmarc_findings[kind], where, what);
}

static void
add_failure(struct job *job, struct span where, struct span what)
{
	add(job, DMARC_FINDING_DNS, where, what);
	job->out->findings.failed = RESULT_TEMPERROR;
}

/* Returns all of them joined. */
static struct span
join(struct job *job, struct span front, const char *separator,
    struct span back, const char *end)
{
	struct buf b = BUF(job->arena);

	buf_add(&b, front);
	buf_str(&b, separator);
	buf_add(&b, back);
	buf_str(&b, end);
	return buf_span(&b);
}

/* Adds an answer that failed. If no server can be reached, one finding says
 * enough. */
static void
add_answer(struct job *job, struct span where, const struct dns_answer *answer)
{
	if (answer->status == DNS_NETWORK &&
	    job->out->findings.failed == RESULT_TEMPERROR)
		return;
	add_failure(job, where,
	    join(job, answer->name,
		" TXT: ", span_of(dns_status_words(answer->status)), ""));
}

/*
 * Texts that look like a record.
 */

/* Is the text a record without its version? */
static bool
has_policy(struct job *job, struct span text)
{
	struct dmarc_record r;

	dmarc_record_parse(
	    join(job, SPAN("v=DMARC1"), ";", text, ""), job->arena, &r);
	return r.has_p || r.has_sp || r.has_np;
}

static void
check_text(struct job *job, struct span where, struct span text)
{
	struct span bare = finding_skip_litter(text, "");

	if (!dmarc_is_record(text) &&
	    (finding_has_version(bare, SPAN("DMARC")) ||
		span_casecontains(bare, SPAN("v=DMARC1")) ||
		has_policy(job, bare)))
		add(job, DMARC_FINDING_LOOKALIKE, where, text);
}

/*
 * The way up.
 */

static size_t
count_records(const struct dns_answer *answer)
{
	size_t n = 0;

	for (size_t i = 0; i < answer->nrecords; i++)
		n += dmarc_is_record(answer->records[i].data);
	return n;
}

static void
check_level(struct job *job, const struct dmarc_level *l)
{
	if (!l->answer) {
		check_text(job, l->domain, job->method.record);
		return;
	}
	if (l->found == DMARC_FOUND_FAILED)
		add_answer(job, l->domain, l->answer);
	for (size_t i = 0; i < l->answer->nrecords; i++)
		check_text(job, l->domain, l->answer->records[i].data);
	if (l->found == DMARC_FOUND_SEVERAL)
		add(job, DMARC_FINDING_SEVERAL, l->domain,
		    arena_printf(
			job->arena, "%zu records", count_records(l->answer)));
}

/* Walks up to the record that applies. A given record ends the walk if it was
 * given without a domain, or is not a DMARC record. */
static void
walk(struct job *job)
{
	struct dmarc_walk *w = &job->out->walk;

	dmarc_walk_begin(&job->method, job->domain, w);
	if (job->nobody ||
	    (!w->levels->answer && w->levels->found != DMARC_FOUND_RECORD)) {
		w->complete = true;
		w->org = job->domain;
		w->how = "the domain itself";
	}
	dmarc_walk_complete(&job->method, w);
	for (size_t i = 0; i < w->nlevels; i++)
		check_level(job, &w->levels[i]);
	job->out->applies = dmarc_walk_policy(w);
}

/*
 * Around the domain.
 */

/* Names at which records are published by mistake: front, then the domain, or
 * twice the domain if again. If a wildcard answers for such a name, it answers
 * for probe and the domain, too. */
static const struct misplaced {
	const char *front, *probe;
	bool again;
} misplaced_names[] = {
    {"", NULL, false},
    /* For control panels that add _dmarc, or the domain, on their own. */
    {"_dmarc._dmarc.", DMARC_LINT_PROBE "._dmarc.", false},
    {"_dmarc.", "_dmarc." DMARC_LINT_PROBE ".", true},
};
#define MISPLACED_NAMES (COUNT(misplaced_names))

static struct span
misplaced_name(struct job *job, const struct misplaced *p)
{
	struct span name = join(job, span_of(p->front), "", job->domain, "");

	return p->again ? join(job, name, ".", job->domain, "") : name;
}

static struct span
probe_name(struct job *job, const struct misplaced *p)
{
	return join(job, span_of(p->probe), "", job->domain, "");
}

static void
prefetch(struct job *job)
{
	dmarc_walk_prefetch(&job->method, job->domain);
	for (size_t i = 0; i < MISPLACED_NAMES && !job->method.record.p; i++) {
		struct dns *dns = job->method.dns;

		dns_prefetch(
		    dns, misplaced_name(job, &misplaced_names[i]), DNS_TXT);
		if (misplaced_names[i].probe)
			dns_prefetch(
			    dns, probe_name(job, &misplaced_names[i]), DNS_TXT);
	}
}

static const struct dns_answer *
look_up(struct job *job, struct span name)
{
	const struct dns_answer *answer =
	    dns_query(job->method.dns, name, DNS_TXT);

	if (dns_unknown(answer->status))
		add_answer(job, job->domain, answer);
	return answer;
}

static bool
has_wildcard(struct job *job, const struct misplaced *p)
{
	const struct dns_answer *answer;

	if (!p->probe)
		return false;
	answer = look_up(job, probe_name(job, p));
	if (answer->status != DNS_DATA)
		return false;
	add(job, DMARC_FINDING_WILDCARD, job->domain,
	    join(job, answer->name, ": ", answer->records->data, ""));
	return true;
}

static void
check_misplaced(struct job *job, const struct misplaced *p)
{
	const struct dns_answer *answer;

	if (has_wildcard(job, p))
		return;
	answer = look_up(job, misplaced_name(job, p));
	for (size_t i = 0; i < answer->nrecords; i++)
		if (dmarc_is_record(answer->records[i].data))
			add(job, DMARC_FINDING_MISPLACED, answer->name,
			    answer->records[i].data);
}

/*
 * The record that applies.
 */

static bool
is_named(struct span tag, const char *name)
{
	return span_eq(span_trim(span_cut(&tag, '=')), span_of(name));
}

/* Returns the first tag of that name, with its value, or absent. */
static struct span
find_tag(const struct dmarc_record *r, const char *name)
{
	struct span rest = r->text, tag;

	while (taglist_item(&rest, ';', &tag))
		if (is_named(tag, name))
			return tag;
	return SPAN_NONE;
}

/* Adds the finding for a flaw; check_uris() reports those of rua= and ruf=. */
static void
check_flaw(struct job *job, const struct dmarc_flaw *flaw)
{
	if (flaw->kind == DMARC_FLAW_VALUE &&
	    (is_named(flaw->tag, "rua") || is_named(flaw->tag, "ruf")))
		return;
	finding_add_near(&job->out->findings,
	    &dmarc_findings[dmarc_lint_kind(flaw)], job->out->applies->domain,
	    flaw->tag, dmarc_lint_near(flaw));
}

static void
check_flaws(struct job *job)
{
	const struct dmarc_record *r = &job->out->applies->record;

	for (size_t i = 0; i < r->nflaws; i++)
		/* Of several flaws of a tag only the first is reported. */
		if (!i || r->flaws[i].tag.p != r->flaws[i - 1].tag.p)
			check_flaw(job, &r->flaws[i]);
}

/*
 * Report addresses.
 */

/* "URI (NAME)", "URI (NAME: leads to HOST)" */
static struct span
destination_words(struct job *job, const struct dmarc_uri *uri,
    const struct dmarc_destination *report)
{
	struct span name = report->name;

	if (!name.p)
		return uri->text;
	if (report->elsewhere.p)
		name = join(job, name, ": leads to ", report->elsewhere, "");
	return join(job, uri->text, " (", name, ")");
}

/* RFC 9990 4. The organizational domain of a record with psd=y is its own. */
static void
check_destination(struct job *job, const struct dmarc_uri *uri)
{
	const struct dmarc_level *l = job->out->applies;
	struct span org =
	    l->record.psd == DMARC_PSD_Y ? l->domain : job->out->walk.org;
	struct dmarc_destination report;

	if (job->nobody || !org.p)
		return;
	dmarc_destination_query(&job->method, uri, l->domain, org, &report);
	if (report.kind == DMARC_DESTINATION_FAILED)
		add_failure(
		    job, l->domain, destination_words(job, uri, &report));
	if (report.kind == DMARC_DESTINATION_UNAUTHORIZED)
		add(job, DMARC_FINDING_EXTERNAL, l->domain,
		    destination_words(job, uri, &report));
}

/* Checks one address of a tag. uri is what the record's parser made of it, or
 * NULL if it is invalid. */
static void
check_uri(struct job *job, struct span tag, struct span text,
    const struct dmarc_uri *uri)
{
	struct span where = job->out->applies->domain;

	if (!uri) {
		add(job, DMARC_FINDING_URI, where, text.len ? text : tag);
		return;
	}
	if (uri->text.len < text.len) /* RFC 9989 4.8, obs-dmarc-report-size */
		add(job, DMARC_FINDING_OBSOLETE, where, text);
	if (uri->domain.p)
		check_destination(job, uri);
	else
		add(job, DMARC_FINDING_URI_SCHEME, where, uri->text);
}

static bool
is_duplicate(const struct dmarc_record *r, const char *name)
{
	for (size_t i = 0; i < r->nflaws; i++)
		if (r->flaws[i].kind == DMARC_FLAW_DUPLICATE &&
		    is_named(r->flaws[i].tag, name))
			return true;
	return false;
}

/* The parser lists valid addresses, in order, but none of a duplicate tag. */
static void
check_uris(
    struct job *job, const char *name, const struct dmarc_uri *list, size_t n)
{
	const struct dmarc_record *r = &job->out->applies->record;
	struct span tag = find_tag(r, name), rest = tag, text;
	size_t next = 0;

	if (is_duplicate(r, name))
		return;
	span_cut(&rest, '=');
	while (taglist_item(&rest, ',', &text)) {
		bool valid = next < n && list[next].text.p == text.p;

		check_uri(job, tag, text, valid ? &list[next] : NULL);
		next += valid;
	}
}

/*
 * Policies.
 */

static void
add_tag(struct job *job, enum dmarc_finding kind, const char *name)
{
	const struct dmarc_level *l = job->out->applies;

	add(job, kind, l->domain, find_tag(&l->record, name));
}

/* RFC 9989 4.7: sp= and np= are only used in the record of an organizational
 * domain, or of a public suffix for domains below it that have no record. */
static void
check_subdomains(struct job *job)
{
	const struct dmarc_level *l = job->out->applies;
	const struct dmarc_record *r = &l->record;

	if (!job->out->walk.org.p)
		return;
	if (r->psd != DMARC_PSD_Y && !span_eq(l->domain, job->out->walk.org)) {
		if (r->has_sp)
			add_tag(job, DMARC_FINDING_NO_EFFECT, "sp");
		if (r->has_np)
			add_tag(job, DMARC_FINDING_NO_EFFECT, "np");
		return;
	}
	if (r->sp < r->p)
		add_tag(job, DMARC_FINDING_SUBDOMAINS, "sp");
	if (r->np < r->p)
		add_tag(
		    job, DMARC_FINDING_NONEXISTENT, r->has_np ? "np" : "sp");
}

static void
check_testing(struct job *job)
{
	const struct dmarc_record *r = &job->out->applies->record;
	bool none = r->p == DMARC_POLICY_NONE && r->sp == DMARC_POLICY_NONE &&
	    r->np == DMARC_POLICY_NONE;

	if (r->testing) /* RFC 9989 4.7, t */
		add_tag(job,
		    none ? DMARC_FINDING_NO_EFFECT : DMARC_FINDING_TESTING,
		    "t");
}

static void
check_policies(struct job *job)
{
	const struct dmarc_record *r = &job->out->applies->record;

	if (r->bad_policy) /* all policies are ignored (RFC 9989 4.10.1) */
		return;
	if (!r->has_p)
		add(job, DMARC_FINDING_NO_POLICY, job->out->applies->domain,
		    SPAN_NONE);
	if (r->p == DMARC_POLICY_NONE && !r->nrua)
		add(job, DMARC_FINDING_MONITORING, job->out->applies->domain,
		    SPAN_NONE);
	check_subdomains(job);
	check_testing(job);
}

/* Is the domain a public suffix? A single label always is. */
static bool
is_suffix(const struct job *job, struct span domain)
{
	const psl_ctx_t *psl =
	    job->method.psl ? job->method.psl : psl_builtin();

	return psl_is_public_suffix(psl, arena_cstr(job->arena, domain));
}

static void
check_record(struct job *job)
{
	const struct dmarc_level *l = job->out->applies;
	const struct dmarc_record *r = &l->record;

	check_flaws(job);
	if (r->gap.p)
		add(job, DMARC_FINDING_GAP, l->domain, r->gap);
	check_policies(job);
	check_uris(job, "rua", r->rua, r->nrua);
	check_uris(job, "ruf", r->ruf, r->nruf);
	if (!r->nruf && r->fo.p) /* RFC 9989 4.7, fo */
		add_tag(job, DMARC_FINDING_NO_EFFECT, "fo");
	if (r->psd == DMARC_PSD_Y && !is_suffix(job, l->domain))
		add_tag(job, DMARC_FINDING_PSD, "psd");
	if (r->text.len > LIMIT_SPF_RECORD)
		add(job, DMARC_FINDING_SIZE, l->domain,
		    arena_printf(job->arena, "%zu octets", r->text.len));
}

/*
 * All checks.
 */

/* Adds that no record applies, unless a finding has given the reason. */
static void
check_absence(struct job *job)
{
	const struct dmarc_walk *w = &job->out->walk;

	if (w->failed || w->levels->found == DMARC_FOUND_SEVERAL)
		return;
	add(job, DMARC_FINDING_NO_RECORD, w->domain, SPAN_NONE);
	job->out->findings.failed = RESULT_NONE;
}

void
dmarc_lint(const struct dmarc_method *method, struct span domain,
    struct dmarc_lint *out)
{
	struct job job = {.method = *method,
	    .arena = method->arena,
	    .domain = domain.p ? domain : FINDING_NOBODY,
	    .nobody = !domain.p,
	    .out = out};

	*out = (struct dmarc_lint){.findings = FINDINGS(job.arena, "dmarc")};
	job.method.record_of = job.domain;
	if (!job.nobody)
		prefetch(&job);
	walk(&job);
	for (size_t i = 0; i < MISPLACED_NAMES && !method->record.p; i++)
		check_misplaced(&job, &misplaced_names[i]);
	if (out->applies)
		check_record(&job);
	else
		check_absence(&job);
}
