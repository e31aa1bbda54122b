/* query_advice: --lint and --flatten. */
/* SPDX-License-Identifier: ISC */

#include "query.h"

#include <math.h>

#include "base/die.h"
#include "base/domain.h"
#include "base/json.h"
#include "base/limit.h"
#include "lint/spf_lint.h"
#include "spf/spf_flatten.h"
#include "tool/output.h"

/*
 * --lint.
 */

/* Points out that some findings are in records of other domains. */
static void
print_others(const struct screen *to, const struct spf_lint *l, struct arena *a)
{
	struct screen_text t = SCREEN_TEXT(a);
	size_t i = 0;

	while (i < l->findings.n &&
	    domain_within(l->findings.list[i].where, l->domain))
		i++;
	if (i == l->findings.n)
		return;
	screen_add(&t, SCREEN_PLAIN, l->domain);
	screen_str(&t, SCREEN_PLAIN,
	    ": findings of other domains are in records that it leads to: tell "
	    "their owners");
	screen_put(to, &t);
}

/* A large number is written as a power of two, rounded. */
static void
add_addresses(struct buf *b, double n)
{
	int power;
	double rest = frexp(n, &power); /* n is rest * 2^power, rest < 1 */

	if (power > 33)
		buf_printf(b, "%s2^%d", rest > 0.5 ? "about " : "",
		    rest >= 0.75 ? power : power - 1);
	else
		buf_printf(b, "%.0f", n);
}

static void
print_summary(
    const struct screen *to, const struct spf_lint *l, struct arena *a)
{
	bool over =
	    l->lookups > LIMIT_SPF_LOOKUPS || l->voids > LIMIT_SPF_VOIDS;
	struct screen_text t = SCREEN_TEXT(a);
	struct buf b = BUF(a);

	if (!l->evaluated)
		return;
	buf_printf(&b, "%s%u of %u lookups, %u of %u void lookups",
	    l->findings.failed == RESULT_PASS ? "" : "at least ", l->lookups,
	    LIMIT_SPF_LOOKUPS, l->voids, LIMIT_SPF_VOIDS);
	screen_add(&t, SCREEN_PLAIN, l->domain);
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_add(&t, over ? SCREEN_OVER : SCREEN_PLAIN, buf_span(&b));
	b = BUF(a);
	buf_str(&b, ", ");
	add_addresses(&b, l->ip4);
	buf_str(&b, " IPv4 and ");
	add_addresses(&b, l->ip6);
	buf_str(&b, " IPv6 addresses");
	screen_add(&t, SCREEN_PLAIN, buf_span(&b));
	screen_put(to, &t);
}

/* A number that is too large for jansson's integers is a real one. */
static json_t *
json_addresses(double n)
{
	return n < 0x1p63 ? json_integer((json_int_t)n) : json_real(n);
}

static void
lint_json(const struct spf_lint *l, struct span domain, struct arena *a)
{
	json_t *object =
	    output_json_findings(domain, l->record, &l->findings, a);

	json_object_update_new(object,
	    json_pack("{s:I, s:I, s:o, s:o}",
		JSON_MEMBER("lookups", (json_int_t)l->lookups),
		JSON_MEMBER("voids", (json_int_t)l->voids),
		JSON_MEMBER("ip4_addresses", json_addresses(l->ip4)),
		JSON_MEMBER("ip6_addresses", json_addresses(l->ip6))));
	output_json(object, stdout);
}

enum result_code
query_lint(const struct checker_message *cm)
{
	const struct query *q = cm->tool;
	struct spf_lint l;

	spf_lint(q->domain, q->policy.record, cm->dns, cm->arena, &l);
	if (q->mode == CHECKER_JSON)
		lint_json(&l, q->domain, cm->arena);
	if (q->mode != CHECKER_REPORT)
		return finding_verdict(&l.findings);
	output_findings(cm->out, &l.findings);
	print_others(cm->out, &l, cm->arena);
	print_summary(cm->out, &l, cm->arena);
	return finding_verdict(&l.findings);
}

/*
 * --flatten.
 */

struct flat {
	struct span *lines;
	size_t nlines;
	enum spf_reason reason;
	struct span detail;
};

static void
flat_json(const struct flat *f, struct span domain, struct arena *a)
{
	json_t *records = json_array();

	for (size_t i = 0; i < f->nlines; i++)
		json_array_append_new(records, json_text(f->lines[i], a));
	output_json(
	    json_pack("{s:i, s:o, s:s?, s:o, s:o}", JSON_MEMBER("schema", 1),
		JSON_MEMBER("domain", json_text(domain, a)),
		JSON_MEMBER("id",
		    f->reason == SPF_PASS ? NULL : spf_reasons[f->reason].id),
		JSON_MEMBER("detail", json_text(f->detail, a)),
		JSON_MEMBER("records", records)),
	    stdout);
}

/* Prints the record to stdout, which may become a zone file, and all else to
 * stderr. */
static void
print_flat(const struct flat *f, struct span domain, struct arena *a)
{
	const struct result_reason *why = &spf_reasons[f->reason];

	for (size_t i = 0; i < f->nlines; i++) {
		/* Printable, by the escapes of zone files. */
		fwrite(f->lines[i].p, 1, f->lines[i].len, stdout);
		fputc('\n', stdout);
	}
	if (f->reason == SPF_PASS) {
		warn("these are the addresses of today: flatten again when "
		     "they change");
		return;
	}
	warn_text(ARENA_JOIN(a, domain, SPAN(": "), span_of(why->id),
	    SPAN(": "), span_of(why->words), SPAN(": "), f->detail));
}

enum result_code
query_flatten(const struct checker_message *cm)
{
	const struct query *q = cm->tool;
	struct flat f = {.nlines = 0};

	f.reason = spf_flatten(q->domain, q->policy.record, cm->dns, cm->arena,
	    &f.lines, &f.nlines, &f.detail);
	if (q->mode == CHECKER_JSON)
		flat_json(&f, q->domain, cm->arena);
	else if (q->mode == CHECKER_REPORT)
		print_flat(&f, q->domain, cm->arena);
	return spf_reasons[f.reason].code;
}

struct span
query_domain_hint(
    const struct checker *c, const struct checker_domain *d, struct arena *a)
{
	const struct query *q = c->tool;

	if (q->lint || q->flatten)
		return arena_printf(a, "--%s -d " SPAN_FMT,
		    q->lint ? "lint" : "flatten", SPAN_ARG(d->domain));
	if (d->address.p)
		return arena_printf(
		    a, "-Q -i ADDRESS -f " SPAN_FMT, SPAN_ARG(d->address));
	return arena_printf(a, "--lint -d " SPAN_FMT, SPAN_ARG(d->domain));
}
