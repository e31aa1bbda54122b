/* place: where a finding is, and what it says. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <string.h>

/* "./zone" is "zone": readers compare the path with those of a repository. */
static const char *
without_dot(const char *path)
{
	while (!strncmp(path, "./", 2))
		path += 2;
	return path;
}

struct place
place_of(const struct job *job, struct span domain, const struct finding *f)
{
	const struct dns_rr *r = f->record;

	if (!job->zone)
		return (struct place){NULL, 0};
	if ((!r || !r->file) && domain.p)
		r = dns_zone_first(job->method.dmarc.dns, domain);
	return r && r->file ? (struct place){without_dot(r->file), r->line}
			    : (struct place){without_dot(job->zone), 1};
}

struct span
place_words(const struct finding *f, struct arena *a)
{
	struct buf b = BUF(a);

	buf_add(&b, f->where);
	buf_str(&b, ": ");
	buf_str(&b, f->kind->words);
	if (f->what.p) {
		buf_str(&b, ": ");
		buf_add(&b, f->what);
	}
	if (f->near)
		buf_printf(&b, "; did you mean %s?", f->near);
	return buf_span(&b);
}

void
place_defuse(struct buf *b, struct span text, struct span mark)
{
	while (text.len) {
		bool marked = span_starts(text, mark);
		size_t n = marked ? mark.len - 1 : 1;

		buf_add(b, span_upto(text, n));
		if (marked)
			buf_printf(b, "\\x%02x", (unsigned char)mark.p[n++]);
		text = span_from(text, n);
	}
}
