#include "identity.h"

#include "ascii.h"
#include "authres.h"
#include "buf.h"
#include "domain.h"
#include "limit.h"
#include "scan.h"
#include "spf_trace.h"

struct identity_job {
	const struct message *m;
	struct arena *arena;
	struct envelope envelope;
	struct dns *dns;
	struct identity_policy policy;
	struct dkim_verifier *dkim; /* NULL: results are taken from fields */
	struct spf_query query;
	bool known; /* the envelope has what SPF needs */
};

/*
 * What both ways share.
 */

static void
add(const struct identity_job *job, struct identities *out, struct identity id)
{
	if (!id.domain.p)
		return;
	if (out->n == LIMIT_IDENTITIES) {
		out->left_out++;
		return;
	}
	out->list = ARENA_PUSH(job->arena, out->list, out->n);
	out->list[out->n++] = id;
}

/* A signature's; "none" is none (RFC 8601 2.7.1). RFC 6376 3.5: the domain of
 * i= is d= or below it, so that another is not what was signed. */
static void
add_dkim(const struct identity_job *job, struct identities *out,
    enum result_code code, struct span domain, struct span agent,
    struct span signed_names)
{
	struct identity id = {
	    .code = code, .domain = domain, .signed_names = signed_names};

	if (code == RESULT_NONE)
		return;
	if (domain_within(agent, domain))
		id.agent = agent;
	add(job, out, id);
}

/* The domain of [[local-part] "@"] domain-name (RFC 8601 2.2). What stands
 * behind the last "@" is it, or no domain name. */
static struct span
domain_of(struct span value, struct arena *a)
{
	size_t at = span_find_last(value, '@');

	if (at < value.len)
		value = span_from(value, at + 1);
	return domain_normal(value, a);
}

/*
 * Judging.
 */

static void
begin_judging(struct identity_job *job, struct sink *const **sinks, size_t *n)
{
	const struct dkim_policy dkim = {.max_signatures = LIMIT_SIGNATURES,
	    .explain = job->policy.explain,
	    .now = job->policy.now};

	job->dkim = dkim_verify_begin(job->m, job->dns, &dkim);
	*n = dkim_verify_sinks(job->dkim, sinks);
	job->query.receiver = job->policy.receiver;
	job->query.now = job->policy.now;
	job->known =
	    spf_identify(&job->envelope, SPF_MAILFROM, job->arena, &job->query);
	if (job->known)
		spf_prefetch(&job->query, job->dns, job->arena);
}

/* RFC 9989 3.2.4: MAIL FROM. What nobody knows has a result, and is not
 * judged. */
static void
judge_spf(
    const struct identity_job *job, struct identities *out, struct result *r)
{
	struct spf_policy policy = {
	    .lookup_limit = LIMIT_SPF_LOOKUPS, .void_limit = LIMIT_SPF_VOIDS};
	struct arena *a = job->arena;
	struct spf_trace trace;
	struct spf_verdict v;

	spf_trace_init(&trace, a);
	if (job->policy.explain)
		policy.observer = &trace.observer;
	if (job->known)
		spf_check(&job->query, &policy, job->dns, a, &v);
	else
		spf_not_identified(&job->envelope, SPF_MAILFROM, &v);
	spf_result(&v, &job->envelope, SPF_MAILFROM, a, r);
	if (trace.root)
		r->explain =
		    spf_trace_lines(&trace, &policy, &v, a, &r->explains);
	out->has_spf = job->known;
	if (job->known)
		add(job, out,
		    (struct identity){.is_spf = true,
			.code = r->code,
			.domain = domain_normal(job->query.domain, a),
			.local = job->query.local});
}

/* The domain of i=, if there is one. */
static struct span
agent_of(const struct result *r, struct arena *a)
{
	for (size_t i = 0; i < r->properties; i++)
		if (span_eq(span_of(r->property[i].name), SPAN("header.i")))
			return domain_of(r->property[i].value, a);
	return SPAN_NONE;
}

/* h= of the signature of a result. */
static struct span
signed_names_of(const struct identity_job *job, size_t i)
{
	const struct dkim_signature *s =
	    dkim_verify_signature(job->dkim, i + 1);

	return s ? s->names : SPAN_NONE;
}

static void
judge(const struct identity_job *job, struct identities *out)
{
	struct arena *a = job->arena;
	const struct result *dkim;
	size_t n = dkim_verify_end(job->dkim, &dkim);
	struct result *list = ARENA_ARRAY(a, struct result, 1 + n);

	judge_spf(job, out, &list[0]);
	for (size_t i = 0; i < n; i++) {
		list[1 + i] = dkim[i];
		add_dkim(job, out, dkim[i].code, dkim[i].domain,
		    agent_of(&dkim[i], a), signed_names_of(job, i));
	}
	out->result = list;
	out->results = 1 + n;
	out->found = true;
}

/*
 * Taking from fields.
 */

/* How many properties of a name a result has, and the value of one. */
static size_t
find_property(const struct authres_result *r, struct span ptype,
    struct span name, struct span *value)
{
	size_t n = 0;

	*value = SPAN_NONE;
	for (size_t i = 0; i < r->properties; i++) {
		const struct authres_property *p = &r->property[i];

		if (span_eq(p->ptype, ptype) && span_eq(p->name, name)) {
			*value = p->value;
			n++;
		}
	}
	return n;
}

/* RFC 8601 2.7.1. Which one of two was judged, nobody knows. */
static void
take_dkim(const struct identity_job *job, const struct authres_result *r,
    enum result_code code, struct identities *out)
{
	const struct span header = SPAN("header");
	struct span d, i, domain = SPAN_NONE, agent = SPAN_NONE;
	size_t ds = find_property(r, header, SPAN("d"), &d);
	size_t is = find_property(r, header, SPAN("i"), &i);
	size_t before = out->n;

	out->found = true;
	if (is == 1)
		agent = domain_of(i, job->arena);
	if (ds == 1)
		domain = domain_of(d, job->arena);
	else if (!ds && job->policy.accept_header_i)
		domain = agent;
	add_dkim(job, out, code, domain, agent, SPAN_NONE);
	if (out->n > before)
		out->list[before].of_agent = !ds;
}

static struct span
local_of(struct span value, struct arena *a)
{
	size_t at = span_find_last(value, '@');

	if (!at || at == value.len)
		return SPAN_NONE;
	return arena_span(a, scan_unquote(span_upto(value, at), a));
}

/* RFC 8601 2.7.2. A result of HELO alone is none that DMARC takes (RFC 9989
 * 3.2.4); where both are written, smtp.helo says what %{h} was. */
static void
take_spf(const struct identity_job *job, const struct authres_result *r,
    enum result_code code, struct identities *out)
{
	const struct span smtp = SPAN("smtp");
	struct span from, helo;
	size_t froms = find_property(r, smtp, SPAN("mailfrom"), &from);

	if (!froms && find_property(r, smtp, SPAN("helo"), &helo))
		return;
	out->found = true;
	if (froms == 1)
		add(job, out,
		    (struct identity){.is_spf = true,
			.code = code,
			.domain = domain_of(from, job->arena),
			.local = local_of(from, job->arena)});
}

static const struct {
	struct span name;
	void (*take)(const struct identity_job *, const struct authres_result *,
	    enum result_code, struct identities *);
} methods[] = {
    {{"dkim", 4}, take_dkim},
    {{"spf", 3}, take_spf},
};
#define METHODS (sizeof(methods) / sizeof(*methods))

/* RFC 8601 2.2: version 1 of the method. */
static void
take(const struct identity_job *job, const struct authres_result *r,
    struct identities *out)
{
	enum result_code code;

	if (r->version != 1 || !result_parse(r->result, &code))
		return;
	for (size_t i = 0; i < METHODS; i++)
		if (span_eq(r->method, methods[i].name))
			methods[i].take(job, r, code, out);
}

/* What stands before the next semicolon that neither quotes nor a comment
 * hide. False: they do not end. */
static bool
scan_part(struct scan *s, struct arena *a, struct span *part)
{
	struct scan start = *s;
	struct span quoted;

	while (!scan_end(s) && *s->p != ';') {
		const char *here = s->p;

		if (!scan_cfws(s))
			return false;
		if (s->p > here || scan_quoted_string(s, a, &quoted))
			continue;
		if (scan_char(s, '"'))
			return false;
		s->p++;
	}
	*part = scan_since(s, &start);
	scan_char(s, ';');
	return true;
}

/* Does the part begin as methodspec does (RFC 8601 2.2)? */
static bool
begins_result(struct span part, struct span *method)
{
	struct scan s = scan_of(part);

	return scan_cfws(&s) && scan_class(&s, ascii_is_token, method) &&
	    scan_cfws(&s) && (scan_char(&s, '=') || scan_char(&s, '/'));
}

static bool
is_method(struct span name)
{
	for (size_t i = 0; i < METHODS; i++)
		if (span_caseeq(name, methods[i].name))
			return true;
	return false;
}

/*
 * A field without an id, as Exchange Online writes it: nothing but results.
 * Those of other methods are not as RFC 8601 has it ("action=none"), and are
 * not read.
 */
static bool
parse_without_id(struct span body, struct arena *a, struct authres *out)
{
	struct scan s = scan_of(body);
	struct buf b = BUF(a);
	struct span part, method;

	buf_char(&b, '-'); /* for the id */
	while (!scan_end(&s)) {
		if (!scan_part(&s, a, &part))
			return false;
		if (scan_end(&s) && !span_trim(part).len)
			break;
		if (!begins_result(part, &method))
			return false;
		if (!is_method(method))
			continue;
		buf_char(&b, ';');
		buf_add(&b, part);
	}
	return authres_parse(buf_span(&b), a, out);
}

/*
 * RFC 8601 2.5, 5: the id, whole. Who removes forged fields reads widely
 * (authres_bears_id), who trusts reads narrowly: IDNA's mappings, by which
 * "m<soft hyphen>x" is "mx", are not for this host to write.
 */
static bool
is_id(struct span id, struct span ours, struct arena *a)
{
	if (span_empty(ours) || !span_eq(domain_normal_id(id, a), ours))
		return false;
	return span_is_ascii(id) || span_caseeq(id, domain_display(ours, a));
}

/* Is the field trusted? Not with a blank before the colon (RFC 5322 4.5.8), by
 * which others may have overlooked it. */
static bool
parse_trusted(const struct identity_policy *policy, const struct field *f,
    struct arena *a, struct authres *out)
{
	if (f->raw.p[f->name.len] != ':')
		return false;
	if (policy->trust == IDENTITY_TOPMOST)
		return authres_parse(f->body, a, out) ||
		    parse_without_id(f->body, a, out);
	return authres_parse(f->body, a, out) &&
	    is_id(out->id, policy->trusted_id, a);
}

/* Is the field one that others, or the topmost of theirs, stand in for? What
 * cannot be parsed is the topmost: a sender whose name is in it must not make
 * the next one that. */
static bool
is_unread(const struct identity_policy *policy, const struct field *f,
    struct arena *a)
{
	struct authres ar;

	return policy->unread_id.p && authres_parse(f->body, a, &ar) &&
	    span_eq(domain_normal_id(ar.id, a), policy->unread_id);
}

/* Memory that is needed for one field is given back: a header has room for
 * many results. */
static void
take_fields(const struct identity_job *job, struct identities *out)
{
	const struct message *m = job->m;
	struct arena *scratch = arena_new();
	struct authres ar;

	for (size_t i = 0; i < m->fields; i++) {
		if (!authres_is_name(m->field[i].name))
			continue;
		arena_reset(scratch);
		if (is_unread(&job->policy, &m->field[i], scratch))
			continue;
		/* RFC 8601 2.2: another version is none that we can read. */
		if (parse_trusted(&job->policy, &m->field[i], scratch, &ar) &&
		    ar.version == 1)
			for (size_t k = 0; k < ar.results; k++)
				take(job, &ar.result[k], out);
		if (job->policy.trust == IDENTITY_TOPMOST)
			break;
	}
	arena_free(scratch);
}

/*
 * The face.
 */

struct identity_job *
identity_begin(const struct message *m, const struct envelope *envelope,
    struct dns *dns, const struct identity_policy *policy,
    struct sink *const **sinks, size_t *n)
{
	struct identity_job *job = ARENA_NEW(m->arena, struct identity_job);

	*job = (struct identity_job){.m = m,
	    .arena = m->arena,
	    .envelope = *envelope,
	    .dns = dns,
	    .policy = *policy};
	*sinks = NULL;
	*n = 0;
	if (policy->trust == IDENTITY_JUDGE)
		begin_judging(job, sinks, n);
	return job;
}

static size_t
expect(const struct identity_job *job, bool agents, struct span *list)
{
	const struct span sender = job->envelope.sender;
	size_t n = 0;

	for (size_t i = 1; job->dkim && i <= LIMIT_SIGNATURES; i++) {
		const struct dkim_signature *s =
		    dkim_verify_signature(job->dkim, i);

		if (s)
			list[n++] = agents ? s->identity_domain : s->domain;
	}
	if (job->known && (!agents || !sender.p || sender.len))
		list[n++] = domain_normal(job->query.domain, job->arena);
	return n;
}

size_t
identity_expect(
    const struct identity_job *job, struct span list[static IDENTITY_EXPECTED])
{
	return expect(job, false, list);
}

size_t
identity_expect_agents(
    const struct identity_job *job, struct span list[static IDENTITY_EXPECTED])
{
	return expect(job, true, list);
}

void
identity_end(struct identity_job *job, struct identities *out)
{
	*out = (struct identities){.found = false};
	if (job->dkim)
		judge(job, out);
	else
		take_fields(job, out);
}
