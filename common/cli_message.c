#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "mailbox.h"

void
cli_read_message(
    struct message *m, struct source *source, bool allow_large, struct arena *a)
{
	if (isatty(0))
		cli_usage("stdin is a terminal: a message is expected there");
	if (source_init(source, 0) < 0)
		die(EX_IOERR, "stdin: %s", strerror(errno));
	switch (message_read(m, source, a)) {
	case MESSAGE_OK:
		return;
	case MESSAGE_EMPTY:
		die(EX_DATAERR, "the input is empty");
	case MESSAGE_NO_FIELD:
		die(EX_DATAERR,
		    "the input is no message: it does not begin with a field");
	case MESSAGE_TOO_LARGE:
		if (allow_large)
			return;
		die(EX_DATAERR,
		    "header-too-large: the header is over 8 MiB "
		    "or 100000 fields");
	case MESSAGE_READ:
		break;
	}
	die(EX_IOERR, "stdin: %s", strerror(errno));
}

void
cli_read_body(struct message *m, struct sink *const *sinks, size_t n, bool keep)
{
	if (message_body(m, sinks, n, keep) < 0)
		die(EX_IOERR, "cannot read or keep the message: %s",
		    strerror(errno));
}

void
cli_put_message(
    struct message *m, struct span added, struct sink *out, struct sink *strip)
{
	if (message_write(m, added, out, strip) < 0)
		die(EX_IOERR, "%s",
		    errno == ESTALE
			? "stdin: the file changed while it was read"
			: strerror(errno));
}

void
cli_write_message(struct message *m, struct span added, bool header_only)
{
	struct sink_file out = sink_to_file(stdout);

	if (header_only)
		sink_put(&out.sink, added);
	else
		cli_put_message(m, added, &out.sink, NULL);
	message_free(m);
	cli_close_stdout();
	exit(0);
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

struct span
cli_author_domain(const struct message *m, const char **why)
{
	const struct field *from = message_lowest(m, SPAN("From"));
	struct span domain = SPAN_NONE;

	if (!from)
		*why = "there is no From field";
	else if (message_above(m, from))
		*why = "there are several From fields";
	else
		*why = parse_from(from, m->arena, &domain);
	return domain;
}
