/* dkim-key: make, publish, check and rotate keys (RFC 6376, 8301, 8463). */
/* SPDX-License-Identifier: ISC */
/* Identifiers: KEY_FINDINGS */

#include "dkim-key.h"

#include "base/die.h"

void
die_of_key(const struct key_error *error)
{
	die(error->status, "%s: %s", error->file, error->words);
}

void
warn_exposed(
    const struct key_source *source, const struct key_exposure *exposed)
{
	if (exposed->key)
		warn("%s: %s", source->location, KEY_READABLE);
	if (exposed->password)
		warn("%s: %s", source->password_file, KEY_PASSWORD_READABLE);
}

int
main(int argc, char **argv)
{
	static const struct cli_tool help = {"COMMAND [OPTION...]",
	    "Makes, publishes, checks and rotates DKIM keys.",
	    {"dkim-key new -d example.org >>example.org.zone",
		"dkim-key show *.pem"},
	    "help version"};
	struct arena *a = cli_begin(argv[0]);
	const struct cli_command commands[] = {
	    command_new,
	    command_record,
	    command_check,
	    command_rotate,
	    command_show,
	    {NULL, NULL, NULL, NULL},
	};

	return cli_run_command(argc, argv, &help, commands, a);
}
