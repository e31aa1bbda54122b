/* What the tests of dmarc share: a zone, a public suffix list, a method. */
#ifndef FIXTURE_DMARC_H
#define FIXTURE_DMARC_H

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buf.h"
#include "dmarc.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct world {
	struct arena *arena;
	struct dns *dns;
	psl_ctx_t *list;
	struct dmarc_method method; /* by walking */
};

/* A file of that text: its name is written to path. Returns it to close. */
static inline int
world_file(const char *text, char path[static 32])
{
	struct span s = span_of(text);
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, s.p, s.len), s.len);
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

static inline struct world
world_new(const char *zone)
{
	static const char suffixes[] = "org\nnet\ncom\nco.uk\nuk\n*.mm\n"
				       "!city.mm\nhosting.example.com\n";
	struct world w = {.arena = arena_new()};
	char path[32];
	const char *zones[] = {path};
	struct dns_config config = {.zones = zones, .nzones = 1};
	struct span error = SPAN_NONE;
	int status, fd = world_file(zone, path);

	w.dns = dns_new(&config, w.arena, &error, &status);
	if (!w.dns)
		fail_msg(SPAN_FMT, SPAN_ARG(error));
	close(fd);
	dns_begin(w.dns);
	fd = world_file(suffixes, path);
	w.list = psl_load_file(path);
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

/* Is text what was expected? Says what it was about if not. */
static inline void
same(const char *what, struct span text, const char *expected)
{
	if (!span_eq(text, span_of(expected)))
		fail_msg("%s:\n" SPAN_FMT "\nnot\n%s", what, SPAN_ARG(text),
		    expected);
}

/* The names asked for, one blank after each. */
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
