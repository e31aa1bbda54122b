/* test_rotation: the states of keys, what servers have, time: the next step. */
/* SPDX-License-Identifier: ISC */

#include "dkim/rotation.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define DAY   INT64_C(86400)
#define NEVER ROTATION_NEVER

static const struct rotation_times times = {
    1000 * DAY, 180 * DAY, 7 * DAY, 30 * DAY};
#define NOW (times.now)

/* What the servers have, in a word. */
enum view {
	UNASKED,
	WELL,
	LACKS,   /* one has it, one not */
	NONE,    /* none has a record */
	FAILED,  /* one has it, one does not answer */
	NOBODY,  /* none answers */
	REVOKED, /* all have it so */
	PARTLY,  /* one has it revoked, one well */
	MANGLED, /* all have a record that is of no use */
};

static struct rotation_view
view_of(enum view view)
{
	static const struct rotation_view views[] = {
	    [WELL] = {.all_well = true, .any_well = true},
	    [LACKS] = {.any_well = true,
		.lacks = true,
		.is_lost = true,
		.any_absent = true,
		.any_revoked = true},
	    [NONE] = {.lacks = true,
		.is_lost = true,
		.all_revoked = true,
		.any_revoked = true,
		.all_absent = true,
		.any_absent = true},
	    [FAILED] = {.is_failed = true, .any_well = true},
	    [NOBODY] = {.is_failed = true},
	    [REVOKED] = {.lacks = true,
		.is_lost = true,
		.all_revoked = true,
		.any_revoked = true},
	    [PARTLY] = {.any_well = true,
		.lacks = true,
		.is_lost = true,
		.any_revoked = true},
	    [MANGLED] = {.lacks = true, .is_lost = true},
	};
	struct rotation_view v = {.is_asked = false};

	if (view != UNASKED)
		v = views[view];
	v.is_asked = view != UNASKED;
	v.negative_ttl = 900;
	return v;
}

static struct rotation_key
key_of(const char *selector, enum rotation_state state, int64_t age,
    enum view view)
{
	return (struct rotation_key){.domain = SPAN("example.org"),
	    .selector = span_of(selector),
	    .state = state,
	    .since = NOW - age,
	    .seen = NEVER,
	    .told = NEVER,
	    .in_table = state == ROTATION_ACTIVE,
	    .view = view_of(view)};
}

#define MAX 4

static void
step(struct rotation_key *k, size_t n)
{
	struct rotation_key *list[MAX];

	for (size_t i = 0; i < n; i++)
		list[i] = &k[i];
	rotation_step(list, n, &times);
}

/*
 * Single keys: the state, its age, when all servers showed it, when the hook
 * did it; what servers have now; and what follows.
 */

#define S(state) ROTATION_##state
#define W(wait)  ROTATION_FOR_##wait
#define NO       ROTATION_NOTHING
#define STAYS    -1
static const struct single {
	const char *title;
	enum rotation_state state;
	int64_t age, seen, told; /* ago; -1: never */
	enum view view;
	int next; /* STAYS */
	enum rotation_action action;
	bool calls_hook;
	enum rotation_wait wait;
	int64_t until; /* from now on */
	int64_t seen_then;
	bool is_over, is_alarming;
} singles[] = {
    {"made, nobody has it", S(MADE), 5, -1, -1, NONE, STAYS, ROTATION_ADD, true,
	W(SERVERS), 0, -1, false, false},
    {"the hook was told an hour ago", S(MADE), DAY, -1, 3600, NONE, STAYS,
	ROTATION_ADD, false, W(SERVERS), 0, -1, false, false},
    {"the hook was told in vain", S(MADE), DAY, -1, ROTATION_AGAIN, NONE, STAYS,
	ROTATION_ADD, true, W(SERVERS), 0, -1, false, false},
    {"one has it", S(MADE), 5, -1, -1, LACKS, STAYS, NO, false, W(SERVERS), 0,
	-1, false, false},
    {"what they have is of no use", S(MADE), 5, -1, -1, MANGLED, STAYS,
	ROTATION_ADD, true, W(SERVERS), 0, -1, false, false},
    {"all have it for the first time", S(MADE), 5, -1, -1, WELL, STAYS, NO,
	false, W(CACHES), 900, 0, false, false},
    {"for too short a time", S(MADE), 5, 899, -1, WELL, STAYS, NO, false,
	W(CACHES), 1, 899, false, false},
    {"for long enough", S(MADE), 5, 900, -1, WELL, S(PUBLISHED), NO, false,
	ROTATION_FOR_RUN, 0, 900, false, false},
    {"one has lost it", S(MADE), 5, 899, -1, LACKS, STAYS, NO, false,
	W(SERVERS), 0, -1, false, false},
    {"one does not answer: the time counts on", S(MADE), 5, 900, -1, FAILED,
	STAYS, NO, false, W(ANSWER), 0, 900, false, false},
    {"nobody answers: a person is told", S(MADE), 5, -1, -1, NOBODY, STAYS,
	ROTATION_ADD, true, W(ANSWER), 0, -1, false, false},
    {"published, without a predecessor", S(PUBLISHED), 5, 900, -1, WELL, STAYS,
	NO, false, W(RUN), 0, 900, false, false},
    {"published, one does not answer", S(PUBLISHED), 5, 900, -1, FAILED, STAYS,
	NO, false, W(ANSWER), 0, 900, false, false},
    {"active", S(ACTIVE), DAY, -1, -1, WELL, STAYS, NO, false, W(AGE),
	179 * DAY, -1, false, false},
    {"active, and one has lost it", S(ACTIVE), DAY, -1, -1, LACKS, STAYS, NO,
	false, W(AGE), 179 * DAY, -1, false, true},
    {"active, and all have it revoked", S(ACTIVE), DAY, -1, -1, REVOKED, STAYS,
	NO, false, W(AGE), 179 * DAY, -1, false, true},
    {"active, and one does not answer", S(ACTIVE), DAY, -1, -1, FAILED, STAYS,
	NO, false, W(AGE), 179 * DAY, -1, false, false},
    {"retiring", S(RETIRING), 7 * DAY - 1, -1, -1, WELL, STAYS, NO, false,
	W(QUEUE), 1, -1, false, false},
    {"retiring, and one has lost it", S(RETIRING), DAY, -1, -1, LACKS, STAYS,
	NO, false, W(QUEUE), 6 * DAY, -1, false, true},
    {"retired", S(RETIRING), 7 * DAY, -1, -1, WELL, S(REVOKED),
	ROTATION_REPLACE, true, W(SERVERS), 0, -1, false, false},
    {"retired, and nobody answers", S(RETIRING), 7 * DAY, -1, -1, NOBODY,
	S(REVOKED), ROTATION_REPLACE, true, W(SERVERS), 0, -1, false, false},
    {"retired and revoked by hand", S(RETIRING), 7 * DAY, -1, -1, REVOKED,
	S(REVOKED), NO, false, W(SERVERS), 0, -1, false, false},
    {"retired and removed by hand", S(RETIRING), 7 * DAY, -1, -1, NONE, STAYS,
	NO, false, ROTATION_WAITS_NOT, 0, -1, true, false},
    {"revoked, and not yet seen", S(REVOKED), DAY, -1, -1, WELL, STAYS,
	ROTATION_REPLACE, true, W(SERVERS), 0, -1, false, false},
    {"by the hook, an hour ago", S(REVOKED), DAY, -1, 3600, WELL, STAYS,
	ROTATION_REPLACE, false, W(SERVERS), 0, -1, false, false},
    {"at one server", S(REVOKED), DAY, -1, -1, PARTLY, STAYS, NO, false,
	W(SERVERS), 0, -1, false, false},
    {"seen now: keep counts from now", S(REVOKED), 40 * DAY, -1, -1, REVOKED,
	STAYS, NO, false, W(KEEP), 30 * DAY, 0, false, false},
    {"by the hook: it counts from then", S(REVOKED), 20 * DAY, -1, 20 * DAY,
	REVOKED, STAYS, NO, false, W(KEEP), 10 * DAY, 0, false, false},
    {"for a second less than it has to", S(REVOKED), 40 * DAY, 30 * DAY - 1, -1,
	REVOKED, STAYS, NO, false, W(KEEP), 1, 30 * DAY - 1, false, false},
    {"for long enough", S(REVOKED), 40 * DAY, 30 * DAY, -1, REVOKED, S(GONE),
	ROTATION_REMOVE, true, W(SERVERS), 0, 30 * DAY, false, false},
    {"and nobody answers", S(REVOKED), 40 * DAY, 30 * DAY, 40 * DAY, NOBODY,
	STAYS, ROTATION_REPLACE, true, W(ANSWER), 0, 30 * DAY, false, false},
    {"removed before its time", S(REVOKED), DAY, -1, -1, NONE, STAYS, NO, false,
	W(SERVERS), 0, -1, true, false},
    {"to be removed", S(GONE), DAY, -1, -1, REVOKED, STAYS, ROTATION_REMOVE,
	true, W(SERVERS), 0, -1, false, false},
    {"removed at one server", S(GONE), DAY, -1, -1, LACKS, STAYS, NO, false,
	W(SERVERS), 0, -1, false, false},
    {"removed at all", S(GONE), DAY, -1, -1, NONE, STAYS, NO, false, W(SERVERS),
	0, -1, true, false},
    {"kept", S(KEPT), DAY, -1, -1, WELL, STAYS, NO, false, ROTATION_WAITS_NOT,
	0, -1, false, false},
    {"kept, and one does not answer", S(KEPT), DAY, -1, -1, NOBODY, STAYS, NO,
	false, ROTATION_WAITS_NOT, 0, -1, false, false},
    {"kept, and removed by hand", S(KEPT), DAY, -1, -1, NONE, STAYS, NO, false,
	ROTATION_WAITS_NOT, 0, -1, true, false},
};

static int64_t
ago(int64_t seconds)
{
	return seconds < 0 ? NEVER : NOW - seconds;
}

static void
test_singles(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < COUNT(singles); i++) {
		const struct single *s = &singles[i];
		struct rotation_key k = key_of("a", s->state, s->age, s->view);

		print_message("%s\n", s->title);
		k.seen = ago(s->seen);
		k.told = ago(s->told);
		step(&k, 1);
		assert_int_equal(
		    k.next, s->next == STAYS ? (int)s->state : s->next);
		assert_int_equal(k.action, s->action);
		assert_int_equal(k.calls_hook, s->calls_hook);
		if (!s->is_over)
			assert_int_equal(k.wait, s->wait);
		if (s->until)
			assert_int_equal(k.until, NOW + s->until);
		assert_int_equal(k.seen, ago(s->seen_then));
		assert_int_equal(k.is_over, s->is_over);
		assert_int_equal(k.is_alarming, s->is_alarming);
		assert_false(k.is_switched || k.is_due);
	}
}

/*
 * Switches: an RSA key and an Ed25519 key, and their successors.
 */

static void
make_pairs(struct rotation_key k[MAX], enum rotation_state state,
    enum view first, enum view second)
{
	k[0] = key_of("r1", ROTATION_ACTIVE, 200 * DAY, WELL);
	k[1] = key_of("e1", ROTATION_ACTIVE, 200 * DAY, WELL);
	k[2] = key_of("r2", ROTATION_PUBLISHED, DAY, first);
	k[3] = key_of("e2", state, DAY, second);
	k[2].replaces = k[0].selector;
	k[3].replaces = k[1].selector;
	k[2].seen = NOW - DAY;
}

static void
test_switch(void **unused)
{
	struct rotation_key k[MAX];

	(void)unused;
	make_pairs(k, ROTATION_PUBLISHED, WELL, WELL);
	step(k, MAX);
	for (size_t i = 0; i < MAX; i++) {
		assert_true(k[i].is_switched);
		rotation_commit(&k[i], NOW, false);
		assert_int_equal(k[i].since, NOW);
		assert_int_equal(
		    k[i].state, i < 2 ? ROTATION_RETIRING : ROTATION_ACTIVE);
		assert_null(k[i].replaces.p);
	}
}

/* No key signs that a server lacks, or that another one has to wait for. */
static void
test_no_switch(void **unused)
{
	static const struct {
		enum rotation_state state;
		enum view first, second;
	} cases[] = {
	    {ROTATION_PUBLISHED, WELL, LACKS},
	    {ROTATION_PUBLISHED, LACKS, WELL},
	    {ROTATION_PUBLISHED, WELL, NONE},
	    {ROTATION_PUBLISHED, WELL, FAILED},
	    {ROTATION_PUBLISHED, NOBODY, NOBODY},
	    {ROTATION_PUBLISHED, WELL, MANGLED},
	    {ROTATION_PUBLISHED, UNASKED, WELL},
	    {ROTATION_MADE, WELL, WELL},
	    {ROTATION_MAKING, WELL, UNASKED},
	};
	struct rotation_key k[MAX];

	(void)unused;
	for (size_t i = 0; i < COUNT(cases); i++) {
		make_pairs(k, cases[i].state, cases[i].first, cases[i].second);
		step(k, MAX);
		for (size_t j = 0; j < MAX; j++) {
			assert_false(k[j].is_switched || k[j].is_due);
			assert_true(j > 1 || k[j].next == ROTATION_ACTIVE);
			assert_true(j < 2 || k[j].next != ROTATION_ACTIVE);
		}
	}
}

static void
test_lost_successor(void **unused)
{
	struct rotation_key k[MAX];

	(void)unused;
	make_pairs(k, ROTATION_PUBLISHED, LACKS, WELL);
	step(k, MAX);
	assert_int_equal(k[2].state, ROTATION_MADE);
	assert_int_equal(k[2].seen, NEVER);
	assert_true(span_eq(k[2].replaces, SPAN("r1")));
	assert_int_equal(k[3].state, ROTATION_PUBLISHED);
	k[2].view = view_of(WELL);
	step(k, MAX);
	assert_int_equal(k[2].wait, ROTATION_FOR_CACHES);
	assert_int_equal(k[2].until, NOW + 900);
}

static void
test_others(void **unused)
{
	struct rotation_key k[MAX];

	(void)unused;
	make_pairs(k, ROTATION_MADE, WELL, WELL);
	step(k, MAX);
	assert_int_equal(k[2].wait, ROTATION_FOR_OTHERS);
	assert_int_equal(k[3].wait, ROTATION_FOR_CACHES);
	k[3].seen = NOW - 900;
	step(k, MAX);
	assert_int_equal(k[2].wait, ROTATION_FOR_RUN);
	assert_int_equal(k[3].wait, ROTATION_FOR_RUN);
	assert_int_equal(k[3].next, ROTATION_PUBLISHED);
	assert_false(k[2].is_switched);
}

static void
test_fixed_predecessor(void **unused)
{
	struct rotation_key k[MAX];

	(void)unused;
	make_pairs(k, ROTATION_PUBLISHED, WELL, WELL);
	k[1].is_fixed = true;
	step(k, MAX);
	for (size_t i = 0; i < MAX; i++)
		assert_false(k[i].is_switched);
}

/*
 * When successors are due.
 */

static void
test_due(void **unused)
{
	struct rotation_key k[] = {
	    key_of("r1", ROTATION_ACTIVE, 180 * DAY, WELL),
	    key_of("e1", ROTATION_ACTIVE, DAY, WELL),
	    key_of("r0", ROTATION_RETIRING, DAY, WELL),
	};

	(void)unused;
	step(k, 3);
	assert_true(k[0].is_due && k[1].is_due && !k[2].is_due);
	k[1].is_fixed = true;
	step(k, 3);
	assert_true(k[0].is_due && !k[1].is_due);
	k[0].since++;
	step(k, 3);
	assert_false(k[0].is_due);
	k[0].since--;
	k[2] = key_of("r2", ROTATION_MAKING, 0, UNASKED);
	k[2].replaces = k[0].selector;
	step(k, 3);
	assert_false(k[0].is_due);
}

/*
 * The table.
 */

static const struct {
	enum rotation_state state;
	bool in_table, has_old;
	enum rotation_state then;
} found[] = {
    {ROTATION_ACTIVE, true, false, ROTATION_ACTIVE},
    {ROTATION_ACTIVE, false, false, ROTATION_RETIRING},
    {ROTATION_MADE, true, true, ROTATION_ACTIVE},
    {ROTATION_PUBLISHED, true, false, ROTATION_ACTIVE},
    {ROTATION_MAKING, false, true, ROTATION_MAKING},
    {ROTATION_MAKING, false, false, ROTATION_KEPT},
    {ROTATION_MADE, false, true, ROTATION_MADE},
    {ROTATION_MADE, false, false, ROTATION_KEPT},
    {ROTATION_PUBLISHED, false, true, ROTATION_PUBLISHED},
    {ROTATION_PUBLISHED, false, false, ROTATION_KEPT},
    {ROTATION_RETIRING, false, false, ROTATION_RETIRING},
    {ROTATION_RETIRING, true, false, ROTATION_ACTIVE},
    {ROTATION_REVOKED, false, false, ROTATION_REVOKED},
    {ROTATION_REVOKED, true, false, ROTATION_ACTIVE},
    {ROTATION_GONE, false, false, ROTATION_GONE},
    {ROTATION_GONE, true, false, ROTATION_ACTIVE},
    {ROTATION_KEPT, false, false, ROTATION_KEPT},
    {ROTATION_KEPT, true, false, ROTATION_ACTIVE},
};

static void
test_reconcile(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < COUNT(found); i++) {
		struct rotation_key k = key_of("b", found[i].state, DAY, WELL);
		struct rotation_key old = key_of("a", ROTATION_ACTIVE, 1, WELL);
		struct rotation_key *list[] = {&k, &old};

		k.in_table = found[i].in_table;
		k.replaces = old.selector;
		old.in_table = found[i].has_old;
		rotation_reconcile(list, 2, NOW);
		assert_int_equal(k.state, found[i].then);
		assert_int_equal(
		    k.since, found[i].then == found[i].state ? NOW - DAY : NOW);
	}
}

/* A run was killed after it had changed the table. */
static void
test_killed(void **unused)
{
	struct rotation_key k[MAX], *list[] = {&k[0], &k[1], &k[2], &k[3]};

	(void)unused;
	make_pairs(k, ROTATION_PUBLISHED, WELL, WELL);
	for (size_t i = 0; i < MAX; i++)
		k[i].in_table = i > 1;
	rotation_reconcile(list, MAX, NOW);
	for (size_t i = 0; i < MAX; i++) {
		assert_int_equal(
		    k[i].state, i < 2 ? ROTATION_RETIRING : ROTATION_ACTIVE);
		assert_int_equal(k[i].since, NOW);
	}
}

static void
test_commit(void **unused)
{
	struct rotation_key k = key_of("a", ROTATION_MADE, DAY, WELL);

	(void)unused;
	k.seen = NOW - 900;
	step(&k, 1);
	rotation_commit(&k, NOW, false);
	assert_int_equal(k.state, ROTATION_PUBLISHED);
	assert_int_equal(k.seen, NOW - 900);
	k = key_of("a", ROTATION_RETIRING, 8 * DAY, WELL);
	step(&k, 1);
	assert_int_equal(k.state, ROTATION_RETIRING);
	rotation_commit(&k, NOW, true);
	assert_int_equal(k.state, ROTATION_REVOKED);
	assert_int_equal(k.told, NOW);
	assert_int_equal(k.seen, NEVER);
	k = key_of("a", ROTATION_RETIRING, 8 * DAY, REVOKED);
	step(&k, 1);
	rotation_commit(&k, NOW, false);
	assert_int_equal(k.seen, NOW);
	k = key_of("a", ROTATION_MADE, DAY, NONE);
	step(&k, 1);
	rotation_commit(&k, NOW, true);
	assert_int_equal(k.state, ROTATION_MADE);
	assert_int_equal(k.since, NOW - DAY);
	assert_int_equal(k.told, NOW);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_singles),
	    cmocka_unit_test(test_switch),
	    cmocka_unit_test(test_no_switch),
	    cmocka_unit_test(test_lost_successor),
	    cmocka_unit_test(test_others),
	    cmocka_unit_test(test_fixed_predecessor),
	    cmocka_unit_test(test_due),
	    cmocka_unit_test(test_reconcile),
	    cmocka_unit_test(test_killed),
	    cmocka_unit_test(test_commit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
