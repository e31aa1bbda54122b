"""Evaluates DMARC with authheaders, which asks by dnspython.

	dmarc-authheaders.py PORT SUFFIXES LIST OLD WALK

SUFFIXES: a public suffix list. LIST has lines FILE, author, results, as
tests/data/dmarc/cases.tsv has them; FILE is the message. Asks 127.0.0.1 at
PORT. Writes a line for each to the file OLD, as by RFC 7489, and to the file
WALK, as by a draft of RFC 9989: result, policy ("-": none), domain whose record
applies ("none", or "-": not told), and the words of an error. It takes one
result of SPF and of DKIM: the first that passed.
"""
import inspect
import sys
import types
import warnings

warnings.simplefilter('ignore')

import authheaders  # noqa: E402
import authheaders.dmarc_lookup  # noqa: E402
from authres import (  # noqa: E402
    DKIMAuthenticationResult, SPFAuthenticationResult)

from common import ask_only, octets, rows  # noqa: E402


def use_suffixes(path):
    """Up to 0.15 a function has the path, later a module of that package."""
    authheaders.dmarc_lookup.get_suffix_list_file_name = lambda: path
    sys.modules['authheaders.findpsl'] = types.SimpleNamespace(location=path)


def walks_for_messages():
    """As of 0.16."""
    return 'dmarcbis' in inspect.signature(authheaders.check_dmarc).parameters


def results_of(text):
    """SPF's and DKIM's, or None."""
    best = {}
    for given in [] if text == '-' else text.split(','):
        mechanism, rest = given.split('=', 1)
        result, domain = rest.split(':', 1)
        if mechanism not in best or best[mechanism][0] != 'pass':
            best[mechanism] = result, domain
    spf, dkim = best.get('spf'), best.get('dkim')
    return (spf and SPFAuthenticationResult(
                result=spf[0], smtp_mailfrom='user@' + spf[1]),
            dkim and DKIMAuthenticationResult(
                result=dkim[0], header_d=dkim[1]))


def judge_domain(domain, text, walks):
    result, _, _, policy = authheaders.dmarc_per_from(
        domain, *results_of(text), dmarcbis=walks)
    found = authheaders.dmarc_per_from(domain, dmarcbis=walks, policy_only=True)
    where = (found[1] or domain) if result != 'none' else 'none'
    return result, policy or '-', where


def judge_message(path, text, **walk):
    found = authheaders.check_dmarc(octets(path), *results_of(text), **walk)
    return found.result, getattr(found, 'policy', '') or '-', '-'


def judge(name, author, text, walks):
    try:
        if ':' not in author:
            return *judge_domain(author, text, walks), '-'
        if not walks:
            return *judge_message(name, text), '-'
        if walks_for_messages():
            return *judge_message(name, text, dmarcbis=True), '-'
        return 'skipped', '-', '-', '-'
    except Exception as error:  # it lets many of its own through
        return 'crash', '-', '-', '%s: %s' % (type(error).__name__, error)


def main(port, suffixes, path, old, walk):
    ask_only(port)
    use_suffixes(suffixes)
    for output, walks in (old, False), (walk, True):
        with open(output, 'w') as file:
            for row in rows(path):
                *columns, words = judge(*row, walks)
                print(*columns, ascii(words)[1:-1], sep='\t', file=file)


main(*sys.argv[1:])
