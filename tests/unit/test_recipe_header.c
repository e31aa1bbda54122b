/* test_recipe_header: recipes of random changes of a header give the fields
 * that header_put() gives, by an interpreter that knows only the draft. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"
#include "fixture_file.h"

#include <unistd.h>

#include "../helper/random.h"
#include "explain/recipe_internal.h"

static void
read_message(
    struct message *m, struct source *source, struct span text, struct arena *a)
{
	int fd = file_of(text);

	assert_int_equal(source_init(source, fd), 0);
	assert_int_equal(message_read(m, source, a), MESSAGE_OK);
	close(fd);
}

/* Adds a field of one of few names, in any case, folded or not. */
static void
add_field(struct generator *g, struct buf *b)
{
	static const char *const names[] = {
	    "A", "a", "B", "b", "Subject", "SUBJECT", "X-Y", "C "};
	static const char *const values[] = {
	    "", " x", " y z", " p\r\n q", " r\n\ts", "t  ", "  u: v"};

	buf_str(b, names[pick(g, COUNT(names))]);
	buf_char(b, ':');
	buf_str(b, values[pick(g, COUNT(values))]);
	buf_str(b, once_in(g, 2) ? "\n" : "\r\n");
}

static struct span
one_field(struct generator *g, struct arena *a)
{
	struct buf b = BUF(a);

	add_field(g, &b);
	return buf_span(&b);
}

/* Makes changes in the order of their indexes. */
static size_t
change(struct generator *g, size_t fields, struct header_change **list,
    struct arena *a)
{
	size_t n = 0;

	for (size_t i = 0; i <= fields; i++) {
		while (once_in(g, 4))
			*ARENA_PUSH(a, *list, n) = (struct header_change){
			    HEADER_INSERT, i, one_field(g, a)};
		if (i == fields || !once_in(g, 3))
			continue;
		*ARENA_PUSH(a, *list, n) = (struct header_change){
		    once_in(g, 2) ? HEADER_DROP : HEADER_REPLACE, i,
		    one_field(g, a)};
	}
	return n;
}

static bool
has_name(const struct field *f, const char *name)
{
	return span_caseeq(f->name, span_of(name));
}

static void
put_canonical(struct span raw, struct arena *a, struct buf *to)
{
	struct sink_buf out = sink_to_buf(a);

	canon_header(CANON_RELAXED, raw, &out.sink);
	buf_add(to, buf_span(&out.buf));
}

/* Returns the fields of a name as the draft orders them: bottom up. */
static struct span
fields_of(const struct message *m, const char *name, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = m->nfields; i--;)
		if (has_name(&m->fields[i], name))
			put_canonical(m->fields[i].raw, a, &b);
	return buf_span(&b);
}

static void
put_copies(const struct message *m, const char *name, json_int_t from,
    json_int_t to, struct arena *a, struct buf *b)
{
	json_int_t n = 0;

	for (size_t i = m->nfields; i--;)
		if (has_name(&m->fields[i], name)) {
			n++;
			if (n >= from && n <= to)
				put_canonical(m->fields[i].raw, a, b);
		}
	assert_true(to <= n);
}

/* The same of a recipe. */
static struct span
apply(const struct message *m, const char *name, const json_t *steps,
    struct arena *a)
{
	struct buf b = BUF(a);
	json_int_t last = 0;
	size_t i, k;
	json_t *step, *string;

	json_array_foreach(steps, i, step)
	{
		json_t *c = json_object_get(step, "c");
		json_int_t from = json_integer_value(json_array_get(c, 0));
		json_int_t to = json_integer_value(json_array_get(c, 1));

		assert_int_equal(json_object_size(step), 1);
		if (c) {
			assert_true(from > last && to >= from);
			put_copies(m, name, from, to, a, &b);
			last = to;
		}
		json_array_foreach(json_object_get(step, "d"), k, string)
		    put_canonical(arena_printf(a, "%s:%s\r\n", name,
				      json_string_value(string)),
			a, &b);
	}
	return buf_span(&b);
}

static void
compare(const struct message *before, const struct message *after,
    const json_t *recipe, struct arena *a)
{
	static const char *const names[] = {"a", "b", "subject", "x-y", "c"};

	for (size_t i = 0; i < COUNT(names); i++) {
		const json_t *steps = json_object_get(recipe, names[i]);
		struct span got = steps ? apply(before, names[i], steps, a)
					: fields_of(before, names[i], a);
		struct span wanted = fields_of(after, names[i], a);

		if (!span_eq(got, wanted))
			fail_msg("%s:\n" SPAN_FMT "not\n" SPAN_FMT, names[i],
			    SPAN_ARG(got), SPAN_ARG(wanted));
	}
}

static void
one_round(struct generator *g, struct arena *a)
{
	struct message before, after;
	struct source source;
	struct buf text = BUF(a);
	struct sink_buf out = sink_to_buf(a);
	struct header_change *list = NULL;
	struct recipe r;
	size_t n;

	for (size_t i = 1 + pick(g, 8); i; i--)
		add_field(g, &text);
	read_message(&before, &source, buf_span(&text), a);
	n = change(g, before.nfields, &list, a);
	header_put(&before, list, n, &out.sink);
	sink_put(&out.sink, SPAN("Last: x\n"));
	read_message(&after, &source, buf_span(&out.buf), a);
	r = recipe_header(&before, CANON_RELAXED, list, n, a);
	assert_non_null(r.steps);
	compare(&before, &after, r.steps, a);
	json_decref(r.steps);
}

static void
random_changes_are_given(void **state)
{
	struct generator g = {.random = 6376};

	(void)state;
	for (size_t i = 0; i < rounds(500, 20000); i++) {
		struct arena *a = arena_new();

		one_round(&g, a);
		arena_free(a);
	}
}

/* A header as large as any: the time is linear. */
static void
a_large_header_is_given(void **state)
{
	struct arena *a = *state;
	struct message m;
	struct source source;
	struct buf text = BUF(a);
	struct header_change *list = NULL;
	struct recipe r;
	size_t n = 0;

	for (size_t i = 0; i < 99999; i++)
		buf_printf(&text, "X-%zu: x\n", i % 50000);
	read_message(&m, &source, buf_span(&text), a);
	for (size_t i = 0; i < m.nfields; i++)
		*ARENA_PUSH(a, list, n) =
		    (struct header_change){HEADER_DROP, i, SPAN_NONE};
	r = recipe_header(&m, CANON_RELAXED, list, n, a);
	assert_null(r.steps);
	same("reason", span_of(r.reason), "it would be too long");
	*list = (struct header_change){
	    HEADER_REPLACE, m.nfields - 1, SPAN("X-49998: y\n")};
	r = recipe_header(&m, CANON_RELAXED, list, 1, a);
	assert_int_equal(json_object_size(r.steps), 1);
	assert_int_equal(
	    json_array_size(json_object_get(r.steps, "x-49998")), 2);
	json_decref(r.steps);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(random_changes_are_given),
	    TEST(a_large_header_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
