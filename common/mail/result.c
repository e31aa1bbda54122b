/* result: names and exit statuses of results, and the verdict over them. */
/* SPDX-License-Identifier: ISC */

#include "mail/result.h"

#include <assert.h>
#include <sysexits.h>

static const struct {
	const char *name;
	int status;
} code_table[RESULT_CODES] = {
    [RESULT_PASS] = {"pass", 0},
    [RESULT_FAIL] = {"fail", 1},
    [RESULT_SOFTFAIL] = {"softfail", 2},
    [RESULT_NEUTRAL] = {"neutral", 2},
    [RESULT_POLICY] = {"policy", 2},
    [RESULT_NONE] = {"none", 3},
    [RESULT_PERMERROR] = {"permerror", 4},
    [RESULT_TEMPERROR] = {"temperror", EX_TEMPFAIL},
};

const char *
result_name(enum result_code code)
{
	return code_table[code].name;
}

int
result_status(enum result_code code)
{
	return code_table[code].status;
}

bool
result_parse(struct span name, enum result_code *code)
{
	for (int i = 0; i < RESULT_CODES; i++)
		if (span_eq(name, span_of(code_table[i].name))) {
			*code = (enum result_code)i;
			return true;
		}
	return false;
}

void
result_because(struct result *r, const struct result_reason *why)
{
	r->code = why->code;
	r->why = (struct result_note){why->id, span_of(why->words)};
}

void
result_note(struct result *r, const char *id, struct span words)
{
	assert(r->nnotes < RESULT_NOTES);
	r->notes[r->nnotes++] = (struct result_note){id, words};
}

void
result_property(struct result *r, const char *name, struct span value,
    enum result_kind kind)
{
	if (!value.p)
		return;
	assert(r->nproperties < RESULT_PROPERTIES);
	r->properties[r->nproperties++] =
	    (struct result_property){name, value, kind};
}

/* The code of a result for the verdict. */
static enum result_code
code_for_domain(const struct result *r, struct span domain)
{
	if (r->code == RESULT_PASS && domain.p &&
	    !span_caseeq(r->domain, domain))
		return RESULT_NONE;
	return r->code;
}

void
result_detail(struct result *r, struct span line, struct arena *a)
{
	*ARENA_PUSH(a, r->detail, r->ndetail) =
	    (struct result_line){line, SCREEN_PLAIN, false};
}

enum result_code
result_verdict(
    const struct result *list, size_t n, bool all, struct span domain)
{
	static const enum result_code order[] = {RESULT_TEMPERROR, RESULT_FAIL,
	    RESULT_POLICY, RESULT_PERMERROR, RESULT_NEUTRAL, RESULT_SOFTFAIL,
	    RESULT_NONE};
	size_t count[RESULT_CODES] = {0};

	for (size_t i = 0; i < n; i++)
		count[code_for_domain(&list[i], domain)]++;
	if (count[RESULT_PASS] && (!all || count[RESULT_PASS] == n))
		return RESULT_PASS;
	for (size_t i = 0; i < COUNT(order); i++)
		if (count[order[i]])
			return order[i];
	return RESULT_NONE;
}
