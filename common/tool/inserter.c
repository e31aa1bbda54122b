/* inserter: read a message, write it with an added field on top. */
/* SPDX-License-Identifier: ISC */

#include "tool/inserter.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/domain.h"
#include "mail/mailbox.h"
#include "tool/output.h"

static bool annotate, header_only, no_warnings;

const struct cli_option inserter_options[] = {
    {"annotate", 'a', CLI_FLAG, &annotate, NULL,
	"write the message with the added fields (default)"},
    {"header", 'H', CLI_FLAG, &header_only, NULL,
	"write only the added fields"},
    {"verbose", 'v', CLI_FLAG, &cli_verbose, NULL,
	"explain on stderr what was chosen, and why"},
    {"no-warnings", 0, CLI_FLAG, &no_warnings, NULL,
	"write no warnings on stderr"},
    {"quiet", 'q', CLI_REFUSED, NULL, NULL,
	"an inserter always writes the message; --no-warnings leaves out the "
	"warnings"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

bool
inserter_header_only(void)
{
	return header_only;
}

bool
inserter_has_warnings(void)
{
	return !no_warnings;
}

void
inserter_warn(const char *format, ...)
{
	va_list list;

	if (no_warnings)
		return;
	va_start(list, format);
	warn_list(format, list);
	va_end(list);
}

void
inserter_explain(struct span line)
{
	if (cli_verbose)
		warn_detail(line);
}

void
inserter_explain_dns(const struct dns *dns, struct arena *a)
{
	const struct screen to = screen_of(stderr);

	if (cli_verbose)
		output_dns(&to, dns, a);
}

void
inserter_check(bool queries, const char *option)
{
	cli_require(!annotate || !header_only, "at most one of -a and -H");
	if (cli_dns_given() && !queries)
		cli_usage("DNS options need %s", option);
}

struct span
inserter_domain(const char *text, struct arena *a)
{
	struct span name = domain_normal(span_of(text), a);

	if (text && !name.p)
		cli_usage("-d: not a domain name: %s", text);
	if (text && domain_labels(name) < 2)
		cli_usage("-d: a domain of two labels or more is needed (RFC "
			  "6376 3.5): %s",
		    text);
	return name;
}

void
inserter_one_label(bool refuse, const char *words, struct span domain)
{
	if (refuse)
		die(EX_DATAERR, "one-label: %s: " SPAN_FMT, words,
		    SPAN_ARG(domain));
	inserter_warn("one-label: %s: " SPAN_FMT, words, SPAN_ARG(domain));
}

static const char *
parse_from(const struct field *from, struct arena *a, struct span *domain)
{
	struct mailbox *list;
	size_t n;

	switch (mailbox_parse_list(from->body, 2, a, &list, &n)) {
	case MAILBOX_OK:
		break;
	case MAILBOX_TOO_MANY:
		return "the From field has several addresses";
	case MAILBOX_NONE:
		return "the From field has no address";
	case MAILBOX_SYNTAX:
	case MAILBOX_DOMAIN:
		return "the From field cannot be parsed";
	}
	if (n > 1 && !span_eq(list[0].domain, list[1].domain))
		return "the From field has several addresses";
	*domain = list[0].domain;
	return NULL;
}

static void
find_author(struct inserter *in)
{
	const struct field *from = message_lowest(&in->m, SPAN("From"));

	in->author = SPAN_NONE;
	if (!from)
		in->why = "there is no From field";
	else if (message_above(&in->m, from))
		in->why = "there are several From fields";
	else
		in->why = parse_from(from, in->m.arena, &in->author);
}

void
inserter_read(struct inserter *in, struct arena *a)
{
	cli_read_message(&in->m, &in->source, false, a);
	find_author(in);
}

void
inserter_body(struct inserter *in, struct sink *const *sinks, size_t n)
{
	cli_read_body(&in->m, sinks, n, !header_only);
}

void
inserter_write(struct inserter *in, struct span added)
{
	struct sink_file out = sink_to_file(stdout);

	if (header_only)
		sink_put(&out.sink, added);
	else
		cli_put_message(&in->m, added, &out.sink, NULL);
	message_free(&in->m);
	cli_close_stdout();
	exit(0);
}
