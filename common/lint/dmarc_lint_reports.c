/* dmarc_lint_reports: does anybody get the reports (RFC 9990, RFC 9991)? */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

#include "base/domain.h"
#include "base/limit.h"
#include "base/taglist.h"
#include "lint/mx_lint.h"

bool
dmarc_lint_has_slashes(const struct dmarc_uri *uri)
{
	return span_casestarts(uri->text, SPAN("mailto://"));
}

/*
 * From the DNS.
 */

static void
prefetch_uri(const struct dmarc_method *method, const struct dmarc_uri *uri,
    struct dmarc_owner owner)
{
	struct span host = uri->domain;

	if (!host.p)
		return;
	if (!domain_within(host, owner.org.p ? owner.org : owner.domain))
		dns_prefetch_limited(method->dns,
		    ARENA_JOIN(method->arena, owner.domain,
			SPAN("._report._dmarc."), host),
		    DNS_TXT);
	else if (!span_eq(host, owner.domain) && !method->psl)
		dmarc_walk_prefetch(method, host);
	mail_host_prefetch(method->dns, host);
	dns_prefetch_limited(method->dns, host, DNS_A);
	dns_prefetch_limited(method->dns, host, DNS_AAAA);
}

void
dmarc_lint_reports_prefetch(const struct dmarc_method *method,
    const struct dmarc_record *r, struct dmarc_owner owner)
{
	for (size_t i = 0; i < r->nrua && i < LIMIT_DMARC_ADDRESSES; i++)
		prefetch_uri(method, &r->rua[i], owner);
	for (size_t i = 0; i < r->nruf && i < LIMIT_DMARC_ADDRESSES; i++)
		prefetch_uri(method, &r->ruf[i], owner);
}

/* Why a host gets no mail; NULL: it does, or this is not known. */
static const char *
no_mail_words(enum mail_host host)
{
	static const char *const words[] = {
	    [MAIL_HOST_NULL] = "null MX",
	    [MAIL_HOST_NONE] = "neither MX records nor addresses",
	    [MAIL_HOST_MISSING] = "no such name",
	    [MAIL_HOST_UNKNOWN] = NULL,
	};

	return words[host];
}

enum dmarc_address
dmarc_lint_address(const struct dmarc_method *method,
    const struct dmarc_uri *uri, struct dmarc_owner owner)
{
	struct dmarc_destination report;
	enum mail_host mail;

	if (!uri->domain.p)
		return DMARC_ADDRESS_OTHER;
	if (dmarc_lint_has_slashes(uri))
		return DMARC_ADDRESS_DEAD;
	mail = mail_host_query(method->dns, uri->domain);
	dmarc_destination_query(method, uri, owner.domain, owner.org, &report);
	if (report.kind == DMARC_DESTINATION_UNAUTHORIZED ||
	    no_mail_words(mail))
		return DMARC_ADDRESS_DEAD;
	if (report.kind == DMARC_DESTINATION_FAILED ||
	    report.kind == DMARC_DESTINATION_LIMIT || mail == MAIL_HOST_UNKNOWN)
		return DMARC_ADDRESS_UNKNOWN;
	return DMARC_ADDRESS_WORKS;
}

/*
 * The addresses of one tag.
 */

struct list {
	struct dmarc_lint_job *job;
	struct dmarc_owner owner;
	const char *name; /* "rua" */
	struct span tag;
	const struct dmarc_uri *uri; /* the valid ones */
	size_t n;
	size_t mailto; /* of these, addresses that a mail program can use */
	/* By DNS: reports reach them; this is not known. */
	size_t works, unknown;
	struct span address; /* the first that works, or absent */
};

/* "URI (NAME)", "URI (NAME: leads to HOST)" */
static struct span
destination_words(struct arena *a, const struct dmarc_uri *uri,
    const struct dmarc_destination *report)
{
	struct span name = report->name;

	if (!name.p)
		return uri->text;
	if (report->elsewhere.p)
		name =
		    ARENA_JOIN(a, name, SPAN(": leads to "), report->elsewhere);
	return ARENA_JOIN(a, uri->text, SPAN(" ("), name, SPAN(")"));
}

/* RFC 9990 4. */
static void
check_authorization(const struct list *l, const struct dmarc_uri *uri)
{
	struct dmarc_destination report;
	struct span words;

	dmarc_destination_query(
	    &l->job->method, uri, l->owner.domain, l->owner.org, &report);
	words = destination_words(l->job->arena, uri, &report);
	if (report.kind == DMARC_DESTINATION_FAILED)
		dmarc_lint_failure(l->job, l->owner.domain, words);
	if (report.kind == DMARC_DESTINATION_UNAUTHORIZED)
		dmarc_lint_add(
		    l->job, DMARC_FINDING_EXTERNAL, l->owner.domain, words);
}

/* Another destination that works makes this one less important. */
static void
check_mail(const struct list *l, const struct dmarc_uri *uri)
{
	struct arena *a = l->job->arena;
	enum mail_host mail = mail_host_query(l->job->method.dns, uri->domain);
	const char *words = no_mail_words(mail);
	struct finding *f;

	if (mail == MAIL_HOST_UNKNOWN)
		dmarc_lint_failure(l->job, l->owner.domain,
		    ARENA_JOIN(
			a, uri->text, SPAN(" ("), uri->domain, SPAN(" MX)")));
	if (!words)
		return;
	f = dmarc_lint_add(l->job, DMARC_FINDING_NO_MAIL, l->owner.domain,
	    ARENA_JOIN(a, uri->text, SPAN(" ("), uri->domain, SPAN(": "),
		span_of(words), SPAN(")")));
	if (l->works)
		f->level = FINDING_WARNING;
}

/* Counts the addresses before the first finding, whose level depends on
 * that. */
static void
count(struct list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		enum dmarc_address address = DMARC_ADDRESS_UNKNOWN;

		l->mailto +=
		    l->uri[i].domain.p && !dmarc_lint_has_slashes(&l->uri[i]);
		if (!l->uri[i].domain.p)
			continue;
		if (l->owner.org.p && !l->job->nobody &&
		    i < LIMIT_DMARC_ADDRESSES)
			address = dmarc_lint_address(
			    &l->job->method, &l->uri[i], l->owner);
		l->works += address == DMARC_ADDRESS_WORKS;
		l->unknown += address == DMARC_ADDRESS_UNKNOWN;
		if (!l->address.p && address == DMARC_ADDRESS_WORKS)
			l->address = l->uri[i].text;
	}
}

/* An address without a scheme, or with slashes after it, was meant to get
 * reports: that none gets any is an error. */
static void
add_invalid(const struct list *l, struct span text)
{
	struct finding *f = dmarc_lint_add(l->job, DMARC_FINDING_URI,
	    l->owner.domain, text.len ? text : l->tag);
	bool was_meant = text.len &&
	    (span_find(text, ':') == text.len ||
		span_casestarts(text, SPAN("mailto://")));

	if (was_meant && !l->mailto)
		f->level = FINDING_ERROR;
}

/* Checks one address of a tag. uri is what the record's parser made of it, or
 * NULL if it is invalid. */
static void
check_uri(const struct list *l, struct span text, const struct dmarc_uri *uri)
{
	if (!uri || dmarc_lint_has_slashes(uri)) {
		add_invalid(l, text);
		return;
	}
	/* RFC 9989 4.8, obs-dmarc-report-size */
	if (uri->text.len < text.len && !l->job->method.rfc7489)
		dmarc_lint_add(
		    l->job, DMARC_FINDING_OBSOLETE, l->owner.domain, text);
	if (!uri->domain.p) {
		dmarc_lint_add(l->job, DMARC_FINDING_URI_SCHEME,
		    l->owner.domain, uri->text);
	} else if (!l->job->nobody && l->owner.org.p) {
		check_authorization(l, uri);
		check_mail(l, uri);
	}
}

static bool
is_duplicate(const struct dmarc_record *r, const char *name)
{
	for (size_t i = 0; i < r->nflaws; i++)
		if (r->flaws[i].kind == DMARC_FLAW_DUPLICATE &&
		    dmarc_lint_is_named(r->flaws[i].tag, name))
			return true;
	return false;
}

/* The parser lists valid addresses, in order, but none of a duplicate tag. */
static void
check_list(struct list *l)
{
	struct span rest = l->tag, text;
	size_t next = 0;

	count(l);
	span_cut(&rest, '=');
	while (taglist_item(&rest, ',', &text)) {
		bool valid = next < l->n && l->uri[next].text.p == text.p;

		if (valid && next == LIMIT_DMARC_ADDRESSES) {
			dmarc_lint_add(l->job, DMARC_FINDING_ADDRESSES,
			    l->owner.domain,
			    arena_printf(
				l->job->arena, "%zu of %s=", l->n, l->name));
			break;
		}
		check_uri(l, text, valid ? &l->uri[next] : NULL);
		next += valid;
	}
}

void
dmarc_lint_reports(struct dmarc_lint_job *job)
{
	const struct dmarc_level *level = job->out->applies;
	const struct dmarc_record *r = &level->record;
	/* The organizational domain of a record with psd=y is its own. */
	struct list rua = {.job = job,
	    .owner = {level->domain,
		r->psd == DMARC_PSD_Y ? level->domain : job->out->walk.org},
	    .name = "rua",
	    .tag = dmarc_lint_find(r, "rua"),
	    .uri = r->rua,
	    .n = r->nrua};
	struct list ruf = rua;

	ruf.name = "ruf";
	ruf.tag = dmarc_lint_find(r, ruf.name);
	ruf.uri = r->ruf;
	ruf.n = r->nruf;
	if (!job->nobody)
		dmarc_lint_reports_prefetch(&job->method, r, rua.owner);
	if (!is_duplicate(r, rua.name))
		check_list(&rua);
	if (!is_duplicate(r, ruf.name))
		check_list(&ruf);
	if (!rua.tag.p &&
	    !finding_has(
		&job->out->findings, &dmarc_findings[DMARC_FINDING_MONITORING]))
		dmarc_lint_add(
		    job, DMARC_FINDING_NO_REPORTS, level->domain, SPAN_NONE);
	job->out->works = rua.works;
	job->out->unknown = rua.unknown;
	job->out->address = rua.address;
}
