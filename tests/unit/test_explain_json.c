/* test_explain_json: the object about a signature. */
/* SPDX-License-Identifier: ISC */

#include "fixture_explanation.h"

#include "base/limit.h"

#define BODY SPAN("Hello.\r\nfooter\r\n")

static json_t *
object_of(struct known *k)
{
	return explain_json(&k->m, BODY, &k->x, k->arena);
}

static void
has(const json_t *object, const char *expected)
{
	char *text = json_dumps(
	    object, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY);

	same("object", span_of(text), expected);
	free(text);
}

static void
all_members_are_there(void **state)
{
	struct edit edit = {8, 8, SPAN("")};
	struct header_change change = {
	    HEADER_REPLACE, 3, SPAN("Subject: Hello\r\n")};
	struct known *k = listed(state, 1, SPAN("footer\r\n"));
	json_t *object;

	k->x.body_found.edits = (struct edits){&edit, 1};
	k->x.body_found.tries = 3;
	k->x.header_found.changes = &change;
	k->x.header_found.nchanges = 1;
	k->x.header_found.tries = 4;
	object = object_of(k);
	has(object,
	    "{\"signature\":1,\"domain\":\"example.org\",\"selector\":\"r1\","
	    "\"sentence\":\"The list software added a 1-line footer after line "
	    "1 of the body and \\\"[dev] \\\" to the Subject; the rest is as "
	    "example.org "
	    "signed it.\","
	    "\"header\":\"repaired\",\"body\":\"repaired\",\"block\":\"sound\","
	    "\"bh_altered\":false,\"repairs\":["
	    "{\"id\":\"body-footer\",\"where\":\"body\",\"field\":null,"
	    "\"offset\":9000,\"length\":8,\"before\":\"\",\"before_length\":0,"
	    "\"after\":\"footer\\r\\n\",\"line\":1,\"places\":1,"
	    "\"words\":\"added a 1-line footer after line 1\"},"
	    "{\"id\":\"subject-tag\",\"where\":\"header\","
	    "\"field\":\"Subject\",\"offset\":170,\"length\":6,\"before\":\"\","
	    "\"before_length\":0,\"after\":\"[dev] \",\"line\":null,"
	    "\"places\":1,\"words\":\"added \\\"[dev] \\\" to the Subject\"}],"
	    "\"software\":{\"kind\":\"list\",\"name\":\"Mailman 3.3.8\"},"
	    "\"hop\":\"from a.example.org by lists.example.net; Tue, 1 Dec "
	    "2026 04:00:00 +0000\","
	    "\"notes\":[{\"id\":\"selector-rotated\",\"what\":\"r2\","
	    "\"words\":\"the key was replaced\"}],"
	    "\"tries\":7,\"budget_spent\":false,\"advice\":["
	    "{\"id\":\"list\",\"who\":\"sender\",\"words\":\"sign with "
	    "dkim-sign --profile=list, so that Reply-To, Sender and the like "
	    "may be added\"},"
	    "{\"id\":\"list\",\"who\":\"list\",\"words\":\"leave the fields "
	    "that authors write as they are\"}],"
	    "\"recipe\":{\"h\":{\"subject\":[{\"d\":[\" Hello\"]}]},"
	    "\"b\":[{\"c\":[1,1]}]},\"recipe_reason\":null}");
	json_decref(object);
}

static void
what_is_not_known_is_null(void **state)
{
	struct known *k = known(state);
	json_t *object;

	k->x.signature = NULL;
	k->x.reason = DKIM_TAG_MISSING;
	object = object_of(k);
	has(object,
	    "{\"signature\":null,\"domain\":null,\"selector\":null,"
	    "\"sentence\":\"The signature cannot be read: a required tag is "
	    "missing.\",\"header\":\"unknown\",\"body\":\"unknown\","
	    "\"block\":null,\"bh_altered\":false,\"repairs\":[],"
	    "\"software\":{\"kind\":null,\"name\":null},\"hop\":null,"
	    "\"notes\":[],\"tries\":0,\"budget_spent\":false,\"advice\":[],"
	    "\"recipe\":null,"
	    "\"recipe_reason\":\"the signature cannot be read\"}");
	json_decref(object);
}

/* What was signed is not known then. */
static void
the_header_of_another_key_is_unknown(void **state)
{
	struct known *k = known(state);
	json_t *object;

	k->x.header = EXPLAIN_NOT_FOUND;
	k->x.block = EXPLAIN_BLOCK_OTHER;
	object = object_of(k);
	has(json_object_get(object, "header"), "\"unknown\"");
	has(json_object_get(object, "block"), "\"other\"");
	json_decref(object);
}

static void
states_have_names(void **state)
{
	static const struct {
		enum explain_state state;
		const char *name;
	} c[] = {
	    {EXPLAIN_UNKNOWN, "\"unknown\""},
	    {EXPLAIN_INTACT, "\"intact\""},
	    {EXPLAIN_REPAIRED, "\"repaired\""},
	    {EXPLAIN_NOT_FOUND, "\"not-found\""},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct known *k = known(state);
		json_t *object;

		k->x.header = c[i].state;
		k->x.body = c[(i + 1) % COUNT(c)].state;
		k->x.block = EXPLAIN_BLOCK_SOUND;
		k->x.bh_altered = k->x.budget_spent = true;
		object = object_of(k);
		has(json_object_get(object, "header"), c[i].name);
		has(json_object_get(object, "body"),
		    c[(i + 1) % COUNT(c)].name);
		has(json_object_get(object, "block"), "\"sound\"");
		has(json_object_get(object, "bh_altered"), "true");
		has(json_object_get(object, "budget_spent"), "true");
		json_decref(object);
	}
}

/* Returns a member of the only repair. */
static json_t *
repair_member(const json_t *object, const char *key)
{
	const json_t *list = json_object_get(object, "repairs");

	assert_int_equal(json_array_size(list), 1);
	return json_object_get(json_array_get(list, 0), key);
}

static void
octets_are_as_in_other_objects(void **state)
{
	static const struct {
		struct span octets;
		const char *json;
	} c[] = {
	    {S("\xc3\xa9"), "\"\\u00E9\""},
	    {S("\xff\n"), "\"\\\\xff\\\\x0a\""},
	    {S("a\0b"), "\"a\\\\x00b\""},
	    {S("\033["), "\"\\u001B[\""},
	    {S("a\\\""), "\"a\\\\\\\"\""},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct known *k = known(state);
		struct repair r = footer_after(1, c[i].octets);
		json_t *object;

		r.before = c[i].octets;
		in_body(k, r);
		object = object_of(k);
		has(repair_member(object, "after"), c[i].json);
		has(repair_member(object, "before"), c[i].json);
		json_decref(object);
	}
}

static void
texts_are_cut_and_their_lengths_are_not(void **state)
{
	for (size_t more = 0; more < 2; more++) {
		struct known *k = known(state);
		struct buf text = BUF(*state);
		struct repair r;
		json_t *object;

		for (size_t i = 0; i < LIMIT_JSON_TEXT + more; i++)
			buf_char(&text, 'x');
		r = footer_after(1, buf_span(&text));
		r.before = buf_span(&text);
		in_body(k, r);
		object = object_of(k);
		assert_int_equal(
		    json_string_length(repair_member(object, "after")),
		    LIMIT_JSON_TEXT);
		assert_int_equal(
		    json_string_length(repair_member(object, "before")),
		    LIMIT_JSON_TEXT);
		assert_int_equal(
		    json_integer_value(repair_member(object, "before_length")),
		    LIMIT_JSON_TEXT + more);
		assert_int_equal(
		    json_integer_value(repair_member(object, "length")),
		    LIMIT_JSON_TEXT + more);
		json_decref(object);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(all_members_are_there),
	    TEST(what_is_not_known_is_null),
	    TEST(states_have_names),
	    TEST(the_header_of_another_key_is_unknown),
	    TEST(octets_are_as_in_other_objects),
	    TEST(texts_are_cut_and_their_lengths_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
