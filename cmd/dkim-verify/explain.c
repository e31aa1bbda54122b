/* explain: the option --explain, and those that need it. */
/* SPDX-License-Identifier: ISC */

#include "explain.h"
#include "original.h"

#include <string.h>

static bool wanted;
static const char *repaired, *original;
static uint64_t budget;

const struct cli_option explain_run_options[] = {
    {"explain", 0, CLI_FLAG, &wanted, NULL,
	"find out what was altered, where, and by which kind of software"},
    {"repaired", 0, CLI_STRING, &repaired, "FILE",
	"write the message as it was signed to FILE"},
    {"original", 0, CLI_STRING, &original, "FILE",
	"compare the message with FILE, the original: what was changed?"},
    {"budget", 0, CLI_NUMBER, &budget, "N",
	"search N times as long (1: up to 2 s of CPU time for 1 MB)"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

/* What all messages of a run share. */
struct explain_run {
	const struct compare_original *original; /* or NULL */
	struct explain_table table;
};

struct explain_message {
	struct explain_run *run;
	const struct message *m;
	const struct dkim_verifier *verifier;
	struct explain_options options;
	struct sink_buf body; /* as received */
	const struct explanation *list;
	const struct comparison *compared; /* for each of list, or NULL */
	size_t n;
};

bool
explain_run_wanted(void)
{
	return wanted;
}

static void
check_original(void)
{
	struct stat st;

	if (repaired && original && stat(original, &st) == 0 &&
	    repaired_is_input(repaired, &st))
		cli_usage("--repaired: %s is the file of --original", repaired);
}

static void
check_file(const char *path)
{
	struct stat st;
	int rc = strcmp(path, "-") ? stat(path, &st) : fstat(0, &st);

	if (rc == 0 && repaired_is_input(repaired, &st))
		cli_usage("--repaired: %s is a message to be read", repaired);
}

struct explain_run *
explain_run_check(struct checker *c, struct arena *a)
{
	struct explain_run *run;

	cli_require(!repaired || wanted, "--repaired needs --explain");
	cli_require(!original || wanted, "--original needs --explain");
	cli_require(!budget || wanted, "--budget needs --explain");
	if (!wanted)
		return NULL;
	cli_require(
	    !c->writes_stdout, "--canonical and --explain exclude each other");
	cli_require(c->mode == CHECKER_REPORT || c->mode == CHECKER_JSON,
	    "--explain takes none of -a, -H and -q");
	check_original();
	run = ARENA_NEW(a, struct explain_run);
	run->table.arena = a;
	if (original)
		run->original = original_read(original, a);
	c->always_verbose = true;
	c->file = repaired ? check_file : NULL;
	return run;
}

void
explain_run_conclude(
    struct explain_run *run, const struct screen *to, struct arena *a)
{
	if (run)
		explain_table_put(&run->table, to, a);
}

static struct explain_options
options_of(const struct checker_message *cm)
{
	uint64_t times = budget ? budget : 1;

	return (struct explain_options){
	    .budget = {.octets = times * BUDGET_OCTETS,
		.verifications = times * BUDGET_VERIFICATIONS},
	    .now = cm->now,
	    .dns = cm->dns};
}

struct explain_message *
explain_message_begin(struct explain_run *run, const struct checker_message *cm,
    const struct dkim_verifier *v)
{
	struct arena *a = cm->m->arena;
	struct explain_message *x;

	if (!run)
		return NULL;
	/* The file has what was signed of one message. */
	if (repaired && run->table.messages)
		cli_usage("--repaired takes a single message");
	x = ARENA_NEW(a, struct explain_message);
	*x = (struct explain_message){.run = run,
	    .m = cm->m,
	    .verifier = v,
	    .options = options_of(cm),
	    .body = sink_to_buf(a)};
	return x;
}

struct sink *
explain_message_sink(struct explain_message *x, bool hashed)
{
	return x && (hashed || x->run->original) ? &x->body.sink : NULL;
}

/* What explains comes before what -v shows. */
static void
add_detail(const struct explain_message *e, size_t i, struct result *r)
{
	const struct message *m = e->m;
	struct result_line *verbose = r->detail;
	size_t n = r->ndetail;

	r->detail = NULL;
	r->ndetail = 0;
	explain_text(m, &e->list[i], r);
	if (e->compared && e->compared[i].signature)
		compare_text(&e->compared[i], r, m->arena);
	for (size_t k = 0; k < n; k++)
		*ARENA_PUSH(m->arena, r->detail, r->ndetail) = verbose[k];
}

const struct result *
explain_message_end(
    struct explain_message *x, const struct result *results, size_t n)
{
	struct result *list;
	struct span body;

	if (!x)
		return results;
	list = ARENA_ARRAY(x->m->arena, struct result, n);
	body = buf_span(&x->body.buf);
	x->n = explain(x->m, body, x->verifier, &x->options, &x->list);
	if (x->run->original)
		x->compared =
		    original_compare(x->run->original, x->m, body, x->verifier);
	for (size_t i = 0; i < n; i++) {
		list[i] = results[i];
		if (i < x->n)
			add_detail(x, i, &list[i]);
	}
	explain_table_add(&x->run->table, x->list, x->n);
	if (repaired)
		repaired_write(repaired, x->m, body, x->list, x->n);
	return list;
}

static json_t *
object_of(const struct explain_message *x, size_t i)
{
	json_t *o = explain_json(
	    x->m, buf_span(&x->body.buf), &x->list[i], x->m->arena);

	if (x->compared && x->compared[i].signature)
		json_object_set_new(
		    o, "compare", compare_json(&x->compared[i], x->m->arena));
	return o;
}

void
explain_message_json(struct explain_message *x, json_t *object)
{
	json_t *list;

	if (!x)
		return;
	list = json_array();
	for (size_t i = 0; i < x->n; i++)
		json_array_append_new(list, object_of(x, i));
	json_object_set_new(object, "explain", list);
}
