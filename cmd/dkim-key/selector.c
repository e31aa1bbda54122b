/* selector: the selectors of new keys. */
/* SPDX-License-Identifier: ISC */

#include "new.h"

#include <sys/stat.h>
#include <time.h>

#include "base/die.h"

/* Default selectors of one month that are tried. */
#define TRIES 1000u

const char *
key_path(const char *folder, struct span selector, struct span domain,
    struct arena *a)
{
	return arena_printf(a, "%s" SPAN_FMT "." SPAN_FMT ".pem", folder,
	    SPAN_ARG(selector), SPAN_ARG(domain))
	    .p;
}

static char
letter(enum key_type type)
{
	return type == KEY_RSA ? 'r' : 'e';
}

struct span
default_selector(int64_t now, enum key_type type, unsigned n, struct arena *a)
{
	time_t seconds = (time_t)now;
	struct tm t;

	if (!gmtime_r(&seconds, &t))
		cli_usage("--now: a time of no year");
	return arena_printf(a, n == 1 ? "%04d%02d%c" : "%04d%02d%c%u",
	    t.tm_year + 1900, t.tm_mon + 1, letter(type), n);
}

static bool
has_file(
    const struct selector_request *q, struct span selector, struct arena *a)
{
	struct stat st;

	return q->folder &&
	    lstat(key_path(q->folder, selector, q->domain, a), &st) == 0;
}

/* Has the name TXT records, or a CNAME, even one that leads nowhere? */
static bool
has_record(const struct selector_request *q, struct span name)
{
	const struct dns_answer *answer;

	if (!q->dns)
		return false;
	answer = dns_query(q->dns, name, DNS_TXT);
	if (dns_unknown(answer->status))
		die(EX_TEMPFAIL, SPAN_FMT ": the DNS does not tell: %s",
		    SPAN_ARG(name), dns_status_words(answer->status));
	return answer->nrecords || !span_eq(answer->canonical, answer->name);
}

static struct span
given_selector(
    const struct selector_request *q, enum key_type type, struct arena *a)
{
	if (!q->is_one_of)
		return read_selector(q->given, a);
	return read_selector(
	    arena_printf(a, "%s%c", q->given, letter(type)).p, a);
}

void
choose_selector(
    const struct selector_request *q, struct plan *p, struct arena *a)
{
	for (unsigned n = 1; n <= TRIES; n++) {
		p->selector = q->given
		    ? given_selector(q, p->type, a)
		    : default_selector(q->now, p->type, n, a);
		p->name = read_name(p->selector, q->domain, a);
		if (q->given && has_record(q, p->name))
			die(EX_DATAERR,
			    SPAN_FMT ": the DNS has a record of this name: "
				     "choose another selector",
			    SPAN_ARG(p->name));
		if (q->given ||
		    (!has_file(q, p->selector, a) && !has_record(q, p->name)))
			return;
	}
	die(EX_DATAERR, "%u default selectors of this month are taken: give -s",
	    TRIES);
}
