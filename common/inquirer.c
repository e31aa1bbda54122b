#include "inquirer.h"

#include "ascii.h"
#include "json.h"
#include "spf_trace.h"

/* One identity of a message: its evaluation. */
struct inquiry {
	enum spf_scope scope;
	bool known; /* the envelope has it */
	struct spf_query query;
	struct spf_trace trace;
	struct spf_verdict verdict;
};

struct state {
	const struct inquirer *q;
	struct checker_message cm;
	struct inquiry inquiry[2];
	size_t n;
	struct result result[2];
};

bool
inquirer_set_scope(struct inquirer *q, struct span scope)
{
	bool both = span_eq(scope, SPAN("both"));

	q->helo = both || span_eq(scope, SPAN("helo"));
	q->mail_from = both || span_eq(scope, SPAN("mailfrom"));
	return q->helo || q->mail_from;
}

static void
add_inquiry(struct state *s, enum spf_scope scope)
{
	struct inquiry *i = &s->inquiry[s->n++];
	const struct checker_message *cm = &s->cm;

	i->scope = scope;
	i->query.receiver = cm->receiver;
	i->query.now = cm->now;
	i->known = spf_identify(&cm->envelope, scope, cm->arena, &i->query);
	if (i->known && !s->q->policy.record.p)
		spf_prefetch(&i->query, cm->dns, cm->arena);
}

void *
inquirer_begin(
    const struct checker_message *cm, struct sink *const **sinks, size_t *n)
{
	const struct inquirer *q = cm->tool;
	struct state *s = ARENA_NEW(cm->arena, struct state);

	(void)sinks; /* the body says nothing */
	*n = 0;
	s->q = q;
	s->cm = *cm;
	if (q->helo)
		add_inquiry(s, SPF_HELO); /* RFC 7208 2.3: first */
	if (q->mail_from)
		add_inquiry(s, SPF_MAILFROM);
	return s;
}

/* What only the exploration asks comes last, or it would take the verdict's
 * time: by then that is in the cache. */
static void
explore(struct state *s, struct inquiry *i, const struct spf_policy *policy)
{
	struct spf_policy plain = *policy;
	struct spf_verdict same;

	plain.explore = 0;
	plain.observer = NULL;
	spf_check(&i->query, &plain, s->cm.dns, s->cm.arena, &i->verdict);
	spf_check(&i->query, policy, s->cm.dns, s->cm.arena, &same);
}

static void
inquire(struct state *s, struct inquiry *i)
{
	struct spf_policy policy = s->q->policy;
	struct arena *a = s->cm.arena;

	if (!i->known) {
		spf_not_identified(&s->cm.envelope, i->scope, &i->verdict);
		return;
	}
	if (s->q->mode == CHECKER_JSON || s->cm.explain) {
		spf_trace_init(&i->trace, a);
		policy.observer = &i->trace.observer;
	}
	if (policy.explore)
		explore(s, i, &policy);
	else
		spf_check(&i->query, &policy, s->cm.dns, a, &i->verdict);
}

/* Adds the explanation, for people. */
static void
explain(struct state *s, struct inquiry *i, struct result *r)
{
	struct arena *a = s->cm.arena;

	if (i->trace.root)
		r->explain = spf_trace_lines(
		    &i->trace, &s->q->policy, &i->verdict, a, &r->explains);
	if (!i->verdict.explanation.p)
		return;
	r->explain = ARENA_PUSH(a, r->explain, r->explains);
	r->explain[r->explains++] =
	    arena_printf(a, SPAN_FMT " explains: " SPAN_FMT,
		SPAN_ARG(i->query.domain), SPAN_ARG(i->verdict.explanation));
}

size_t
inquirer_end(void *state, const struct result **results)
{
	struct state *s = state;

	for (size_t k = 0; k < s->n; k++) {
		struct inquiry *i = &s->inquiry[k];

		inquire(s, i);
		spf_result(&i->verdict, &s->cm.envelope, i->scope, s->cm.arena,
		    &s->result[k]);
		if (s->cm.explain)
			explain(s, i, &s->result[k]);
	}
	*results = s->result;
	return s->n;
}

void
inquirer_json(void *state, json_t *object)
{
	struct state *s = state;
	struct arena *a = s->cm.arena;
	json_t *results = json_object_get(object, "results");

	for (size_t k = 0; k < s->n; k++) {
		const struct spf_verdict *v = &s->inquiry[k].verdict;
		json_t *r = json_array_get(results, k);

		json_object_set_new(r, "mechanism", json_text(v->mechanism, a));
		json_object_set_new(
		    r, "explanation", json_text(v->explanation, a));
		json_object_set_new(r, "lookups", json_integer(v->lookups));
		json_object_set_new(r, "voids", json_integer(v->voids));
		json_object_set_new(r, "tree",
		    s->inquiry[k].trace.root
			? spf_trace_json(&s->inquiry[k].trace, a)
			: json_null());
	}
}

struct span
inquirer_fields(void *state, const char *eol)
{
	struct state *s = state;
	struct buf b = BUF(s->cm.arena);

	for (size_t k = s->n; s->q->received_spf && k-- > 0;)
		buf_add(&b,
		    spf_received_field(&s->inquiry[k].verdict, &s->cm.envelope,
			s->inquiry[k].scope, s->cm.receiver, eol, s->cm.arena));
	return buf_span(&b);
}

/* The first word of a line, which it is taken off. */
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

/* IP MAILFROM HELO */
static void
read_line(struct envelope *e, struct span line, size_t number, struct arena *a)
{
	struct span ip = take_word(&line), sender = take_word(&line);
	struct span helo = take_word(&line), from;

	*e = (struct envelope){0};
	e->has_ip = ip_parse(ip, &e->ip);
	if (e->has_ip && helo.len && !span_trim(line).len) {
		from = arena_printf(a, "line %zu", number);
		e->sender = envelope_sender(sender, a);
		e->helo = helo;
	} else {
		from =
		    arena_printf(a, "line %zu is not IP MAILFROM HELO", number);
		e->has_ip = false;
	}
	e->ip_from = e->helo_from = e->sender_from = from;
}

bool
inquirer_next(struct checker_message *cm)
{
	struct inquirer *q = cm->tool;

	while (q->batch.p) {
		struct span line = span_trim(span_cut(&q->batch, '\n'));

		q->line++;
		if (!line.len || line.p[0] == '#')
			continue;
		read_line(&cm->envelope, line, q->line, cm->arena);
		return true;
	}
	return false;
}
