/* mx_lint: errors and risks in a domain's MX records. */
/* SPDX-License-Identifier: ISC */

#include "lint/mx_lint.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/domain.h"
#include "base/ip.h"
#include "base/limit.h"

const struct finding_kind mx_findings[] = {MX_FINDINGS(FINDING_KIND)};

struct job {
	struct span domain;
	struct dns *dns;
	struct arena *arena;
	struct mx_lint *out;
	size_t working, unknown; /* hosts */
};

static struct finding *
add(struct job *job, enum mx_finding kind, struct span what)
{
	return finding_add(
	    &job->out->findings, &mx_findings[kind], job->domain, what);
}

/*
 * The records.
 */

static int
compare_records(const void *a, const void *b)
{
	const struct dns_rr *const *left = a, *const *right = b;
	unsigned x = (*left)->preference, y = (*right)->preference;

	if (x != y)
		return x < y ? -1 : 1;
	return span_cmp((*left)->data, (*right)->data);
}

/* Returns the records by preference (RFC 5321 5.1). */
static const struct dns_rr **
sort_records(const struct dns_answer *mx, struct arena *a)
{
	const struct dns_rr **list =
	    ARENA_ARRAY(a, const struct dns_rr *, mx->nrecords);

	for (size_t i = 0; i < mx->nrecords; i++)
		list[i] = &mx->records[i];
	if (mx->nrecords)
		qsort(list, mx->nrecords, sizeof(*list), compare_records);
	return list;
}

static bool
has_host(const struct mx_host *hosts, size_t n, struct span name)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(hosts[i].name, name))
			return true;
	return false;
}

/* Lists the hosts. Sets *more to the number of records that name others. */
static size_t
list_hosts(const struct dns_answer *mx, struct arena *a, struct mx_host **hosts,
    size_t *more)
{
	const struct dns_rr **list = sort_records(mx, a);
	size_t n = 0;

	*hosts = NULL;
	*more = 0;
	for (size_t i = 0; i < mx->nrecords; i++) {
		if (!list[i]->data.len || has_host(*hosts, n, list[i]->data))
			continue;
		if (n < LIMIT_MX_HOSTS)
			*ARENA_PUSH(a, *hosts, n) = (struct mx_host){
			    .name = list[i]->data, .record = list[i]};
		else
			++*more;
	}
	return n;
}

size_t
mx_lint_hosts(
    const struct dns_answer *mx, struct arena *a, struct mx_host **hosts)
{
	size_t more;

	return list_hosts(mx, a, hosts, &more);
}

/* RFC 7505 3 */
static void
check_null(struct job *job, const struct dns_answer *mx)
{
	struct findings *f = &job->out->findings;

	for (size_t i = 0; i < mx->nrecords && job->out->nhosts; i++) {
		f->record = &mx->records[i];
		if (!f->record->data.len)
			add(job, MX_FINDING_NULL_MX, SPAN_NONE);
	}
	f->record = NULL;
}

/*
 * Hosts.
 */

/* "mx.example.org (CNAME a.example: no such name)" */
static struct span
host_text(struct job *job, const struct mx_host *h, const char *hint)
{
	struct buf b = BUF(job->arena);

	buf_add(&b, dns_name_text(h->name, job->arena));
	buf_str(&b, " (");
	if (h->answer && !span_eq(h->answer->canonical, h->answer->name)) {
		buf_str(&b, "CNAME ");
		buf_add(&b, dns_name_text(h->answer->canonical, job->arena));
		buf_str(&b, ": ");
	}
	if (!h->answer)
		buf_str(&b, "not a name of a host");
	else if (h->state == MX_HOST_NONE)
		buf_str(&b, "neither A nor AAAA");
	else
		buf_str(&b, dns_status_words(h->answer->status));
	buf_str(&b, hint);
	buf_char(&b, ')');
	return buf_span(&b);
}

/* Returns what precedes the domain in a name below it; else absent. */
static struct span
before_domain(struct span name, struct span domain)
{
	if (!domain_within(name, domain) || name.len == domain.len)
		return SPAN_NONE;
	return span_upto(name, name.len - domain.len - 1);
}

/* Can others take the name that is missing: is it not the domain's own? */
static bool
is_for_others(const struct job *job, const struct mx_host *h)
{
	return h->state == MX_HOST_MISSING &&
	    !domain_within(h->answer->canonical, job->domain);
}

/* Adds the finding for a host without an address: by the mistake that has led
 * to it, if it is known. */
static void
add_fault(struct job *job, const struct mx_host *h)
{
	struct span before = before_domain(h->name, job->domain);
	enum mx_finding kind = MX_FINDING_NO_ADDRESS;
	const char *hint = "";
	struct finding *f;
	struct ip ip;

	if (ip_parse(h->name, &ip) || (before.p && ip_parse(before, &ip)))
		kind = MX_FINDING_LITERAL;
	else if (before.p && domain_within(before, job->domain))
		kind = MX_FINDING_DOT;
	else if (is_for_others(job, h))
		kind = MX_FINDING_DANGLING;
	else if (span_find(before, '.') < before.len)
		hint = "; in a zone file, is the final dot missing?";
	f = add(job, kind, host_text(job, h, hint));
	if (kind != MX_FINDING_DANGLING && job->working + job->unknown)
		f->level = FINDING_WARNING;
}

static void
add_cname(struct job *job, const struct mx_host *h)
{
	add(job, MX_FINDING_CNAME,
	    ARENA_JOIN(job->arena, dns_name_text(h->name, job->arena),
		SPAN(" (CNAME "),
		dns_name_text(h->answer->canonical, job->arena), SPAN(")")));
}

static void
check_host(struct job *job, const struct mx_host *h)
{
	struct findings *f = &job->out->findings;

	f->record = h->record;
	if (h->state == MX_HOST_UNKNOWN) {
		add(job, MX_FINDING_DNS, host_text(job, h, ""));
		f->failed = RESULT_TEMPERROR;
	} else if (h->state != MX_HOST_ADDRESS) {
		add_fault(job, h);
	}
	/* RFC 2181 10.3 */
	if (h->answer && !span_eq(h->answer->canonical, h->answer->name))
		add_cname(job, h);
	f->record = NULL;
}

static void
check_hosts(struct job *job, const struct dns_answer *mx)
{
	struct mx_lint *out = job->out;
	size_t more;

	out->nhosts = list_hosts(mx, job->arena, &out->hosts, &more);
	check_null(job, mx);
	if (more)
		add(job, MX_FINDING_MANY,
		    arena_printf(job->arena, "%zu hosts", out->nhosts + more));
	for (size_t i = 0; i < out->nhosts; i++)
		mx_host_prefetch(job->dns, job->arena, &out->hosts[i]);
	for (size_t i = 0; i < out->nhosts; i++) {
		mx_host_query(job->dns, job->arena, &out->hosts[i]);
		job->working += out->hosts[i].state == MX_HOST_ADDRESS;
		job->unknown += out->hosts[i].state == MX_HOST_UNKNOWN;
	}
	for (size_t i = 0; i < out->nhosts; i++)
		check_host(job, &out->hosts[i]);
}

/*
 * The line for people.
 */

/* "mx1.example.org, mx2.example.org, and 3 more; 1 gets no mail" */
static void
write_hosts(struct buf *b, struct job *job)
{
	const struct mx_lint *out = job->out;
	size_t begin = b->len, i, lost;

	for (i = 0; i < out->nhosts; i++) {
		struct span name =
		    dns_name_text(out->hosts[i].name, job->arena);

		if (i && b->len - begin + name.len > LIMIT_SHOWN_LIST)
			break;
		buf_str(b, i ? ", " : "");
		buf_add(b, name);
	}
	if (i < out->nhosts)
		buf_printf(b, ", and %zu more", out->nhosts - i);
	lost = out->nhosts - job->working - job->unknown;
	if (lost)
		buf_printf(
		    b, "; %zu of %zu cannot get mail", lost, out->nhosts);
	if (job->unknown)
		buf_printf(b, "; of %zu it is not known", job->unknown);
}

static struct span
words_of(struct job *job, const struct dns_answer *mx)
{
	static const char *const words[] = {
	    [MAIL_HOST_MX] = "",
	    [MAIL_HOST_ADDRESS] =
		"no MX record: mail goes to the addresses of the domain",
	    [MAIL_HOST_NULL] = "a null MX: it gets no mail",
	    [MAIL_HOST_NONE] = "neither MX record nor address: it gets no mail",
	    [MAIL_HOST_MISSING] = "no such name: it gets no mail",
	    [MAIL_HOST_UNKNOWN] = "not known: ",
	};
	struct buf b = BUF(job->arena);

	buf_str(&b, words[job->out->gets_mail]);
	if (job->out->gets_mail == MAIL_HOST_MX)
		write_hosts(&b, job);
	if (job->out->gets_mail == MAIL_HOST_UNKNOWN)
		buf_str(&b,
		    dns_unknown(mx->status) ? dns_status_words(mx->status)
					    : "its addresses");
	return buf_span(&b);
}

void
mx_lint_prefetch(struct dns *dns, struct span domain)
{
	dns_prefetch(dns, domain, DNS_MX);
	dns_prefetch(dns, domain, DNS_A);
	dns_prefetch(dns, domain, DNS_AAAA);
}

void
mx_lint_prefetch_hosts(struct dns *dns, struct span domain, struct arena *a)
{
	const struct dns_answer *mx = dns_ready(dns, domain, DNS_MX);
	struct mx_host *hosts;
	size_t n = mx ? mx_lint_hosts(mx, a, &hosts) : 0;

	for (size_t i = 0; i < n; i++)
		mx_host_prefetch(dns, a, &hosts[i]);
}

void
mx_lint(
    struct span domain, struct dns *dns, struct arena *a, struct mx_lint *out)
{
	struct job job = {.domain = domain, .dns = dns, .arena = a, .out = out};
	const struct dns_answer *mx;

	*out = (struct mx_lint){.findings = FINDINGS(a, "mx")};
	mx = dns_query(dns, domain, DNS_MX);
	out->nrecords = mx->nrecords;
	out->gets_mail = mail_host_query(dns, domain);
	if (out->gets_mail == MAIL_HOST_UNKNOWN) {
		out->findings.failed = RESULT_TEMPERROR;
		add(&job, MX_FINDING_DNS,
		    dns_unknown(mx->status)
			? span_of(dns_status_words(mx->status))
			: SPAN("A and AAAA"));
	}
	check_hosts(&job, mx);
	out->words = words_of(&job, mx);
}
