/* reader_mail: the parts of a mail, and failure reports in them. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/ascii.h"
#include "report/reader_internal.h"

static struct reader_stream *
of_visitor(struct mime_visitor *visitor)
{
	return ((struct reader_mail *)visitor)->of;
}

/* The mail that the handler is told of is the outermost one. */
static bool
is_outermost(const struct reader_stream *s)
{
	return s->of->nmails == 1;
}

/*
 * What claims to be a report.
 */

/* RFC 9990 3.5.1: %s"Report" 1*FWS %s"Domain:". */
static bool
subject_claims(struct span header, struct arena *a)
{
	struct span text = mime_field(header, SPAN("Subject"));

	text = span_trim(text);
	if (!span_starts(text, SPAN("Report")) &&
	    !span_starts(text, SPAN("=?")))
		return false;
	arena_reset(a);
	text = span_trim(mime_text(text, a));
	if (!span_starts(text, SPAN("Report")))
		return false;
	text = span_from(text, 6);
	return text.len && ascii_is_wsp(*text.p) &&
	    span_starts(span_trim(text), SPAN("Domain:"));
}

/* RFC 9990 3.5.2: receiver "!" policy-domain "!" begin "!" end. */
static bool
name_claims(struct span name)
{
	size_t n = span_find(name, '!');

	return n < name.len &&
	    span_find(span_from(name, n + 1), '!') < name.len - n - 1;
}

static bool
is_feedback_multipart(const struct mime_part *part)
{
	return span_eq(part->type, SPAN("multipart/report")) &&
	    span_caseeq(mime_parameter(part, SPAN("report-type")),
		SPAN("feedback-report"));
}

/* Is a part a message, or the header of one? */
static bool
is_message(const struct mime_part *part)
{
	return part->kind == MIME_MESSAGE ||
	    span_eq(part->type, SPAN("message/rfc822")) ||
	    span_eq(part->type, SPAN("message/global")) ||
	    span_eq(part->type, SPAN("message/global-headers")) ||
	    span_eq(part->type, SPAN("text/rfc822-headers"));
}

static void
set_container(struct reader_stream *s, const struct mime_part *part)
{
	static const struct reader_container none;
	const struct mime_part *parent = part->parent;
	const struct reader_container *in =
	    parent ? &s->containers[parent->depth] : &none;
	struct reader_container *c = &s->containers[part->depth];

	*c = (struct reader_container){.claims = in->claims};
	c->is_report = span_eq(part->type, SPAN("multipart/report"));
	c->quoted =
	    in->quoted || (is_message(part) && (in->is_report || in->feedback));
	if (c->quoted)
		return;
	if (is_feedback_multipart(part) ||
	    ((!parent || parent->kind == MIME_MESSAGE) &&
		subject_claims(part->header, s->of->arena)))
		c->claims = true;
	s->mail_claims |= c->claims;
}

/*
 * Octets that are read as a whole.
 */

static void
capture_put(struct sink *self, const char *p, size_t n)
{
	struct reader_capture *c = (struct reader_capture *)self;
	size_t room = LIMIT_FEEDBACK - c->octets.len;

	c->too_large |= n > room;
	buf_add(&c->octets, (struct span){p, n < room ? n : room});
	if (c->to)
		sink_put(c->to, (struct span){p, n});
}

static void
capture_end(struct sink *self)
{
	struct reader_capture *c = (struct reader_capture *)self;

	if (c->to)
		sink_end(c->to);
}

static struct sink *
capture(struct reader_stream *s, struct reader_capture *c, struct sink *to)
{
	c->sink = (struct sink){capture_put, capture_end};
	c->octets.arena = s->of->captured;
	c->octets.len = 0;
	c->too_large = false;
	c->to = to;
	return &c->sink;
}

/*
 * Failure reports.
 */

static void
refuse(struct reader_stream *s, const char *id, const char *words)
{
	struct reader_problem problem = {.id = id, .words = span_of(words)};
	struct reader_stream *part = reader_level(s->of, s->level + 1);

	part->found = &s->mail_found;
	reader_refuse_now(part, &problem);
}

static void
tell_failure(struct reader_stream *s, const struct failure *f)
{
	struct reader *r = s->of;

	s->mail_found.report = true;
	reader_found_report(r);
	if (r->handler->failure)
		r->handler->failure(r->context, f);
}

static void
end_feedback(struct reader_stream *s, const struct mime_part *part)
{
	struct failure f;

	if (part->damage == MIME_CUT) {
		refuse(s, "bad-base64", "the feedback report is cut off");
		return;
	}
	if (s->feedback.too_large) {
		refuse(s, "too-large",
		    "the feedback report has more than 256 KiB");
		return;
	}
	arena_reset(s->of->arena);
	if (failure_read(&f, buf_span(&s->feedback.octets), s->of->arena))
		tell_failure(s, &f);
	else
		refuse(s, "not-a-report",
		    "the feedback report has none of the fields of one");
}

/* A multipart/report without a feedback report ended. Exim's is told by its
 * text. */
static void
end_report(struct reader_stream *s)
{
	struct failure f;

	arena_reset(s->of->arena);
	if (failure_read_text(&f, buf_span(&s->text.octets), s->of->arena))
		tell_failure(s, &f);
}

/*
 * Parts.
 */

/* Is a part of a message in the mail? */
static bool
is_nested(const struct mime_part *part)
{
	const struct mime_part *parent = part->parent;

	while (parent && parent->kind != MIME_MESSAGE)
		parent = parent->parent;
	return parent;
}

static void
set_place(struct reader_stream *s, const struct mime_part *part)
{
	if (!is_outermost(s))
		return;
	s->of->place.part = part->number;
	s->of->place.name = part->name;
	s->of->place.nested = is_nested(part);
}

/* The first part of a multipart/report is for people. */
static bool
is_report_text(const struct reader_stream *s, const struct mime_part *part)
{
	return part->parent && part->index == 1 &&
	    s->containers[part->parent->depth].is_report &&
	    span_eq(part->type, SPAN("text/plain"));
}

static bool
is_feedback(const struct mime_part *part)
{
	return span_eq(part->type, SPAN("message/feedback-report"));
}

static struct sink *
begin_leaf(struct reader_stream *s, const struct mime_part *part)
{
	struct reader_stream *in;
	struct sink *sink;

	set_place(s, part);
	if (is_feedback(part)) {
		if (part->parent)
			s->containers[part->parent->depth].feedback = true;
		s->mail_claims = true;
		return capture(s, &s->feedback, NULL);
	}
	in = reader_level(s->of, s->level + 1);
	in->found = &s->mail_found;
	in->claims_itself = name_claims(part->name);
	in->claims = in->claims_itself || s->containers[part->depth].claims;
	s->mail_claims |= in->claims;
	sink = reader_stream_begin(in);
	return is_report_text(s, part) ? capture(s, &s->text, sink) : sink;
}

static struct sink *
on_begin(struct mime_visitor *self, const struct mime_part *part)
{
	struct reader_stream *s = of_visitor(self);

	set_container(s, part);
	if (s->containers[part->depth].is_report)
		s->text.octets.len = 0;
	if (part->kind != MIME_LEAF || s->containers[part->depth].quoted)
		return NULL;
	return begin_leaf(s, part);
}

static void
end_leaf(struct reader_stream *s, const struct mime_part *part)
{
	static const struct reader_problem after = {
	    .id = "trailing-octets",
	    .words = {"octets follow the base64", 24},
	};
	struct reader_stream *in = reader_level(s->of, s->level + 1);
	struct reader_problem note = after;

	if (is_feedback(part)) {
		end_feedback(s, part);
		return;
	}
	note.offset = part->damage_at;
	if (part->damage == MIME_AFTER && in->has_report)
		reader_note(s->of, &note);
	reader_stream_end(in,
	    part->damage == MIME_CUT && part->encoding == MIME_BASE64,
	    part->damage_at);
}

static void
on_end(struct mime_visitor *self, const struct mime_part *part)
{
	struct reader_stream *s = of_visitor(self);
	const struct reader_container *c = &s->containers[part->depth];

	if (c->quoted)
		return;
	set_place(s, part);
	if (part->kind == MIME_LEAF)
		end_leaf(s, part);
	else if (c->is_report && !c->feedback)
		end_report(s);
}

struct sink *
reader_mail_begin(struct reader_stream *s)
{
	s->mail.visitor = (struct mime_visitor){on_begin, on_end};
	if (!s->mime)
		s->mime = mime_new();
	s->mail_found.report = s->mail_found.refused = s->mail_found.tls =
	    s->mail_found.mail = s->mail_found.unreadable = false;
	s->mail_found.candidate.problem.id = NULL;
	s->mail_claims = false;
	s->of->nmails++;
	return mime_begin(s->mime, &s->mail.visitor);
}

/*
 * The mail has ended.
 */

/* What was not walked, of a mail that claims to be a report or has some. */
static void
refuse_limits(struct reader_stream *s)
{
	struct mime_result result = mime_result(s->mime);

	if (!s->mail_claims && !s->mail_found.report)
		return;
	if (result.too_deep)
		refuse(s, "too-deep", "too many parts are in each other");
	if (result.too_many_parts)
		refuse(s, "too-many-parts", "the mail has over 10000 parts");
}

static bool
found_any(const struct reader_found *f)
{
	return f->report || f->refused || f->tls;
}

static void
refuse_claim(struct reader_stream *s)
{
	struct reader_kept *candidate = &s->mail_found.candidate;
	struct reader_place place = s->of->place;

	if (candidate->problem.id) {
		s->of->place = candidate->place;
		reader_refuse_now(
		    reader_level(s->of, s->level + 1), &candidate->problem);
		s->of->place = place;
	} else {
		refuse(s, "not-a-report",
		    "the mail claims to have a report, and has none");
	}
}

void
reader_mail_end(struct reader_stream *s)
{
	struct reader *r = s->of;
	struct reader_found *found = &s->mail_found;

	if (is_outermost(s)) {
		r->place.part = 0;
		r->place.name = SPAN_NONE;
	}
	refuse_limits(s);
	if (s->mail_claims && !found_any(found))
		refuse_claim(s);
	if (is_outermost(s) && found->unreadable)
		reader_skip(r, READER_SKIPPED_UNREADABLE);
	else if (is_outermost(s) && !found_any(found))
		reader_skip(r, READER_SKIPPED_MAIL);
	else if (is_outermost(s) && !found->report && !found->refused)
		reader_skip(r, READER_SKIPPED_TLS_REPORT);
	s->found->report |= found->report;
	s->found->refused |= found->refused;
	s->found->tls |= found->tls && r->nmails > 1;
	s->found->unreadable |= found->unreadable && r->nmails > 1;
	s->found->mail = true;
	r->nmails--;
}
