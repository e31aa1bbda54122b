/* failure: failure reports, field by field. */
/* SPDX-License-Identifier: ISC */

#include "report/failure.h"

#include "base/buf.h"
#include "base/domain.h"
#include "mail/field.h"
#include "mail/mime.h"
#include "mail/received.h"

/* A body without its line ends, comments and blanks at both ends. */
static struct span
without_comments(struct span body, struct arena *a)
{
	struct buf b = BUF(a);
	unsigned depth = 0;

	for (size_t i = 0; i < body.len; i++) {
		char c = body.p[i];

		if (c == '(')
			depth++;
		else if (c == ')' && depth)
			depth--;
		else if (!depth && c != '\r' && c != '\n')
			buf_char(&b, c);
	}
	return span_trim(buf_span(&b));
}

/*
 * Values. Each function sets what it can read.
 */

static void
set_word(struct span *word, struct span body, struct arena *a)
{
	struct span text = without_comments(body, a);

	*word = text.len ? arena_lower(a, text) : SPAN_NONE;
}

static void
set_text(struct span *to, struct span body, struct arena *a)
{
	struct span text = without_comments(body, a);

	*to = text.len ? text : SPAN_NONE;
}

static void
set_domain(struct span *domain, struct span body, struct arena *a)
{
	struct span text = without_comments(body, a),
		    normal = domain_normal(text, a);

	*domain = normal.p ? normal : text.len ? text : SPAN_NONE;
}

/* RFC 6591 3.1 has an address as RFC 5321 4.1.3 writes it, without brackets;
 * some add them, and the tag. */
static void
set_address(struct failure *f, struct span body, struct arena *a)
{
	struct span text = without_comments(body, a);
	char usual[IP_TEXT];

	if (text.len > 2 && text.p[0] == '[' && text.p[text.len - 1] == ']')
		text = span_upto(span_from(text, 1), text.len - 2);
	if (span_casestarts(text, SPAN("IPv6:")))
		text = span_from(text, 5);
	f->has_ip = ip_parse(text, &f->ip);
	if (f->has_ip)
		text = arena_span(a, span_of(ip_text(&f->ip, usual)));
	f->source_ip = text.len ? text : SPAN_NONE;
}

/* RFC 5965 3.2: a reverse-path. Its local part can have what looks like a
 * comment. */
static void
set_path(struct span *path, struct span body)
{
	struct span text = span_trim(body);

	if (text.len > 1 && text.p[0] == '<' && text.p[text.len - 1] == '>')
		text = span_upto(span_from(text, 1), text.len - 2);
	else if (!text.len)
		text = SPAN_NONE;
	*path = text;
}

/* RFC 9991 4: a list with CFWS anywhere. */
static void
set_list(struct span *list, struct span body, struct arena *a)
{
	struct span rest = without_comments(body, a);
	struct buf b = BUF(a);

	while (rest.p) {
		struct span word = span_trim(span_cut(&rest, ','));

		if (word.len && b.len)
			buf_char(&b, ',');
		buf_add(&b, arena_lower(a, word));
	}
	*list = b.len ? buf_span(&b) : SPAN_NONE;
}

static void
set_date(struct failure *f, struct span body)
{
	f->has_arrival = received_date(span_trim(body), &f->arrival_date);
}

/*
 * The fields of a feedback report.
 */

enum failure_field {
	FIELD_FEEDBACK_TYPE,
	FIELD_AUTH_FAILURE,
	FIELD_SOURCE_IP,
	FIELD_REPORTED_DOMAIN,
	FIELD_DKIM_DOMAIN,
	FIELD_DKIM_SELECTOR,
	FIELD_ORIGINAL_MAIL_FROM,
	FIELD_ARRIVAL_DATE,
	FIELD_RECEIVED_DATE,
	FIELD_IDENTITY_ALIGNMENT,
	FIELD_DELIVERY_RESULT,
	FIELD_INCIDENTS,
	FIELD_COUNT
};

/* RFC 5965 3.1 and 3.2 (7.3: Received-Date is the old name of Arrival-Date),
 * RFC 6591 3.1 and 3.2, RFC 9991 4. */
static const struct span names[FIELD_COUNT] = {
    [FIELD_FEEDBACK_TYPE] = {"Feedback-Type", 13},
    [FIELD_AUTH_FAILURE] = {"Auth-Failure", 12},
    [FIELD_SOURCE_IP] = {"Source-IP", 9},
    [FIELD_REPORTED_DOMAIN] = {"Reported-Domain", 15},
    [FIELD_DKIM_DOMAIN] = {"DKIM-Domain", 11},
    [FIELD_DKIM_SELECTOR] = {"DKIM-Selector", 13},
    [FIELD_ORIGINAL_MAIL_FROM] = {"Original-Mail-From", 18},
    [FIELD_ARRIVAL_DATE] = {"Arrival-Date", 12},
    [FIELD_RECEIVED_DATE] = {"Received-Date", 13},
    [FIELD_IDENTITY_ALIGNMENT] = {"Identity-Alignment", 18},
    [FIELD_DELIVERY_RESULT] = {"Delivery-Result", 15},
    [FIELD_INCIDENTS] = {"Incidents", 9},
};

static void
set_incidents(struct failure *f, struct span body, struct arena *a)
{
	uint64_t n;

	if (span_number(without_comments(body, a), UINT32_MAX, &n) && n)
		f->incidents = n;
}

static void
set(struct failure *f, enum failure_field field, struct span body,
    struct arena *a)
{
	switch (field) {
	case FIELD_FEEDBACK_TYPE:
		set_word(&f->feedback_type, body, a);
		return;
	case FIELD_AUTH_FAILURE:
		set_word(&f->auth_failure, body, a);
		return;
	case FIELD_SOURCE_IP:
		set_address(f, body, a);
		return;
	case FIELD_REPORTED_DOMAIN:
		set_domain(&f->reported_domain, body, a);
		return;
	case FIELD_DKIM_DOMAIN:
		set_domain(&f->dkim_domain, body, a);
		return;
	case FIELD_DKIM_SELECTOR:
		set_text(&f->dkim_selector, body, a);
		return;
	case FIELD_ORIGINAL_MAIL_FROM:
		set_path(&f->original_mail_from, body);
		return;
	case FIELD_ARRIVAL_DATE:
	case FIELD_RECEIVED_DATE:
		set_date(f, body);
		return;
	case FIELD_IDENTITY_ALIGNMENT:
		set_list(&f->identity_alignment, body, a);
		return;
	case FIELD_DELIVERY_RESULT:
		set_word(&f->delivery_result, body, a);
		return;
	case FIELD_INCIDENTS:
		set_incidents(f, body, a);
		return;
	case FIELD_COUNT:
		return;
	}
}

/* Blank lines before the fields are skipped: Netease's are. */
static struct span
without_blank_lines(struct span s)
{
	size_t n;

	while ((n = field_line_length(s)) && !span_trim(span_upto(s, n)).len)
		s = span_from(s, n);
	return s;
}

bool
failure_read(struct failure *f, struct span octets, struct arena *a)
{
	bool found = false;

	*f = (struct failure){.incidents = 1};
	octets = without_blank_lines(octets);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		struct span body = mime_field(octets, names[i]);

		if (!body.p || (i == FIELD_RECEIVED_DATE && f->has_arrival))
			continue;
		set(f, (enum failure_field)i, body, a);
		found = true;
	}
	return found;
}

/*
 * Exim's text.
 */

/* Sets the value of a line "Name: value", whose name is given in any case, and
 * returns whether it is one. */
static bool
is_line(struct span line, struct span name, struct span *value)
{
	struct span rest = line, before = span_trim(span_cut(&rest, ':'));

	if (!rest.p || !span_caseeq(before, name))
		return false;
	*value = span_trim(rest);
	return true;
}

/* Adds a mechanism that is not aligned to a list. */
static void
add_unaligned(struct buf *list, struct span value, const char *mechanism)
{
	if (!span_caseeq(value, SPAN("no")))
		return;
	if (list->len)
		buf_char(list, ',');
	buf_str(list, mechanism);
}

static void
set_line(struct failure *f, struct span line, struct buf *unaligned,
    bool *alignment, struct arena *a)
{
	struct span value;

	if (is_line(line, SPAN("Sender Domain"), &value)) {
		set_domain(&f->reported_domain, value, a);
	} else if (is_line(line, SPAN("Sender IP Address"), &value)) {
		set_address(f, value, a);
	} else if (is_line(line, SPAN("Received Date"), &value)) {
		set_date(f, value);
	} else if (is_line(line, SPAN("DKIM Alignment"), &value)) {
		*alignment = true;
		add_unaligned(unaligned, value, "dkim");
	} else if (is_line(line, SPAN("SPF Alignment"), &value)) {
		*alignment = true;
		add_unaligned(unaligned, value, "spf");
	}
}

bool
failure_read_text(struct failure *f, struct span text, struct arena *a)
{
	struct buf unaligned = BUF(a);
	bool alignment = false;

	*f = (struct failure){.incidents = 1};
	while (text.p) {
		struct span line = span_cut(&text, '\n');

		if (span_starts(line, SPAN("------"))) /* the quoted header */
			break;
		set_line(f, line, &unaligned, &alignment, a);
	}
	if (!f->reported_domain.p || !f->has_ip)
		return false;
	f->auth_failure = SPAN("dmarc");
	if (alignment)
		f->identity_alignment =
		    unaligned.len ? buf_span(&unaligned) : SPAN("none");
	return true;
}
