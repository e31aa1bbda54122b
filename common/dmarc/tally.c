#include "dmarc/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* Clients that are named. */
#define NAMED 10

static void
add_source(struct tally *t, const struct ip *ip)
{
	for (size_t i = 0; i < t->sources; i++)
		if (!memcmp(&t->source[i].ip, ip, sizeof(*ip))) {
			t->source[i].count++;
			return;
		}
	if (t->sources < LIMIT_TALLY)
		t->source[t->sources++] = (struct tally_source){*ip, 1};
	else
		t->others++;
}

void
tally_add(struct tally *t, const struct result *r,
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
put_results(const struct tally *t, struct buf *b)
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

/* Most first; of equals the lower address. */
static int
compare(const void *a, const void *b)
{
	const struct tally_source *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return memcmp(&x->ip, &y->ip, sizeof(x->ip));
}

static void
put_sources(struct tally *t, struct buf *b)
{
	char text[IP_TEXT];
	size_t rest = t->others;

	qsort(t->source, t->sources, sizeof(*t->source), compare);
	buf_str(b, "; failed from");
	for (size_t i = 0; i < t->sources; i++) {
		if (i >= NAMED)
			rest += t->source[i].count;
		else
			buf_printf(b, "%s %s (%zu)", i ? "," : "",
			    ip_text(&t->source[i].ip, text),
			    t->source[i].count);
	}
	if (t->unknown)
		buf_printf(b, "%s unknown clients (%zu)", t->sources ? "," : "",
		    t->unknown);
	if (rest)
		buf_printf(b, ", others (%zu)", rest);
}

struct span
tally_text(struct tally *t, struct arena *a)
{
	struct buf b = BUF(a);

	put_results(t, &b);
	if (t->result[RESULT_FAIL])
		put_sources(t, &b);
	return buf_span(&b);
}
