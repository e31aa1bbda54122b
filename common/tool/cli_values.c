/* cli_values: read the values of options: names, times, durations, files. */
/* SPDX-License-Identifier: ISC */

#include "tool/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/domain.h"
#include "base/file.h"
#include "base/nearest.h"
#include "mail/authres.h"
#include "mail/received.h"

struct span
cli_domain(const char *option, const char *text, struct arena *a)
{
	struct span name = domain_normal(span_of(text), a);

	if (text && !name.p)
		cli_usage("%s: not a domain: %s", option, text);
	return name;
}

struct span
cli_authserv_id(const char *text, struct arena *a)
{
	char host[256] = "";
	const char *id = text ? text : getenv("VOUCH_AUTHSERV_ID");

	if (!text && (!id || !*id)) {
		if (gethostname(host, sizeof(host) - 1) < 0 || !*host)
			die(EX_OSERR,
			    "this host has no name: give --authserv-id");
		id = host;
	}
	if (!authres_is_id(span_of(id), a))
		cli_usage("--authserv-id: not valid in a field: %s", id);
	return arena_span(a, span_of(id));
}

const struct ip_network *
cli_networks(
    const char *option, const struct cli_list *list, struct arena *a, size_t *n)
{
	struct ip_network *networks = NULL;

	*n = 0;
	for (size_t i = 0; i < list->nitems; i++) {
		struct span rest = span_of(list->items[i]);

		while (rest.p) {
			struct span item = span_trim(span_cut(&rest, ','));

			if (!ip_parse_network(
				item, ARENA_PUSH(a, networks, *n)))
				cli_usage("%s: not a list of networks: %s",
				    option, list->items[i]);
		}
	}
	return networks;
}

/* "a", "a or b", "a, b or c" */
static struct span
alternatives(const char *const *words, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; words[i]; i++) {
		if (i)
			buf_str(&b, words[i + 1] ? ", " : " or ");
		buf_str(&b, words[i]);
	}
	return buf_span(&b);
}

void
cli_no_choice(const char *option, struct span text, const char *const *words,
    struct arena *a)
{
	const char *near = nearest_of(text, words);

	if (near)
		cli_usage("%s: unknown value: " SPAN_FMT NEAREST_FMT, option,
		    SPAN_ARG(text), NEAREST_ARG(near));
	cli_usage("%s: not " SPAN_FMT ": " SPAN_FMT, option,
	    SPAN_ARG(alternatives(words, a)), SPAN_ARG(text));
}

size_t
cli_choice(const char *option, const char *text, const char *const *words,
    struct arena *a)
{
	size_t i = 0;

	while (words[i] && strcmp(text, words[i]))
		i++;
	if (!words[i])
		cli_no_choice(option, span_of(text), words, a);
	return i;
}

int64_t
cli_time(const char *text)
{
	int64_t seconds;

	if (!text)
		return time(NULL);
	if (!received_rfc3339(span_of(text), &seconds))
		cli_usage(
		    "--now: neither seconds nor an RFC 3339 time: %s", text);
	return seconds;
}

int64_t
cli_duration(const char *option, const char *text)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {
	    {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
	struct span s = span_of(text);
	int64_t factor = 1;
	uint64_t number;

	for (size_t i = 0; s.len && i < COUNT(units); i++)
		if (s.p[s.len - 1] == units[i].unit) {
			factor = units[i].seconds;
			s.len--;
			break;
		}
	if (!span_number(s, UINT64_C(1000000000), &number) || !number)
		cli_usage("--%s: not a duration: %s", option, text);
	return (int64_t)number * factor;
}

struct span
cli_file(const char *path, struct arena *a)
{
	struct span text = file_read(path, a);

	if (!text.p)
		die(EX_NOINPUT, "%s: %s", path, strerror(errno));
	return text;
}

struct span
cli_file_or_stdin(const char *path, struct arena *a)
{
	struct span text;

	if (strcmp(path, "-"))
		return cli_file(path, a);
	text = file_read_fd(0, a);
	if (!text.p)
		die(EX_IOERR, "stdin: %s", strerror(errno));
	return text;
}
