#include "cli.h"

#include <errno.h>
#include <string.h>

#include "die.h"
#include "limit.h"

static struct cli_list servers, zones, sets;
static const char *log_path;
static FILE *log_file;
static const char *timeout;

const struct cli_option cli_dns_options[] = {
    {"nameserver", 'n', CLI_LIST, &servers, "ADDR[#PORT]",
	"ask this DNS server (repeatable)"},
    {"zone", 'z', CLI_LIST, &zones, "FILE",
	"answer from this zone file alone, offline (repeatable)"},
    {"set", 0, CLI_LIST, &sets, "'NAME TYPE DATA'",
	"what if the DNS had this record (repeatable)"},
    {"dns-log", 0, CLI_STRING, &log_path, "FILE",
	"write all DNS answers as a zone file"},
    {"timeout", 0, CLI_STRING, &timeout, "SECONDS",
	"for all DNS work on one message (default 20)"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

bool
cli_dns_given(void)
{
	return servers.items || zones.items || sets.items || log_path ||
	    timeout;
}

struct dns *
cli_dns_open(struct arena *a)
{
	struct dns_config config = {.servers = servers.item,
	    .nservers = servers.items,
	    .zones = zones.item,
	    .nzones = zones.items,
	    .sets = sets.item,
	    .nsets = sets.items,
	    .timeout = LIMIT_DNS_TIMEOUT};
	struct span error;
	struct dns *d;
	int status;

	if (timeout)
		config.timeout = (double)cli_duration("timeout", timeout);
	if (log_path && !(log_file = fopen(log_path, "we")))
		die(EX_NOINPUT, "%s: %s", log_path, strerror(errno));
	config.log = log_file;
	d = dns_new(&config, a, &error, &status);
	if (!d)
		die(status, SPAN_FMT, SPAN_ARG(error));
	return d;
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
