/* dmarc_summary: counts of the results of many messages. */
/* SPDX-License-Identifier: ISC */

#include "dmarc/dmarc_summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* The maximum number of clients that are named. */
#define NAMED 10

static void
add_source(struct dmarc_summary *t, const struct ip *ip)
{
	for (size_t i = 0; i < t->nsources; i++)
		if (!memcmp(&t->sources[i].ip, ip, sizeof(*ip))) {
			t->sources[i].count++;
			return;
		}
	if (t->nsources < LIMIT_SUMMARY_SOURCES)
		t->sources[t->nsources++] =
		    (struct dmarc_summary_source){*ip, 1};
	else
		t->others++;
}

void
dmarc_summary_add(struct dmarc_summary *t, const struct result *r,
    enum dmarc_policy disposition, const struct envelope *e)
{
	t->messages++;
	t->result[r->code]++;
	if (r->code != RESULT_FAIL)
		return;
	t->disposition[disposition]++;
	if (e->has_ip)
		add_source(t, &e->ip);
	else
		t->unknown++;
}

static void
put_results(const struct dmarc_summary *t, struct buf *b)
{
	const char *separator = ": ";

	buf_printf(b, "%zu messages", t->messages);
	for (int code = 0; code < RESULT_CODES; code++) {
		if (!t->result[code])
			continue;
		buf_printf(b, "%s%zu %s", separator, t->result[code],
		    result_name((enum result_code)code));
		separator = ", ";
		if (code == RESULT_FAIL)
			buf_printf(b, " (%zu none, %zu quarantine, %zu reject)",
			    t->disposition[DMARC_POLICY_NONE],
			    t->disposition[DMARC_POLICY_QUARANTINE],
			    t->disposition[DMARC_POLICY_REJECT]);
	}
}

/* For qsort(): the highest count first, of equals the lower address. */
static int
compare(const void *a, const void *b)
{
	const struct dmarc_summary_source *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return memcmp(&x->ip, &y->ip, sizeof(x->ip));
}

static void
put_sources(struct dmarc_summary *t, struct buf *b)
{
	char text[IP_TEXT];
	size_t rest = t->others;

	qsort(t->sources, t->nsources, sizeof(*t->sources), compare);
	buf_str(b, "; failed from");
	for (size_t i = 0; i < t->nsources; i++) {
		if (i >= NAMED)
			rest += t->sources[i].count;
		else
			buf_printf(b, "%s %s (%zu)", i ? "," : "",
			    ip_text(&t->sources[i].ip, text),
			    t->sources[i].count);
	}
	if (t->unknown)
		buf_printf(b, "%s unknown clients (%zu)",
		    t->nsources ? "," : "", t->unknown);
	if (rest)
		buf_printf(b, ", others (%zu)", rest);
}

struct span
dmarc_summary_text(struct dmarc_summary *t, struct arena *a)
{
	struct buf b = BUF(a);

	put_results(t, &b);
	if (t->result[RESULT_FAIL])
		put_sources(t, &b);
	return buf_span(&b);
}
