/* rotation: the next step of each key of a domain. */
/* SPDX-License-Identifier: ISC */

#include "dkim/rotation.h"

const char *const rotation_states[] = {[ROTATION_MAKING] = "making",
    [ROTATION_MADE] = "made",
    [ROTATION_PUBLISHED] = "published",
    [ROTATION_ACTIVE] = "active",
    [ROTATION_RETIRING] = "retiring",
    [ROTATION_REVOKED] = "revoked",
    [ROTATION_GONE] = "gone",
    [ROTATION_KEPT] = "kept",
    NULL};

const char *const rotation_actions[] = {[ROTATION_NOTHING] = NULL,
    [ROTATION_ADD] = "add",
    [ROTATION_REPLACE] = "replace",
    [ROTATION_REMOVE] = "remove"};

const char *const rotation_waits[] = {[ROTATION_WAITS_NOT] = NULL,
    [ROTATION_FOR_AGE] = "age",
    [ROTATION_FOR_SERVERS] = "servers",
    [ROTATION_FOR_ANSWER] = "answer",
    [ROTATION_FOR_CACHES] = "caches",
    [ROTATION_FOR_OTHERS] = "others",
    [ROTATION_FOR_RUN] = "run",
    [ROTATION_FOR_QUEUE] = "queue",
    [ROTATION_FOR_KEEP] = "keep"};

static bool
is_new(const struct rotation_key *k)
{
	return k->state == ROTATION_MAKING || k->state == ROTATION_MADE ||
	    k->state == ROTATION_PUBLISHED;
}

/* Returns the key that a key replaces; NULL: none. */
static struct rotation_key *
predecessor(
    struct rotation_key *const *keys, size_t n, const struct rotation_key *k)
{
	for (size_t i = 0; k->replaces.p && i < n; i++)
		if (span_eq(keys[i]->domain, k->domain) &&
		    span_eq(keys[i]->selector, k->replaces))
			return keys[i];
	return NULL;
}

/*
 * The table.
 */

static void
enter(struct rotation_key *k, enum rotation_state state, int64_t now)
{
	k->state = state;
	k->since = now;
	k->seen = k->told = ROTATION_NEVER;
	if (!is_new(k))
		k->replaces = SPAN_NONE;
}

/* Has the table a key that this one is to replace? */
static bool
has_predecessor(
    struct rotation_key *const *keys, size_t n, const struct rotation_key *k)
{
	const struct rotation_key *old = predecessor(keys, n, k);

	return old && old->in_table;
}

void
rotation_reconcile(struct rotation_key *const *keys, size_t n, int64_t now)
{
	for (size_t i = 0; i < n; i++) {
		struct rotation_key *k = keys[i];

		if (k->in_table && k->state != ROTATION_ACTIVE)
			enter(k, ROTATION_ACTIVE, now);
		else if (!k->in_table && k->state == ROTATION_ACTIVE)
			enter(k, ROTATION_RETIRING, now);
	}
	for (size_t i = 0; i < n; i++)
		if (is_new(keys[i]) && !has_predecessor(keys, n, keys[i]))
			enter(keys[i], ROTATION_KEPT, now);
}

/*
 * Single keys.
 */

/* Something is to be done that the servers should show already. shown: one of
 * them does, so that the others are waited for. */
static void
need(struct rotation_key *k, enum rotation_action action, bool shown,
    const struct rotation_times *t)
{
	if (shown)
		return;
	k->action = action;
	k->calls_hook =
	    k->told == ROTATION_NEVER || t->now - k->told >= ROTATION_AGAIN;
}

static void
advance(struct rotation_key *k, enum rotation_state next,
    enum rotation_action action)
{
	k->next = next;
	k->action = action;
	k->calls_hook = action != ROTATION_NOTHING;
	k->wait = ROTATION_FOR_SERVERS;
}

static void
wait_until(struct rotation_key *k, enum rotation_wait wait, int64_t until)
{
	k->wait = wait;
	k->until = until;
}

static void
step_made(struct rotation_key *k, const struct rotation_times *t)
{
	const struct rotation_view *v = &k->view;
	int64_t until;

	k->wait = v->is_failed && !v->lacks ? ROTATION_FOR_ANSWER
					    : ROTATION_FOR_SERVERS;
	if (v->lacks)
		k->seen = ROTATION_NEVER;
	if (!v->all_well) {
		need(k, ROTATION_ADD, v->any_well, t);
		return;
	}
	if (k->seen == ROTATION_NEVER)
		k->seen = t->now;
	/* RFC 2308 5: so long can a cache have "no such name" from before the
	 * last server had the record. */
	until = k->seen + v->negative_ttl;
	if (t->now < until) {
		wait_until(k, ROTATION_FOR_CACHES, until);
	} else {
		k->next = ROTATION_PUBLISHED;
		k->wait = ROTATION_FOR_OTHERS;
	}
}

static void
step_published(struct rotation_key *k, const struct rotation_times *t)
{
	if (k->view.lacks) {
		enum rotation_state made = ROTATION_MADE;
		int64_t told = k->told;

		enter(k, made, t->now);
		k->told = told;
		k->next = made;
		step_made(k, t);
	} else {
		k->wait = k->view.all_well ? ROTATION_FOR_OTHERS
					   : ROTATION_FOR_ANSWER;
	}
}

static void
step_active(struct rotation_key *k, const struct rotation_times *t)
{
	k->is_alarming = k->view.is_lost;
	if (!k->is_fixed)
		wait_until(k, ROTATION_FOR_AGE, k->since + t->every);
}

static void
step_retiring(struct rotation_key *k, const struct rotation_times *t)
{
	int64_t until = k->since + t->queue;

	if (t->now < until) {
		k->is_alarming = k->view.is_lost;
		wait_until(k, ROTATION_FOR_QUEUE, until);
	} else if (k->view.all_absent) {
		k->is_over = true;
	} else {
		advance(k, ROTATION_REVOKED,
		    k->view.all_revoked ? ROTATION_NOTHING : ROTATION_REPLACE);
	}
}

static void
step_revoked(struct rotation_key *k, const struct rotation_times *t)
{
	const struct rotation_view *v = &k->view;
	int64_t until;

	k->wait = v->is_failed ? ROTATION_FOR_ANSWER : ROTATION_FOR_SERVERS;
	if (v->all_absent) {
		k->is_over = true;
	} else if (!v->all_revoked) {
		need(k, ROTATION_REPLACE, v->any_revoked, t);
	} else {
		if (k->seen == ROTATION_NEVER)
			k->seen = t->now;
		/* A hook has revoked it when it was told; a person, when that
		 * was first seen. */
		until =
		    (k->told == ROTATION_NEVER ? k->seen : k->told) + t->keep;
		if (t->now < until)
			wait_until(k, ROTATION_FOR_KEEP, until);
		else
			advance(k, ROTATION_GONE, ROTATION_REMOVE);
	}
}

static void
step_gone(struct rotation_key *k, const struct rotation_times *t)
{
	k->wait =
	    k->view.is_failed ? ROTATION_FOR_ANSWER : ROTATION_FOR_SERVERS;
	if (k->view.all_absent)
		k->is_over = true;
	else
		need(k, ROTATION_REMOVE, k->view.any_absent, t);
}

static void
step_kept(struct rotation_key *k, const struct rotation_times *t)
{
	(void)t;
	k->is_over = k->view.all_revoked;
}

static void
step_making(struct rotation_key *k, const struct rotation_times *t)
{
	(void)k;
	(void)t;
}

static void (*const steps[])(
    struct rotation_key *k, const struct rotation_times *t) = {
    [ROTATION_MAKING] = step_making,
    [ROTATION_MADE] = step_made,
    [ROTATION_PUBLISHED] = step_published,
    [ROTATION_ACTIVE] = step_active,
    [ROTATION_RETIRING] = step_retiring,
    [ROTATION_REVOKED] = step_revoked,
    [ROTATION_GONE] = step_gone,
    [ROTATION_KEPT] = step_kept,
};

/*
 * The domain.
 */

/* May this new key sign? All servers had it for long enough at the run before,
 * and have it now. */
static bool
is_ready(
    struct rotation_key *const *keys, size_t n, const struct rotation_key *k)
{
	const struct rotation_key *old = predecessor(keys, n, k);

	return k->state == ROTATION_PUBLISHED && k->view.all_well && old &&
	    old->state == ROTATION_ACTIVE && !old->is_fixed;
}

static void
switch_key(struct rotation_key *k, struct rotation_key *old,
    const struct rotation_times *t)
{
	k->is_switched = old->is_switched = true;
	k->next = ROTATION_ACTIVE;
	wait_until(k, ROTATION_FOR_AGE, t->now + t->every);
	old->next = ROTATION_RETIRING;
	wait_until(old, ROTATION_FOR_QUEUE, t->now + t->queue);
}

/* All new keys of a domain begin to sign together, or none. */
static void
step_switch(
    struct rotation_key *const *keys, size_t n, const struct rotation_times *t)
{
	for (size_t i = 0; i < n; i++)
		if (is_new(keys[i]) && !is_ready(keys, n, keys[i]))
			return;
	for (size_t i = 0; i < n; i++)
		if (is_new(keys[i]))
			switch_key(keys[i], predecessor(keys, n, keys[i]), t);
}

/* The next run lets new keys sign if it finds all of them published. */
static void
step_others(struct rotation_key *const *keys, size_t n)
{
	bool all = true;

	for (size_t i = 0; i < n; i++)
		all &= !is_new(keys[i]) || keys[i]->next == ROTATION_PUBLISHED;
	for (size_t i = 0; i < n; i++)
		if (keys[i]->wait == ROTATION_FOR_OTHERS && all)
			keys[i]->wait = ROTATION_FOR_RUN;
}

/* If one key of a domain is old, all get successors, unless some have them. */
static void
step_due(
    struct rotation_key *const *keys, size_t n, const struct rotation_times *t)
{
	bool is_due = false;

	for (size_t i = 0; i < n; i++) {
		if (is_new(keys[i]))
			return;
		if (keys[i]->state == ROTATION_ACTIVE && !keys[i]->is_fixed &&
		    t->now - keys[i]->since >= t->every)
			is_due = true;
	}
	for (size_t i = 0; i < n; i++)
		keys[i]->is_due = is_due && !keys[i]->is_fixed &&
		    keys[i]->state == ROTATION_ACTIVE;
}

void
rotation_step(
    struct rotation_key *const *keys, size_t n, const struct rotation_times *t)
{
	for (size_t i = 0; i < n; i++) {
		struct rotation_key *k = keys[i];

		k->action = ROTATION_NOTHING;
		k->calls_hook = k->is_switched = k->is_over = k->is_alarming =
		    k->is_due = false;
		k->next = k->state;
		k->wait = ROTATION_WAITS_NOT;
		steps[k->state](k, t);
	}
	step_others(keys, n);
	step_switch(keys, n, t);
	step_due(keys, n, t);
}

void
rotation_commit(struct rotation_key *k, int64_t now, bool told)
{
	int64_t seen = k->seen;

	if (k->next != k->state) {
		enter(k, k->next, now);
		if (k->state == ROTATION_PUBLISHED)
			k->seen = seen;
		/* The servers show it already. */
		if (k->state == ROTATION_REVOKED && !k->action)
			k->seen = now;
	}
	if (told)
		k->told = now;
}
