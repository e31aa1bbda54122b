/* fixture_message: a message from a file or from a pipe. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_MESSAGE_H
#define FIXTURE_MESSAGE_H

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fixture_file.h"
#include "base/limit.h"
#include "mail/message.h"

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* A message read from a file without a name, or from a pipe. */
struct fixture {
	struct arena *arena;
	struct source source;
	struct message m;
	int fd;
};

static inline int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->arena = arena_new();
	f->fd = -1;
	*state = f;
	return 0;
}

static inline void
forget(struct fixture *f)
{
	message_free(&f->m);
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	arena_reset(f->arena);
}

static inline int
teardown(void **state)
{
	struct fixture *f = *state;

	forget(f);
	arena_free(f->arena);
	free(f);
	return 0;
}

static inline enum message_status
read_file(struct fixture *f, struct span text)
{
	forget(f);
	f->fd = file_of(text);
	assert_int_equal(source_init(&f->source, f->fd), 0);
	return message_read(&f->m, &f->source, f->arena);
}

/* The text must not be larger than a pipe holds. */
static inline enum message_status
read_pipe(struct fixture *f, struct span text)
{
	int fd[2];

	forget(f);
	assert_int_equal(pipe(fd), 0);
	write_to(fd[1], text);
	close(fd[1]);
	f->fd = fd[0];
	assert_int_equal(source_init(&f->source, f->fd), 0);
	return message_read(&f->m, &f->source, f->arena);
}

#endif
