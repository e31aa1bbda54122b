/* What the tests of --lint share: zones, and findings as text. */
#ifndef FIXTURE_FINDING_H
#define FIXTURE_FINDING_H

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
#include "dns.h"
#include "finding.h"

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
text_of(const struct findings *list, struct span domain, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < list->n; i++) {
		const struct finding *f = &list->list[i];

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

#endif
