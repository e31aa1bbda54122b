/* What the tests of spf_lint share: zones, and findings as text. */
#ifndef FIXTURE_SPF_LINT_H
#define FIXTURE_SPF_LINT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buf.h"
#include "spf_lint.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* A dns over a zone of that text. */
static inline struct dns *
dns_of(struct span text, struct arena *a)
{
	char path[32];
	const char *zones[] = {path};
	struct dns_config c = {.zones = zones, .nzones = 1, .timeout = 5};
	struct span error = SPAN_NONE;
	struct dns *d;
	int status, fd = memfd_create("zone", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.p, text.len), text.len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	d = dns_new(&c, a, &error, &status);
	if (!d)
		fail_msg(
		    SPAN_FMT "\n" SPAN_FMT, SPAN_ARG(text), SPAN_ARG(error));
	close(fd);
	dns_begin(d);
	return d;
}

/* "ID: WHAT|ID @WHERE: WHAT": WHERE if it is not the domain itself. */
static inline struct span
text_of(const struct spf_lint *l, struct span domain, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < l->findings.n; i++) {
		const struct finding *f = &l->findings.list[i];

		if (i)
			buf_char(&b, '|');
		buf_str(&b, f->kind->id);
		if (!span_eq(f->where, domain)) {
			buf_str(&b, " @");
			buf_add(&b, f->where);
		}
		if (f->what.p) {
			buf_str(&b, ": ");
			buf_add(&b, f->what);
		}
	}
	return buf_span(&b);
}

static inline void
expect(const char *what, struct span said, const char *expected)
{
	if (!span_eq(said, span_of(expected)))
		fail_msg("%s\n" SPAN_FMT "\nnot\n%s", what, SPAN_ARG(said),
		    expected);
}

/* A zone under example.org (@), the status and all findings. */
struct zone_case {
	const char *zone;
	enum result_code verdict;
	const char *findings;
};

static inline void
check_zones(const struct zone_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(
		    arena_printf(a, "$ORIGIN example.org.\n%s\n", c[i].zone),
		    a);
		struct span domain = SPAN("example.org");
		struct spf_lint l;

		spf_lint(domain, SPAN_NONE, d, a, &l);
		expect(c[i].zone, text_of(&l, domain, a), c[i].findings);
		assert_int_equal(finding_verdict(&l.findings), c[i].verdict);
		dns_free(d);
		arena_free(a);
	}
}

#endif
