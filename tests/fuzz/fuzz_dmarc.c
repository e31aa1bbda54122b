/* fuzz_dmarc: parses DMARC records, and evaluates them. */
/* SPDX-License-Identifier: ISC */

/* Each record is applied as what-if to a domain and to domains below it, and
 * the result is shown as by -v. A text that is not a record gets a version
 * first. */

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "dmarc/dmarc.h"
#include "base/domain.h"
#include "fuzz.h"

/* Returns a zone of one name, so that nothing is sent to the network. It is
 * never freed. */
static struct dns *
zone(void)
{
	static struct dns *dns;
	static struct arena *a;
	char path[32];
	const char *zones[] = {path};
	struct dns_config config = {.zones = zones, .nzones = 1};
	struct span error, text = SPAN("www.example.org A 192.0.2.1\n");
	int status, fd;

	if (dns)
		return dns;
	fd = memfd_create("zone", MFD_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	a = arena_new();
	if (write(fd, text.p, text.len) != (ssize_t)text.len)
		abort();
	dns = dns_new(&config, a, &error, &status);
	assert(dns);
	close(fd);
	return dns;
}

static bool
is_inside(struct span part, struct span text)
{
	return part.p >= text.p && part.p + part.len <= text.p + text.len;
}

static void
uris(const struct dmarc_uri *list, size_t n, struct span text, struct arena *a)
{
	for (size_t i = 0; i < n; i++) {
		const struct dmarc_uri *u = &list[i];

		assert(is_inside(u->text, text) && u->text.len > 2);
		assert(span_is_ascii(u->text));
		assert(span_find(u->text, ',') == u->text.len);
		assert(span_find(u->text, '!') == u->text.len);
		assert(
		    !u->domain.p != span_casestarts(u->text, SPAN("mailto:")));
		assert(!u->domain.p ||
		    span_eq(u->domain, domain_normal(u->domain, a)));
	}
}

static void
record(struct span text, struct arena *a)
{
	struct dmarc_record r;

	dmarc_record_parse(text, a, &r);
	assert(r.p <= DMARC_POLICY_REJECT && r.sp <= DMARC_POLICY_REJECT &&
	    r.np <= DMARC_POLICY_REJECT && r.pct <= 100);
	assert(r.has_p || r.p == DMARC_POLICY_NONE);
	assert(r.has_sp || r.sp == r.p);
	assert(r.has_np || r.np == r.sp);
	assert(r.bad_policy || !r.bad_old_policy);
	assert(!r.bad_policy || r.nflaws);
	uris(r.rua, r.nrua, text, a);
	uris(r.ruf, r.nruf, text, a);
	for (size_t i = 0; i < r.nflaws; i++)
		assert(r.flaws[i].tag.len &&
		    (is_inside(r.flaws[i].tag, text) ||
			span_starts(r.flaws[i].tag, SPAN("rua=")) ||
			span_starts(r.flaws[i].tag, SPAN("ruf="))));
	assert(!r.gap.p || is_inside(r.gap, text));
}

static void
judge(const struct dmarc_method *method, struct span author)
{
	struct dmarc_identifier list[] = {
	    {DMARC_SPF, RESULT_PASS, SPAN("mail.example.org"), false, false},
	    {DMARC_DKIM, RESULT_PASS, SPAN("example.net"), false, false},
	    {DMARC_DKIM, RESULT_FAIL, SPAN("example.org"), false, false},
	};
	struct dmarc_verdict v, before;
	struct result r;

	dmarc_eval(method, author, list, 3, 50, &v);
	assert(v.applies && v.reason != DMARC_NOT_AUTHENTICATED);
	assert(v.reason != DMARC_PASS || v.disposition == DMARC_POLICY_NONE);
	assert(v.reason != DMARC_POLICY || !v.applies->record.nrua);
	dmarc_result(&v, method->arena, &r);
	memcpy(&before, &v, sizeof(v));
	dmarc_verbose(method, &v, DMARC_ALONE, &r);
	assert(!memcmp(&before, &v, sizeof(v)));
	for (size_t i = 0; i < r.ndetail; i++)
		assert(r.detail[i].text.len);
}

static void
given(struct span text, struct dns *dns, struct arena *a)
{
	struct dmarc_method method = {.dns = dns,
	    .arena = a,
	    .compare = psl_builtin(),
	    .record = text,
	    .record_of = SPAN("example.org")};

	judge(&method, SPAN("example.org"));
	judge(&method, SPAN("www.example.org"));
	judge(&method, SPAN("gone.example.org"));
	if (method.compare) {
		method.psl = method.compare;
		method.rfc7489 = true;
		judge(&method, SPAN("www.example.org"));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct span text = fuzz_span(data, size);
	struct dns *dns = zone();
	struct buf b = BUF(a);

	dns_begin(dns);
	if (!dmarc_is_record(text)) {
		buf_str(&b, "v=DMARC1;");
		buf_add(&b, text);
		text = buf_span(&b);
	}
	assert(dmarc_is_record(text));
	record(text, a);
	given(text, dns, a);
	return 0;
}
