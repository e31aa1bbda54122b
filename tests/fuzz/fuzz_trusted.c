/* fuzz_trusted: reads the body of a trusted Authentication-Results field. */
/* SPDX-License-Identifier: ISC */

/*
 * If the strict parser accepts the body, the tolerant one reads the same
 * results. It never finds a domain that is not in the input.
 */

#include <stdlib.h>
#include <string.h>

#include "mail/authres_read.h"
#include "base/buf.h"
#include "fuzz.h"
#include "auth/authid.h"
#include "base/limit.h"

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static bool
is_ours(struct span method)
{
	return span_eq(method, SPAN("dkim")) || span_eq(method, SPAN("spf")) ||
	    span_eq(method, SPAN("dmarc"));
}

/* The one exception: by the ABNF, "a.b=" can begin a local part. */
static bool
has_exception(const struct authres_result *r)
{
	for (size_t i = 0; i < r->nproperties; i++)
		if (span_find(r->properties[i].value, '=') <
		    r->properties[i].value.len)
			return true;
	return false;
}

static void
same_result(const struct authres_result *strict, const struct authres_entry *e)
{
	const struct authres_result *r = &e->result;

	require(e->clear && !e->skipped.p);
	require(span_eq(r->method, strict->method));
	require(span_eq(r->result, strict->result));
	require(span_eq(r->reason, strict->reason));
	require(r->version == strict->version);
	require(r->nproperties == strict->nproperties);
	for (size_t i = 0; i < r->nproperties; i++) {
		const struct authres_property *p = &r->properties[i];
		const struct authres_property *q = &strict->properties[i];

		require(span_eq(p->ptype, q->ptype) &&
		    span_eq(p->name, q->name) && span_eq(p->value, q->value));
	}
}

/* May the body have a comment with an odd quote, where tolerant parsing
 * ends? */
static bool
may_have_odd_quotes(struct span body)
{
	return span_find(body, '(') < body.len &&
	    span_find(body, '"') < body.len;
}

/* Checks that both parsers read the same, except for results of other
 * methods. */
static void
compare(const struct authres *strict, const struct authres_reading *ar)
{
	size_t n = 0;

	require(span_eq(strict->id, ar->id) && strict->version == ar->version);
	require(!ar->rest.p);
	for (size_t i = 0; i < strict->nresults; i++) {
		const struct authres_result *r = &strict->results[i];

		if (!is_ours(r->method))
			continue;
		require(n < ar->nentries);
		if (!has_exception(r))
			same_result(r, &ar->entries[n]);
		n++;
	}
	require(strict->omitted || n == ar->nentries);
}

/* Returns the input without the backslashes of quoted pairs. */
static struct span
unescaped(struct span s, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != '\\')
			buf_char(&b, s.p[i]);
	return buf_span(&b);
}

/* Checks that domains are from the input, unless IDNA maps it. */
static void
check_domains(struct span body, const struct authids *found, struct arena *a)
{
	struct span text = unescaped(body, a);

	require(found->n <= LIMIT_AUTHIDS);
	require(found->nunread <= LIMIT_AUTHIDS);
	for (size_t i = 0; i < found->n && span_is_ascii(body); i++) {
		const struct authid *id = &found->list[i];

		require(id->domain.len > 0);
		require(span_casecontains(text, id->domain));
		require(!id->auid_domain.p ||
		    span_casecontains(text, id->auid_domain));
	}
}

static void
take(struct span body, enum authid_trust trust, struct arena *a)
{
	const struct authid_policy policy = {.trust = trust,
	    .trusted_id = SPAN("mx.example.org"),
	    .accept_header_i = body.len % 2,
	    .verbose = true};
	const struct envelope envelope = {.has_ip = false};
	struct field f = field_split(
	    ARENA_JOIN(a, SPAN("Authentication-Results:"), body, SPAN("\n")));
	struct message m = {.arena = a, .fields = &f, .nfields = 1};
	struct sink *const *sinks;
	struct authids found;
	struct authid_job *job;
	size_t n;

	job = authid_begin(&m, &envelope, NULL, &policy, &sinks, &n);
	authid_end(job, &found);
	check_domains(body, &found, a);
	authid_may_have_passed(&found, SPAN("a.example"), a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	/* A copy of the exact size, so that reads past its end are found. */
	char *copy = memcpy(arena_malloc(size + !size), data, size);
	struct span body = {copy, size};
	struct authres_reading ar;
	struct authres strict;

	if (!may_have_odd_quotes(body) && authres_parse(body, a, &strict)) {
		require(authres_read(body, false, a, &ar));
		compare(&strict, &ar);
	}
	authres_read(body, true, a, &ar);
	require(ar.nentries <= LIMIT_AUTHRES_RESULTS);
	take(body, AUTHID_ID, a);
	take(body, AUTHID_TOPMOST, a);
	free(copy);
	arena_free(a);
	return 0;
}
