/* query: evaluate SPF for one message or query, and read --batch. */
/* SPDX-License-Identifier: ISC */

#include "query.h"

#include "base/ascii.h"
#include "base/json.h"
#include "spf/spf_trace.h"

/* The evaluation of one identity of a message. */
struct evaluation {
	enum spf_scope scope;
	bool known; /* the envelope has it */
	struct spf_query query;
	struct spf_trace trace;
	struct spf_verdict verdict;
};

struct state {
	const struct query *q;
	struct checker_message cm;
	struct evaluation evaluation[2];
	size_t n;
	struct result result[2];
};

void
query_set_scope(struct query *q, const char *scope, const struct checker *c,
    struct arena *a)
{
	enum {
		MAIL_FROM,
		HELO,
		BOTH
	};
	static const char *const names[] = {"mailfrom", "helo", "both", NULL};
	bool lacks_sender = c->query && c->given.has_ip && !c->given.sender.p;
	size_t i = scope   ? cli_choice("--scope", scope, names, a)
	    : lacks_sender ? HELO
			   : MAIL_FROM;

	q->helo = i != MAIL_FROM;
	q->mail_from = i != HELO;
}

static void
add_evaluation(struct state *s, enum spf_scope scope)
{
	struct evaluation *i = &s->evaluation[s->n++];
	const struct checker_message *cm = &s->cm;

	i->scope = scope;
	i->query.receiver = cm->receiver;
	i->query.now = cm->now;
	i->known = spf_identify(&cm->envelope, scope, cm->arena, &i->query);
	if (i->known && !s->q->policy.record.p)
		spf_prefetch(&i->query, cm->dns, cm->arena);
}

void *
query_begin(
    const struct checker_message *cm, struct sink *const **sinks, size_t *n)
{
	const struct query *q = cm->tool;
	struct state *s = ARENA_NEW(cm->arena, struct state);

	(void)sinks; /* the body is not used */
	*n = 0;
	s->q = q;
	s->cm = *cm;
	if (q->helo)
		add_evaluation(s, SPF_HELO); /* RFC 7208 2.3: first */
	if (q->mail_from)
		add_evaluation(s, SPF_MAILFROM);
	/* If neither is known, both results would look the same. */
	if (s->n == 2 && !s->evaluation[0].known && !s->evaluation[1].known)
		s->evaluation[0] = s->evaluation[--s->n];
	return s;
}

static void
evaluate(struct state *s, struct evaluation *i)
{
	struct spf_policy policy = s->q->policy;
	struct arena *a = s->cm.arena;

	if (!i->known) {
		spf_not_identified(&s->cm.envelope, i->scope, a, &i->verdict);
		return;
	}
	if (s->q->mode == CHECKER_JSON || s->cm.verbose) {
		spf_trace_init(&i->trace, a);
		policy.observer = &i->trace.observer;
	}
	spf_check(&i->query, &policy, s->cm.dns, a, &i->verdict);
}

/* Adds details for people: the trace and the domain's explanation. */
static void
show_evaluation(struct state *s, struct evaluation *i, struct result *r)
{
	struct arena *a = s->cm.arena;

	if (i->trace.root)
		r->detail = spf_trace_lines(&i->trace, &s->q->policy,
		    &i->verdict, s->cm.columns, a, &r->ndetail);
	if (!i->verdict.explanation.p)
		return;
	result_detail(r,
	    ARENA_JOIN(a, i->query.domain, SPAN(" explains: "),
		i->verdict.explanation),
	    a);
}

size_t
query_end(void *state, const struct result **results)
{
	struct state *s = state;

	for (size_t k = 0; k < s->n; k++) {
		struct evaluation *i = &s->evaluation[k];

		evaluate(s, i);
		spf_result(&i->verdict, &s->cm.envelope, i->scope, s->cm.arena,
		    &s->result[k]);
		if (s->cm.verbose)
			show_evaluation(s, i, &s->result[k]);
	}
	*results = s->result;
	return s->n;
}

void
query_json(void *state, json_t *object)
{
	struct state *s = state;
	struct arena *a = s->cm.arena;
	json_t *results = json_object_get(object, "results");

	if (s->q->text.p)
		json_object_update_new(object,
		    json_pack("{s:I, s:o}",
			JSON_MEMBER("line", (json_int_t)s->q->line),
			JSON_MEMBER("query", json_text(s->q->text, a))));
	for (size_t k = 0; k < s->n; k++) {
		const struct spf_verdict *v = &s->evaluation[k].verdict;
		json_t *r = json_array_get(results, k);

		json_object_update_new(r,
		    json_pack("{s:o, s:o, s:I, s:I, s:o}",
			JSON_MEMBER("mechanism", json_text(v->mechanism, a)),
			JSON_MEMBER(
			    "explanation", json_text(v->explanation, a)),
			JSON_MEMBER("lookups", (json_int_t)v->lookups),
			JSON_MEMBER("voids", (json_int_t)v->voids),
			JSON_MEMBER("tree",
			    spf_trace_json(&s->evaluation[k].trace, a))));
	}
}

struct span
query_fields(void *state, const char *eol)
{
	struct state *s = state;
	struct buf b = BUF(s->cm.arena);

	for (size_t k = s->n; s->q->received_spf && k-- > 0;)
		buf_add(&b,
		    spf_received_field(&s->evaluation[k].verdict,
			&s->cm.envelope, s->evaluation[k].scope, s->cm.receiver,
			eol, s->cm.arena));
	return buf_span(&b);
}

/* Removes the first word from a line and returns it. */
static struct span
take_word(struct span *line)
{
	struct span s = span_trim(*line);
	size_t n = 0;

	while (n < s.len && !ascii_is_wsp(s.p[n]))
		n++;
	*line = span_from(s, n);
	return span_upto(s, n);
}

/* Parses IP MAILFROM [HELO]. Returns how the line is invalid, or NULL. */
static const char *
parse_line(struct envelope *e, struct span line, struct arena *a)
{
	struct span ip = take_word(&line), sender = take_word(&line);
	struct span helo = take_word(&line);
	const char *wrong;

	e->has_ip = ip_parse(ip, &e->ip);
	if (!e->has_ip || !sender.len || span_trim(line).len)
		return "not IP MAILFROM [HELO]";
	e->sender = envelope_sender(sender, a);
	e->helo = helo.len ? helo : SPAN_NONE;
	wrong = envelope_fault(e->sender);
	if (!wrong && helo.len)
		wrong = envelope_fault(helo);
	return wrong ? arena_printf(a, "a value %s", wrong).p : NULL;
}

static void
read_line(const struct query *q, struct envelope *e, struct arena *a)
{
	const char *wrong;

	*e = (struct envelope){0};
	wrong = parse_line(e, q->text, a);
	if (wrong)
		*e = (struct envelope){0};
	e->ip_from = arena_printf(a, "%s:%zu%s%s", q->batch_name, q->line,
	    wrong ? ": " : "", wrong ? wrong : "");
	e->helo_from = e->sender_from = e->ip_from;
	if (!wrong && !e->helo.p)
		e->helo_from = ARENA_JOIN(a, e->ip_from, SPAN(" has none"));
}

bool
query_next(struct checker_message *cm)
{
	struct query *q = cm->tool;

	while (q->batch.p) {
		struct span line = span_trim(span_cut(&q->batch, '\n'));

		q->line++;
		if (!line.len || line.p[0] == '#')
			continue;
		q->text = line;
		read_line(q, &cm->envelope, cm->arena);
		return true;
	}
	return false;
}
