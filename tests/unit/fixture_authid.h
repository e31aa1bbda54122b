/* fixture_authid: a message and the identifiers that are authenticated by
 * it. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_AUTHID_H
#define FIXTURE_AUTHID_H

#include "base/buf.h"
#include "fixture_message.h"
#include "fixture_zone.h"
#include "auth/authid.h"

#define OUR_ID SPAN("mx.example.org")

/* One run: what authid_begin() is given, and the result. */
struct run {
	struct authid_policy policy;
	struct envelope envelope;
	struct dns *dns;
	struct authids found;
};

static inline void
run(struct fixture *f, struct run *r, struct span text)
{
	struct sink *const *sinks;
	struct authid_job *job;
	size_t n;

	assert_int_equal(read_file(f, text), MESSAGE_OK);
	job = authid_begin(&f->m, &r->envelope, r->dns, &r->policy, &sinks, &n);
	assert_int_equal(message_body(&f->m, sinks, n, false), 0);
	authid_end(job, &r->found);
}

/* Returns "spf=pass local@example.org; dkim=pass example.org i=a.example.org",
 * with "?" for an i= that does not match (auid_mismatch) and a leading "-" if
 * no result was found. */
static inline const char *
rendered(const struct authids *found, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, found->found ? "" : "-");
	for (size_t i = 0; i < found->n; i++) {
		const struct authid *id = &found->list[i];

		buf_printf(&b, "%s%s=%s ", i ? "; " : "",
		    id->is_spf ? "spf" : "dkim", result_name(id->code));
		buf_add(&b, id->local);
		buf_str(&b, id->local.p ? "@" : "");
		buf_add(&b, id->domain);
		buf_str(&b, id->from_auid ? " of" : "");
		buf_str(
		    &b, id->auid_domain.p || id->auid_mismatch ? " i=" : "");
		buf_add(&b, id->auid_mismatch ? SPAN("?") : id->auid_domain);
	}
	return arena_cstr(a, buf_span(&b));
}

/* Checks the result for fields above From. */
static inline void
check_fields(struct fixture *f, const struct authid_policy *policy,
    const char *header, const char *expect)
{
	struct arena *a = arena_new();
	struct run r = {.policy = *policy};
	const char *got;

	run(f, &r, arena_printf(a, "%sFrom: a@example.org\n\nbody\n", header));
	got = rendered(&r.found, a);
	if (strcmp(got, expect))
		fail_msg("%s\nis %s\nnot %s", header, got, expect);
	assert_int_equal(r.found.nresults, 0);
	assert_false(r.found.has_spf);
	arena_free(a);
}

/* Fields, or the body of one, and the expected result. */
struct body {
	const char *body, *expect;
};

#endif
