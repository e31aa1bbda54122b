/* cli_dns: the DNS options, and the resolver that they describe. */
/* SPDX-License-Identifier: ISC */

#include "tool/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/limit.h"

static struct cli_list servers, zones, sets;
static const char *log_path;
static bool log_appends;
static FILE *log_file;
static const char *timeout;

const struct cli_option cli_dns_options[] = {
    {"nameserver", 'n', CLI_LIST, &servers, "ADDR[#PORT]",
	"query this DNS server (repeatable)"},
    {"zone", 'z', CLI_LIST, &zones, "FILE",
	"answer all DNS queries from zone file FILE (repeatable)"},
    {"set", 0, CLI_LIST, &sets, "'NAME TYPE DATA'",
	"act as if the DNS had this record (repeatable)"},
    {"dns-log", 0, CLI_STRING, &log_path, "[+]FILE",
	"write the DNS answers used to FILE, as a zone (+: append)"},
    {"timeout", 0, CLI_STRING, &timeout, "SECONDS",
	"time for all DNS queries of a message (default 20)"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

bool
cli_dns_given(void)
{
	return servers.nitems || zones.nitems || sets.nitems || log_path ||
	    timeout;
}

bool
cli_dns_is_named(void)
{
	return servers.nitems || zones.nitems;
}

const char *
cli_dns_zone(void)
{
	return zones.nitems ? zones.items[0] : NULL;
}

/* Makes what is appended begin on a new line. */
static void
end_last_line(void)
{
	struct stat st;
	char last = '\n';

	if (fstat(fileno(log_file), &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size && pread(fileno(log_file), &last, 1, st.st_size - 1) < 0)
		die(EX_IOERR, "%s: %s", log_path, strerror(errno));
	if (last != '\n')
		fputc('\n', log_file);
}

/* Opens --dns-log, but does not yet empty it: the same file may be a --zone
 * that is still to be read. */
static void
open_log(void)
{
	int mode = O_WRONLY, fd;

	if (!log_path)
		return;
	log_appends = log_path[0] == '+';
	if (log_appends) {
		log_path++;
		mode = O_RDWR | O_APPEND;
	}
	fd = open(log_path, mode | O_CREAT | O_CLOEXEC, 0666);
	log_file = fd < 0 ? NULL : fdopen(fd, log_appends ? "a" : "w");
	if (!log_file)
		die(EX_NOINPUT, "%s: %s", log_path, strerror(errno));
	if (log_appends)
		end_last_line();
}

/* Empties --dns-log if it is a regular file. */
static void
empty_log(void)
{
	struct stat st;

	if (log_file && !log_appends && fstat(fileno(log_file), &st) == 0 &&
	    S_ISREG(st.st_mode) && ftruncate(fileno(log_file), 0) < 0)
		die(EX_IOERR, "%s: %s", log_path, strerror(errno));
}

static double
seconds(void)
{
	return timeout ? (double)cli_duration("timeout", timeout)
		       : LIMIT_DNS_TIMEOUT;
}

struct dns *
cli_dns_open(struct arena *a)
{
	struct dns_config config = {.servers = servers.items,
	    .nservers = servers.nitems,
	    .zones = zones.items,
	    .nzones = zones.nitems,
	    .sets = sets.items,
	    .nsets = sets.nitems,
	    .timeout = seconds(),
	    .failed = warn_text};
	struct span error;
	struct dns *d;
	int status;

	open_log();
	config.log = log_file;
	d = dns_new(&config, a, &error, &status);
	if (!d && status == EX_USAGE)
		cli_usage(SPAN_FMT, SPAN_ARG(error));
	if (!d)
		die(status, SPAN_FMT, SPAN_ARG(error));
	empty_log();
	return d;
}

struct dns *
cli_dns_open_server(const char *server, struct arena *a)
{
	struct dns_config config = {.servers = &server,
	    .nservers = 1,
	    .sets = sets.items,
	    .nsets = sets.nitems,
	    .timeout = seconds()};
	struct span error;
	int status;

	return dns_new(&config, a, &error, &status);
}

void
cli_dns_close(struct dns *d)
{
	bool failed;

	dns_free(d);
	if (!log_file)
		return;
	failed = ferror(log_file);
	failed = fclose(log_file) != 0 || failed;
	log_file = NULL;
	if (failed)
		die(EX_IOERR, "%s: write error", log_path);
}
