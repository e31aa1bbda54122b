/* check_options: read certifiers and --on-pass. */
/* SPDX-License-Identifier: ISC */

#include "check.h"

#include "base/ascii.h"
#include "base/die.h"
#include "base/limit.h"
#include "mail/fieldtext.h"

/*
 * Certifiers.
 */

static void
add_certifier(struct check *e, struct vbr_certifier c, struct arena *a)
{
	size_t *n = &e->policy.ncertifiers;

	for (size_t i = 0; i < *n; i++)
		if (span_eq(e->certifier[i].host, c.host) &&
		    e->certifier[i].by_address == c.by_address)
			return;
	*ARENA_PUSH(a, e->certifier, *n) = c;
	e->policy.certifiers = e->certifier;
}

/* A line without its comment, which begins with "#" at a word's beginning, as
 * in table.h. */
static struct span
without_comment(struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.p[i] == '#' && (!i || ascii_is_wsp(line.p[i - 1])))
			line.len = i;
	return span_trim(line);
}

/* Ends the program for a line that is not a certifier. */
static _Noreturn void
die_of_line(const char *path, size_t number, struct span line)
{
	const char *wrong = "neither HOST nor HOST/a";

	if (span_find(line, '\0') < line.len)
		die(EX_CONFIG, "%s:%zu: %s: a NUL character", path, number,
		    wrong);
	for (size_t i = 0; i < line.len; i++)
		if (ascii_is_space(line.p[i]))
			die(EX_CONFIG,
			    "%s:%zu: %s: several words, not one a line", path,
			    number, wrong);
	die(EX_CONFIG, "%s:%zu: %s: '" SPAN_FMT "'", path, number, wrong,
	    SPAN_ARG(line));
}

static void
add_file(struct check *e, const char *path, struct arena *a)
{
	struct span rest = cli_file(path, a);

	for (size_t number = 1; rest.p; number++) {
		struct span line = without_comment(span_cut(&rest, '\n'));
		struct vbr_certifier c;

		if (!line.len)
			continue;
		if (!vbr_certifier_parse(line, a, &c))
			die_of_line(path, number, line);
		add_certifier(e, c, a);
	}
}

void
check_add_certifiers(struct check *e, const struct cli_list *list,
    const char *file, struct arena *a)
{
	for (size_t i = 0; i < list->nitems; i++) {
		struct vbr_certifier c;

		if (!vbr_certifier_parse(span_of(list->items[i]), a, &c))
			cli_usage(
			    "-t: neither HOST nor HOST/a: %s", list->items[i]);
		add_certifier(e, c, a);
	}
	if (file)
		add_file(e, file, a);
}

/*
 * --on-pass.
 */

/* Fields that must not be removed (RFC 5322 3.6, RFC 2045, RFC 6376, RFC 8617,
 * RFC 8601, RFC 5518). A hyphen at the end matches all names that begin so. */
static const char *const reserved[] = {"Date", "From", "Sender", "Reply-To",
    "To", "Cc", "Bcc", "Message-ID", "In-Reply-To", "References", "Subject",
    "Comments", "Keywords", "Resent-", "Return-Path", "Received",
    "MIME-Version", "Content-", "DKIM-", "ARC-", "Authentication-Results",
    "VBR-Info"};

static bool
is_reserved(struct span name)
{
	for (size_t i = 0; i < COUNT(reserved); i++) {
		struct span r = span_of(reserved[i]);

		if (span_caseeq(name, r) ||
		    (r.p[r.len - 1] == '-' && span_casestarts(name, r)))
			return true;
	}
	return false;
}

static bool
is_all(struct span s, bool (*is)(char))
{
	for (size_t i = 0; i < s.len; i++)
		if (!is(s.p[i]))
			return false;
	return s.len > 0;
}

static bool
is_printable(char c)
{
	return c == ' ' || ascii_is_vchar(c);
}

struct span
check_set_on_pass(struct check *e, const char *text, struct arena *a)
{
	struct span value = span_of(text), name = span_cut(&value, ':');

	value = span_trim(value);
	if (!is_all(name, ascii_is_ftext) || !is_all(value, is_printable))
		cli_usage("--on-pass: not 'NAME: VALUE' in printable ASCII: %s",
		    text);
	if (!fieldtext_is_safe(value) || fieldtext_is_encoded(name))
		cli_usage("--on-pass: a reader could take it for an "
			  "encoded-word or a result: %s",
		    text);
	if (is_reserved(name))
		cli_usage(
		    "--on-pass: fields of this name must not be removed: %s",
		    text);
	e->on_pass = arena_printf(
	    a, SPAN_FMT ": " SPAN_FMT, SPAN_ARG(name), SPAN_ARG(value));
	if (e->on_pass.len > LIMIT_LINE)
		cli_usage("--on-pass: over 998 octets: %s", text);
	return name;
}
