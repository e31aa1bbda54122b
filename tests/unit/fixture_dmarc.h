/* fixture_dmarc: a zone, a public suffix list and a method. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_DMARC_H
#define FIXTURE_DMARC_H

#include "base/buf.h"
#include "dmarc/dmarc.h"
#include "fixture_zone.h"

struct world {
	struct arena *arena;
	struct dns *dns;
	psl_ctx_t *list;
	struct dmarc_method method; /* by the tree walk */
};

static inline struct world
world_new(const char *zone)
{
	static const char suffixes[] = "org\nnet\ncom\nco.uk\nuk\n*.mm\n"
				       "!city.mm\nhosting.example.com\n";
	struct world w = {.arena = arena_new()};
	int fd = file_of(span_of(suffixes));

	w.dns = dns_of(span_of(zone), w.arena);
	w.list = psl_load_file(path_of(fd, w.arena));
	assert_non_null(w.list);
	close(fd);
	w.method = (struct dmarc_method){.dns = w.dns, .arena = w.arena};
	return w;
}

static inline void
world_free(struct world *w)
{
	psl_free(w->list);
	dns_free(w->dns);
	arena_free(w->arena);
}

/* Returns the names that were queried, a blank after each. */
static inline struct span
world_asked(const struct world *w)
{
	const struct dns_answer *const *list;
	size_t n = dns_asked(w->dns, &list);
	struct buf b = BUF(w->arena);

	for (size_t i = 0; i < n; i++) {
		buf_add(&b, list[i]->name);
		buf_char(&b, ' ');
	}
	return buf_span(&b);
}

#endif
