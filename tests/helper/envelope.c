/* envelope: prints the envelopes that envelope_find() takes from messages. */
/* SPDX-License-Identifier: ISC */

/*
 *	envelope [RECEIVED-BY RELAYS FILE]...
 *
 * Prints for each message, separated by tabs, the IP address, HELO and MAIL
 * FROM, each "-" if it is not known. RELAYS are networks separated by commas,
 * or "-".
 */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/domain.h"
#include "mail/envelope.h"

static bool
parse_relays(const char *arg, struct envelope_trust *trust, struct arena *a)
{
	struct span rest = strcmp(arg, "-") ? span_of(arg) : SPAN_NONE;
	struct ip_network *list = NULL;

	while (rest.p) {
		if (!ip_parse_network(span_cut(&rest, ','),
			ARENA_PUSH(a, list, trust->nrelays)))
			return false;
	}
	trust->relays = list;
	return true;
}

static void
add_column(struct buf *row, struct span s)
{
	if (row->len)
		buf_char(row, '\t');
	if (!s.p)
		buf_char(row, '-');
	else
		buf_escaped(row, s);
}

static void
print_row(const struct envelope *e, struct arena *a)
{
	struct buf row = BUF(a);
	char text[IP_TEXT];
	struct span ip = e->has_ip ? span_of(ip_text(&e->ip, text)) : SPAN_NONE;
	struct span sender = e->sender;

	if (sender.p && !sender.len)
		sender = SPAN("<>");
	add_column(&row, ip);
	add_column(&row, e->helo);
	add_column(&row, sender);
	printf(SPAN_FMT "\n", SPAN_ARG(buf_span(&row)));
}

static int
run(char **arg, struct arena *a)
{
	struct envelope_trust trust = {
	    .received_by = domain_normal_id(span_of(arg[0]), a)};
	struct envelope e = {.has_ip = false};
	struct message m;
	struct source source;
	int fd = open(arg[2], O_RDONLY | O_CLOEXEC);

	if (!parse_relays(arg[1], &trust, a))
		return 64;
	if (fd < 0 || source_init(&source, fd) < 0 ||
	    message_read(&m, &source, a) != MESSAGE_OK)
		return 1;
	envelope_find(&e, &m, &trust, a);
	print_row(&e, a);
	close(fd);
	return 0;
}

int
main(int argc, char **argv)
{
	int status = 0;

	for (int i = 1; i + 2 < argc && status == 0; i += 3) {
		struct arena *a = arena_new();

		status = run(argv + i, a);
		arena_free(a);
	}
	return fflush(stdout) == 0 ? status : 1;
}
