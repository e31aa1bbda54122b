/* cli_message: read the message on stdin and write it, or end the program. */
/* SPDX-License-Identifier: ISC */

#include "tool/cli.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"

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
		die(EX_DATAERR, "the input is not a message: %s",
		    message_beginning(m));
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
