/* reader_start: what the first octets of a stream tell. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "mail/mbox.h"
#include "report/reader_internal.h"

/* The names that begin a TLS report (RFC 8460 4.4), of which some come first.
 * Nothing of DMARC is JSON. */
static const struct span tls_keys[] = {{"\"organization-name\"", 19},
    {"\"date-range\"", 12}, {"\"contact-info\"", 14}, {"\"report-id\"", 11},
    {"\"policies\"", 10}};

static enum reader_start
json_start(struct span s, bool all)
{
	for (size_t i = 0; i < COUNT(tls_keys); i++)
		if (span_casecontains(s, tls_keys[i]))
			return START_TLS;
	return all ? START_OTHER : START_MORE;
}

/* Most mails have HTML, which cannot be a report. */
static enum reader_start
xml_start(struct span s, bool all)
{
	static const struct span html[] = {
	    {"<html", 5}, {"<!doctype html", 14}};

	for (size_t i = 0; i < COUNT(html); i++) {
		if (span_casestarts(s, html[i]))
			return START_HTML;
		if (!all && span_casestarts(html[i], s))
			return START_MORE;
	}
	return START_XML;
}

/* A mail begins with a field, or a line of an mbox. That line tells whether it
 * is the one of an mbox only when it is whole. */
static enum reader_start
text_start(struct span s, bool all)
{
	size_t n = field_line_length(s);
	struct span line = n ? span_upto(s, n) : s;

	switch (field_classify(line)) {
	case FIELD_START:
		return START_MAIL;
	case FIELD_MBOX:
		if (!n && !all)
			return START_MORE;
		return mbox_is_one(s) ? START_MBOX : START_MAIL;
	default:
		break;
	}
	for (size_t i = 0; i < line.len; i++)
		if (!ascii_is_ftext(line.p[i]) && !ascii_is_wsp(line.p[i]))
			return START_OTHER;
	return n || all || line.len > LIMIT_LINE ? START_OTHER : START_MORE;
}

enum reader_start
reader_start(struct span first, bool all)
{
	struct span s = first;

	all = all || s.len >= READER_HELD;
	if (span_starts(s, SPAN("\xef\xbb\xbf")))
		s = span_from(s, 3);
	while (s.len && ascii_is_space(*s.p))
		s = span_from(s, 1);
	if (!s.len)
		return all ? START_OTHER : START_MORE;
	if (*s.p == '{')
		return json_start(s, all);
	if (*s.p == '<')
		return xml_start(s, all);
	return text_start(first, all);
}
