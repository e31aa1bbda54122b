/* show_spf: what an SPF record costs. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <math.h>

#include "base/domain.h"
#include "base/limit.h"

/* Points out that some findings are in records of other domains. */
static void
put_others(const struct job *job, const struct spf_lint *l)
{
	struct screen_text t = SCREEN_TEXT(job->memory);
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
	screen_put(&job->out, &t);
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
put_costs(const struct job *job, const struct spf_lint *l)
{
	bool over =
	    l->lookups > LIMIT_SPF_LOOKUPS || l->voids > LIMIT_SPF_VOIDS;
	struct screen_text t = SCREEN_TEXT(job->memory);
	struct buf b = BUF(job->memory);

	if (!l->evaluated)
		return;
	buf_printf(&b, "%s%u of %u lookups, %u of %u void lookups",
	    l->findings.failed == RESULT_PASS ? "" : "at least ", l->lookups,
	    LIMIT_SPF_LOOKUPS, l->voids, LIMIT_SPF_VOIDS);
	screen_add(&t, SCREEN_PLAIN, l->domain);
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_add(&t, over ? SCREEN_OVER : SCREEN_PLAIN, buf_span(&b));
	b = BUF(job->memory);
	buf_str(&b, ", ");
	add_addresses(&b, l->ip4);
	buf_str(&b, " IPv4 and ");
	add_addresses(&b, l->ip6);
	buf_str(&b, " IPv6 addresses");
	screen_add(&t, SCREEN_PLAIN, buf_span(&b));
	screen_put(&job->out, &t);
}

void
show_spf(const struct job *job, const struct spf_lint *l)
{
	put_others(job, l);
	put_costs(job, l);
}
