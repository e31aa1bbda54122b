/* test_body_large: the costs of the search for a body of 25 MB, in octets
 * hashed and in memory. */
/* SPDX-License-Identifier: ISC */

#include "fixture_body.h"

#include <malloc.h>

#include "base/limit.h"

#define LARGE ((size_t)25 << 20)

/* Returns so many octets of lines of 76, for the test to free. */
static struct span
large_body(size_t size, size_t extra)
{
	char *p = arena_malloc(size + extra);

	for (size_t i = 0; i < size; i++)
		p[i] = i % 77 == 76 || i + 1 == size
		    ? '\n'
		    : (char)('a' + i * 7 % 23 + i / 77 % 3);
	return (struct span){p, size};
}

static void
free_body(struct span body)
{
	free((void *)(uintptr_t)body.p);
}

/* Octets that malloc() has given out; 0: there is another allocator. */
static size_t
allocated(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

/* Octets of memory that the process has had at most since peak_begin(), which
 * returns what it has; 0: the system does not tell. */
static size_t
peak(void)
{
	char line[256];
	size_t kib = 0;
	FILE *file = fopen("/proc/self/status", "r");

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "VmHWM: %zu", &kib) == 1)
			break;
	if (file)
		fclose(file);
	return kib << 10;
}

static size_t
peak_begin(void)
{
	FILE *file = fopen("/proc/self/clear_refs", "w");

	malloc_trim(0);
	if (file) {
		fputs("5", file);
		fclose(file);
	}
	return allocated() ? peak() : 0;
}

static void
check_peak(size_t begin)
{
	if (begin)
		assert_true(peak() - begin <= LIMIT_EXPLAIN_MEMORY);
}

static void
a_footer_costs_one_more_hash(void **state)
{
	static const char footer[] =
	    "--\nlist mailing list\nlist@example.org\n";
	struct span body = large_body(LARGE, sizeof(footer));
	struct span all = {body.p, body.len + sizeof(footer) - 1};

	memcpy((char *)(uintptr_t)body.p + body.len, footer, sizeof(footer));
	for (size_t k = 0; k < COUNT(both); k++) {
		struct dkim_signature s =
		    signature_of(both[k], UINT64_MAX, body, *state);
		struct budget budget = default_budget();
		size_t before = arena_size(*state);
		struct body_found f = find_with(NULL, all, &s, &budget, *state);

		assert_true(f.is_found);
		assert_int_equal(f.nrepairs, 1);
		assert_int_equal(f.repairs[0].offset, BODY_AT + body.len);
		assert_int_equal(f.repairs[0].line, (LARGE + 76) / 77);
		assert_true(BUDGET_OCTETS - budget.octets < 2 * all.len);
		assert_true(arena_size(*state) - before < 1u << 20);
	}
	free_body(body);
}

/* Removes each octet of a kind: edits as large as the body. */
static void
remove_all(const struct body *b, struct body_proposals *p, char c)
{
	struct edits e = {NULL, 0};
	size_t most = b->room / (2 * sizeof(struct edit));

	for (size_t i = 0; i < b->octets.len && e.n < most; i++)
		if (b->octets.p[i] == c)
			edits_add(&e, b->arena, i, 1, SPAN_NONE);
	body_propose(p, e);
}

static void
remove_a(const struct body *b, struct body_proposals *p)
{
	remove_all(b, p, 'a');
}

static void
remove_b(const struct body *b, struct body_proposals *p)
{
	remove_all(b, p, 'b');
}

static void
remove_c(const struct body *b, struct body_proposals *p)
{
	remove_all(b, p, 'c');
}

/* Replaces as much as there is room for. */
static void
replace_most(const struct body *b, struct body_proposals *p)
{
	size_t n = b->octets.len < b->room / 2 ? b->octets.len : b->room / 2;
	struct edits e = {NULL, 0};

	if (!n)
		return;
	edits_add(&e, b->arena, 0, n,
	    (struct span){memset(arena_alloc(b->arena, n), 'x', n), n});
	body_propose(p, e);
}

static const struct body_repair repairs[] = {
    {{"a", "", REPAIR_ADVICE_NONE, 1}, remove_a},
    {{"b", "", REPAIR_ADVICE_NONE, 2}, remove_b},
    {{"c", "", REPAIR_ADVICE_NONE, 3}, remove_c},
    {{"x", "", REPAIR_ADVICE_NONE, 4}, replace_most},
    {{.id = NULL}, NULL},
};

static void
check_memory(size_t size, uint64_t octets)
{
	struct span body = large_body(size, 0);
	struct arena *a = arena_new();
	struct dkim_signature s =
	    signature_of(CANON_RELAXED, UINT64_MAX, SPAN("never"), a);
	struct budget budget = {.octets = octets};
	size_t before = allocated(), begin = peak_begin();

	assert_false(find_with(repairs, body, &s, &budget, a).is_found);
	check_peak(begin);
	assert_true(allocated() - before < 1u << 20);
	arena_free(a);
	free_body(body);
}

static void
memory_is_bounded(void **state)
{
	static const size_t sizes[] = {
	    1000, 1u << 20, 8u << 20, LARGE, 40u << 20, 70u << 20};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++)
		check_memory(sizes[i],
		    rounds(1, 4) * (BUDGET_OCTETS / 16) + 4 * sizes[i]);
}

/* Proposes what differs in one octet, at many places. */
static void
insert_one(const struct body *b, struct body_proposals *p)
{
	for (size_t at = 0; at < b->octets.len; at += 5) {
		struct edits e = {NULL, 0};

		edits_add(&e, b->arena, at, 0, SPAN("?"));
		body_propose(p, e);
	}
}

static void
insert_other(const struct body *b, struct body_proposals *p)
{
	insert_one(b, p);
}

static const struct body_repair many[] = {
    {{"x", "", REPAIR_ADVICE_NONE, 1}, insert_one},
    {{"y", "", REPAIR_ADVICE_NONE, 2}, insert_other},
    {{.id = NULL}, NULL},
};

/* Thousands of bodies are gone on from. */
static void
many_small_bodies_are_bounded(void **state)
{
	struct dkim_signature s =
	    signature_of(CANON_SIMPLE, UINT64_MAX, SPAN("never"), *state);
	struct budget budget = {.octets = rounds(64, 1024) << 20};
	struct span body = large_body(1000, 0);
	size_t begin = peak_begin();

	assert_false(find_with(many, body, &s, &budget, *state).is_found);
	assert_true(budget.tries > 10000);
	check_peak(begin);
	free_body(body);
}

/* Lines of one octet: as many edits, and as many ends, as can be. */
static void
short_lines_cost_no_more(void **state)
{
	struct span body = large_body(LARGE, 0);
	struct dkim_signature s =
	    signature_of(CANON_SIMPLE, UINT64_MAX, SPAN("never"), *state);
	struct budget budget = {.octets = BUDGET_OCTETS / 8};
	size_t begin;

	for (size_t i = 0; i < body.len; i++)
		((char *)(uintptr_t)body.p)[i] = i % 2 ? '\n' : 'a';
	begin = peak_begin();
	assert_false(find_with(repairs, body, &s, &budget, *state).is_found);
	check_peak(begin);
	free_body(body);
}

/* The body found is composed of a large text: it is held once more. */
static void
what_is_found_is_within_the_memory(void **state)
{
	struct span body = large_body(LARGE, 0);
	struct edits e = {NULL, 0};
	struct span signed_body;
	struct arena *a = arena_new();
	struct dkim_signature s;
	struct budget budget = default_budget();
	struct body_found f;
	size_t before, begin;

	for (size_t i = 0; i < body.len / 200; i++)
		((char *)(uintptr_t)body.p)[i * 200] = 'a';
	for (size_t i = 0; i < body.len; i++)
		if (body.p[i] == 'a' && i % 200)
			((char *)(uintptr_t)body.p)[i] = 'z';
	for (size_t i = 0; i < body.len; i++)
		if (body.p[i] == 'a')
			edits_add(&e, a, i, 1, SPAN_NONE);
	signed_body = edits_apply(&e, body, a);
	s = signature_of(CANON_SIMPLE, UINT64_MAX, signed_body, *state);
	arena_free(a);
	before = allocated();
	begin = peak_begin();
	f = find_with(repairs, body, &s, &budget, *state);
	assert_true(f.is_found);
	assert_int_equal(f.repairs[0].places, e.n);
	check_peak(begin);
	assert_true(
	    allocated() - before <= 2 * e.n * sizeof(struct edit) + (1u << 20));
	free_body(body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_footer_costs_one_more_hash),
	    TEST(memory_is_bounded),
	    TEST(many_small_bodies_are_bounded),
	    TEST(short_lines_cost_no_more),
	    TEST(what_is_found_is_within_the_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
