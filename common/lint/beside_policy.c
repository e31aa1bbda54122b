/* beside_policy: an MTA-STS policy, and whether the MX records match it. */
/* SPDX-License-Identifier: ISC */

#include "lint/beside_internal.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/limit.h"

/* RFC 8461 3.2 */
#define MAX_AGE 31557600u

struct reader {
	struct beside_policy *policy;
	struct arena *arena;
	size_t line;
	bool has_version, has_max_age;
};

/* Notes a fault: of the line with this text, or if it is absent, of all. */
static void
fault(struct reader *r, struct span text, const char *words)
{
	struct beside_policy *p = r->policy;
	struct buf b = BUF(r->arena);

	if (p->total++ >= LIMIT_STS_FAULTS)
		return;
	if (text.p) {
		buf_printf(&b, "line %zu: '", r->line);
		buf_short(&b, text, LIMIT_SHOWN_PIECE);
		buf_str(&b, "': ");
	}
	buf_str(&b, words);
	*ARENA_PUSH(r->arena, p->faults, p->nfaults) = buf_span(&b);
}

/*
 * Fields. Each returns NULL, or words for its error. RFC 8461 3.2: only the
 * first of each counts, but for mx.
 */

static const char *
set_version(struct reader *r, struct span value)
{
	if (!r->has_version && !span_eq(value, SPAN("STSv1")))
		return "the version is not STSv1";
	r->has_version = true;
	return NULL;
}

static const char *
set_mode(struct reader *r, struct span value)
{
	static const struct {
		struct span name;
		enum beside_mode mode;
	} modes[] = {
	    {{"none", 4}, BESIDE_MODE_NONE},
	    {{"testing", 7}, BESIDE_MODE_TESTING},
	    {{"enforce", 7}, BESIDE_MODE_ENFORCE},
	};

	if (r->policy->mode != BESIDE_MODE_MISSING)
		return NULL;
	for (size_t i = 0; i < COUNT(modes); i++)
		if (span_eq(value, modes[i].name)) {
			r->policy->mode = modes[i].mode;
			return NULL;
		}
	return "the mode is not enforce, testing or none";
}

static const char *
set_max_age(struct reader *r, struct span value)
{
	if (r->has_max_age)
		return NULL;
	if (!span_number(value, MAX_AGE, &r->policy->max_age))
		return "max_age is not a number of seconds up to 31557600";
	r->has_max_age = true;
	return NULL;
}

/* "*." and a domain, or a domain: A-labels, without a dot at the end. */
static const char *
add_mx(struct reader *r, struct span value)
{
	struct beside_policy *p = r->policy;
	bool wild = span_starts(value, SPAN("*."));
	struct span domain =
	    domain_normal(span_from(value, wild ? 2 : 0), r->arena);

	if (!domain.p || !span_is_ascii(value) || value.p[value.len - 1] == '.')
		return "not the name of a host, or *. and a domain";
	if (wild)
		domain = ARENA_JOIN(r->arena, SPAN("*."), domain);
	*ARENA_PUSH(r->arena, p->mx, p->nmx) = domain;
	return NULL;
}

static const struct {
	struct span name;
	const char *(*set)(struct reader *r, struct span value);
} fields[] = {
    {{"version", 7}, set_version},
    {{"mode", 4}, set_mode},
    {{"max_age", 7}, set_max_age},
    {{"mx", 2}, add_mx},
};

/* sts-policy-ext-name */
static bool
is_name(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alnum(name.p[i]) &&
		    (!i || !memchr("_-.", name.p[i], 3)))
			return false;
	return name.len && name.len <= 32;
}

static void
read_line(struct reader *r, struct span line)
{
	struct span value = line, name = span_cut(&value, ':');
	const char *wrong = NULL;

	value = span_trim(value);
	if (!is_name(name) || !value.len) {
		fault(r, line, "not NAME: VALUE");
		return;
	}
	for (size_t i = 0; i < COUNT(fields); i++)
		if (span_eq(name, fields[i].name))
			wrong = fields[i].set(r, value);
	if (wrong)
		fault(r, line, wrong);
}

static void
check_whole(struct reader *r)
{
	struct beside_policy *p = r->policy;

	if (!r->has_version)
		fault(r, SPAN_NONE, "there is no version: STSv1");
	if (p->mode == BESIDE_MODE_MISSING)
		fault(r, SPAN_NONE, "there is no mode");
	if (!r->has_max_age)
		fault(r, SPAN_NONE, "there is no max_age");
	if (!p->nmx && p->mode != BESIDE_MODE_NONE)
		fault(r, SPAN_NONE, "there is no mx");
}

void
beside_policy_parse(struct span text, struct arena *a, struct beside_policy *p)
{
	struct reader r = {.policy = p, .arena = a};

	*p = (struct beside_policy){.mode = BESIDE_MODE_MISSING};
	if (text.len > LIMIT_STS_POLICY) {
		fault(&r, SPAN_NONE, "it is over 65536 octets");
		return;
	}
	while (text.p) {
		struct span line = span_cut(&text, '\n');

		r.line++;
		while (line.len && ascii_is_space(line.p[line.len - 1]))
			line.len--;
		if (line.len)
			read_line(&r, line);
	}
	/* What is missing may be what is malformed. */
	if (!p->total)
		check_whole(&r);
}

/*
 * The MX records.
 */

static bool
matches(struct span pattern, struct span host)
{
	if (!span_starts(pattern, SPAN("*.")))
		return span_eq(pattern, host);
	return span_eq(span_from(pattern, 2), domain_parent(host));
}

bool
beside_policy_matches(const struct beside_policy *p, struct span host)
{
	for (size_t i = 0; i < p->nmx; i++)
		if (matches(p->mx[i], host))
			return true;
	return false;
}

/* Lists the hosts that get mail for the domain: those of its MX records, or
 * without any itself (RFC 5321 5.1). */
static size_t
list_hosts(const struct dns_answer *mx, struct span domain, struct arena *a,
    struct mx_host **hosts)
{
	if (mx->status != DNS_NODATA)
		return mx_lint_hosts(mx, a, hosts);
	*hosts = ARENA_NEW(a, struct mx_host);
	**hosts = (struct mx_host){.name = domain};
	return 1;
}

/* Adds the findings about hosts that no pattern matches. Sets *n to the number
 * of hosts and returns how many these are. */
static size_t
check_hosts(const struct beside_method *method, struct span domain,
    const struct beside_policy *p, struct findings *f, size_t *n)
{
	const struct dns_answer *mx = dns_query(method->dns, domain, DNS_MX);
	const struct finding_kind *kind = &tls_findings[TLS_FINDING_MX];
	struct mx_host *hosts;
	size_t lost = 0;

	*n = list_hosts(mx, domain, method->arena, &hosts);
	if (dns_unknown(mx->status)) {
		finding_add(f, &tls_findings[TLS_FINDING_DNS], domain,
		    arena_printf(
			method->arena, "MX: %s", dns_status_words(mx->status)));
		f->failed = RESULT_TEMPERROR;
	}
	for (size_t i = 0; i < *n; i++)
		lost += !beside_policy_matches(p, hosts[i].name);
	for (size_t i = 0; i < *n; i++) {
		struct finding *found;

		if (beside_policy_matches(p, hosts[i].name))
			continue;
		f->record = hosts[i].record;
		found = finding_add(f, kind, domain, hosts[i].name);
		if (p->mode == BESIDE_MODE_ENFORCE && lost == *n)
			found->level = FINDING_ERROR;
	}
	f->record = NULL;
	return lost;
}

/* "max_age 7 d" */
static void
write_age(struct buf *b, uint64_t seconds)
{
	static const struct {
		uint64_t seconds;
		const char *unit;
	} units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
	size_t i = 0;

	while (i + 1 < COUNT(units) && seconds % units[i].seconds)
		i++;
	buf_printf(b, "%llu %s",
	    (unsigned long long)(seconds / units[i].seconds), units[i].unit);
}

static struct span
words_of(const struct beside_method *method, struct span domain,
    const struct beside_policy *p, struct findings *f)
{
	static const char *const modes[] = {[BESIDE_MODE_NONE] = "none",
	    [BESIDE_MODE_TESTING] = "testing",
	    [BESIDE_MODE_ENFORCE] = "enforce"};
	struct buf b = BUF(method->arena);
	size_t n, lost;

	buf_printf(&b, "policy %s for ", modes[p->mode]);
	write_age(&b, p->max_age);
	if (p->mode == BESIDE_MODE_NONE)
		return buf_span(&b);
	lost = check_hosts(method, domain, p, f, &n);
	if (lost)
		buf_printf(
		    &b, ", which %zu of %zu hosts do not match", lost, n);
	else if (n)
		buf_str(&b, ", which all hosts match");
	return buf_span(&b);
}

struct span
beside_policy(
    const struct beside_method *method, struct span domain, struct findings *f)
{
	const struct finding_kind *kind = &tls_findings[TLS_FINDING_POLICY];
	struct beside_policy p;

	f->section = "tls";
	beside_policy_parse(method->mta_sts_policy, method->arena, &p);
	for (size_t i = 0; i < p.nfaults; i++)
		finding_add(f, kind, domain, p.faults[i]);
	if (p.total > p.nfaults)
		finding_add(f, kind, domain,
		    arena_printf(
			method->arena, "and %zu more", p.total - p.nfaults));
	return p.total ? SPAN("its policy is malformed")
		       : words_of(method, domain, &p, f);
}
