"""Checks properties of the tools on generated messages.

	check.py DIRECTORY KEPT SEED COUNT [FIRST]

DIRECTORY has zone, and key.pem to sign with as selector s; messages on which a
property fails are kept in the folder KEPT. Prints "checked PROPERTY N",
"skipped READER" and, for each failure, "fail PROPERTY NUMBER TOOL: words".

Properties:
	judged		the output has the tool's field on top (spf-query:
			and a Received-SPF field), whatever the options that
			give the client contain
	encoded-word	the fields that a tool adds do not contain "=?"
	result		nor any text that reads as the pass of a method, other
			than results
	form		and are printable, in lines of at most 998 octets
	pass-through	the rest is unchanged, except that whole
			Authentication-Results fields are removed, and text
			after a CR that a reader takes for one; no part of the
			body becomes header
	others-stay	no field of another host is removed
	clean-twice	filtering the output again removes nothing more
	same-verdict	dmarc-eval has the same verdict for the output as for
			the input, unless a removed field was signed
	one-field	no reader sees another field with this host's id
	one-author	no reader sees an author of a pass that was not
			evaluated
"""
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import unicodedata

import generate
import readers

ID = generate.ID
COMMON = ['--authserv-id=' + ID, '--now=2026-11-20T12:00:00Z']
TOOLS = {
    'spf-query': ['--received-spf'],
    'dkim-verify': [],
    'dmarc-eval': [],
    'vbr-check': ['-t', 'certifier.example.net'],
}
METHODS = ['auth', 'dkim', 'dkim-adsp', 'dkim-atps', 'dmarc', 'domainkeys',
           'dnswl', 'iprev', 'rrvs', 'sender-id', 'smime', 'spf', 'vbr', 'arc']
CFWS = r'(?:\s|\([^()]*\))*'
RESULT = re.compile('(?:%s)%s=%spass' % ('|'.join(METHODS), CFWS, CFWS),
                    re.IGNORECASE)
NAME = re.compile(rb'[!-9;-~]+[ \t]*:')
MBOX = (b'From ', b'>From ')
READ = 64           # so many outputs are read at once


def without_results(field, tool):
    """Returns a field's text without the results that the tool may give."""
    mine = {'dmarc-eval': '|dmarc', 'vbr-check': '|vbr'}.get(tool, '')
    given = re.compile(r'(; *|;\r?\n\t)(spf|dkim%s)=pass(?=[\s;])' % mine)
    parts = re.split(r'("(?:[^"\\]|\\.)*")', field.decode('latin-1'))
    for i in range(0, len(parts), 2):
        parts[i] = given.sub(r'\1', parts[i])
    return ''.join(parts)


def is_plain(field):
    """Is a field visible UTF-8, in lines of at most 998 octets?"""
    try:
        text = re.sub('\r?\n', '\n', field.decode())
    except UnicodeDecodeError:
        return False
    return all(c in '\t\n' or unicodedata.category(c) not in ('Cc', 'Cf', 'Zs')
               or c == ' ' for c in text) and \
        max(len(line.rstrip(b'\r\n')) for line in split(field)) <= 998


class Filtered:
    """A filtered message: the added fields, and the rest."""

    def __init__(self, octets, fields):
        lines = split(octets)
        at = 0
        while at < len(lines) and lines[at].startswith(MBOX):
            at += 1
        self.mbox = b''.join(lines[:at])
        self.added = []
        while at < len(lines) and len(self.added) < fields:
            end = at + 1
            while end < len(lines) and lines[end][:1] in (b' ', b'\t'):
                end += 1
            field = b''.join(lines[at:end])
            wanted = (b'Authentication-Results: ' + ID.encode() + b';',
                      b'Received-SPF: ')[len(self.added)]
            if not field.startswith(wanted):
                break
            self.added.append(field)
            at = end
        self.rest = self.mbox + b''.join(lines[at:])


def fields_of(tool):
    return 2 if tool == 'spf-query' else 1


def split(octets):
    """Returns lines, each with its LF."""
    lines = octets.split(b'\n')
    return [line + b'\n' for line in lines[:-1]] + [lines[-1]] * bool(lines[-1])


def units(octets):
    """Returns (fields or lines of the header, the index of the one that ends it
    for the tools, the rest that no reader takes for header)."""
    lines = split(octets)
    crlf = lines[0].endswith(b'\r\n') if lines else False
    found, ours, mbox, i = [], None, True, 0
    while i < len(lines):
        line = lines[i]
        if line == b'\n' or (crlf and line == b'\r\n'):
            break
        end = i + 1
        while end < len(lines) and lines[end][:1] in (b' ', b'\t'):
            end += 1
        mbox = mbox and line.startswith(MBOX)
        if ours is None and not mbox and not NAME.match(line):
            ours = len(found)
        found.append(b''.join(lines[i:end]))
        i = end
    return found, len(found) if ours is None else ours, b''.join(lines[i:])


def looks_like(unit, name):
    """May a reader take a part of this for a field of that name?"""
    return any(re.sub('[^a-z-]', '', piece.lower()).startswith(name)
               for piece in re.split('[\r\n]', readers.text_of(unit)))


def removal(before, after):
    """Returns the removed units of a message by their indices, and the index of
    the unit that ended the header for the tools. Raises ValueError unless after
    is before without some of its fields, or parts of these that begin with a
    CR; or if the unit that ended the header was removed without a replacement.
    If no field is left above that unit, an empty line precedes it."""
    found, ours, tail = units(before)
    if after == before:
        return {}, ours
    try:
        gone = match(found, tail, after, None)
    except ValueError:
        try:
            return match(found, tail, after, ours), ours
        except ValueError:
            found.insert(ours, None)
            return match(found, tail, after, ours), ours
    if ours in gone and NAME.match(b''.join(
            unit for i, unit in enumerate(found) if i > ours and i not in gone)):
        raise ValueError('body became header: %r' % gone[ours][:200])
    return gone, ours


def match(found, tail, after, blank):
    """Compares units with the output. An empty line replaces the unit with the
    index blank, if any; a unit that is None is an added empty line."""
    gone, at = {}, 0
    for i, unit in enumerate(found):
        if unit is None:
            empty = re.compile(rb'\r?\n').match(after, at)
            if not empty or not all(j in gone or found[j].startswith(MBOX)
                                    for j in range(i)):
                raise ValueError('the header changed at octet %d' % at)
            at = empty.end()
            continue
        if after.startswith(unit, at):
            at += len(unit)
            continue
        if not looks_like(unit, 'authentication-results'):
            raise ValueError('a field changed: %r' % unit[:200])
        gone[i] = unit
        at += partly(unit, after, at)
        empty = re.compile(rb'\r?\n').match(after, at)
        if i == blank and empty:
            at = empty.end()
    if after[at:] != tail:
        raise ValueError('the body changed at octet %d' % at)
    return gone


def partly(unit, after, at):
    """Returns how many octets remain of a field after the removal of parts that
    begin with a CR."""
    pieces = re.split(rb'(?=\r(?!\n))', unit)
    end = re.search(rb'\r?\n$', unit)
    if len(pieces) < 2 or not after.startswith(pieces[0], at) or \
            looks_like(pieces[0], 'authentication-results'):
        return 0
    kept = len(pieces[0])
    for piece in pieces[1:]:
        if after.startswith(piece, at + kept):
            kept += len(piece)
    if end and after.startswith(end[0], at + kept) and \
            not after[:at + kept].endswith(b'\n'):
        kept += len(end[0])
    return kept


def verdicts(line):
    """Returns the part of an object that filtering a message must not change:
    all but the places of fields."""
    found = json.loads(line)
    for result in found.get('results', []):
        result.pop('where', None)
    return {name: found.get(name) for name in ('results', 'evaluations')}


def begins(path, octets):
    with open(path, 'rb') as file:
        return file.read(len(octets)) == octets


def objects(command, stdin=None):
    """Yields pairs of a file and its verdicts, as dmarc-eval -j prints them."""
    done = subprocess.run(command, stdin=stdin or subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=300)
    for line in done.stdout.decode('utf-8', 'replace').splitlines():
        if '"results"' in line:
            yield json.loads(line)['file'], verdicts(line)


class Checker:
    def __init__(self, directory, kept, seed):
        self.directory = directory
        self.kept = kept
        self.seed = seed
        self.zone = ['-z', os.path.join(directory, 'zone')]
        self.checked = collections.Counter()
        self.to_read = []       # messages, outputs and their verdicts
        self.readers, self.absent = readers.present()
        self.pool = concurrent.futures.ThreadPoolExecutor(4)
        self.maker = generate.Maker(seed, self.sign())

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def run(self, tool, options, octets):
        done = subprocess.run([tool] + COMMON + self.zone + options,
                              input=octets, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=60)
        return done.returncode, done.stdout

    def sign(self):
        """Returns signed cores: by the bank, and by the other domain."""
        signed = []
        for domain, from_ in [('bank', 'Bank <ceo@bank.example>'),
                              ('evil', 'x@evil.example'),
                              ('evil', '"ceo@bank.example" <x@evil.example>'),
                              ('bank', 'ceo@bank.example (x@evil.example)')]:
            for body in generate.BODIES[0:6:2]:
                fields = ['From: ' + from_, 'Subject: signed']
                text = '\n'.join(fields) + '\n\n' + body
                done = subprocess.run(
                    ['dkim-sign', '-H', '-d', domain + '.example', '-k',
                     's=' + self.path('key.pem'), COMMON[1],
                     '--sign-headers=From:Subject'],
                    input=generate.octets(text), check=True,
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                signature = done.stdout.decode('latin-1').replace('\r\n', '\n')
                signed.append(([signature.rstrip('\n')] + fields, body))
        return signed

    def fail(self, name, number, tool, words):
        os.makedirs(self.kept, exist_ok=True)
        path = os.path.join(self.kept, '%s-%d.eml' % (self.seed, number))
        with open(path, 'wb') as file:
            file.write(self.maker.message(number))
        print('fail %s %d %s: %s' % (name, number, tool, ascii(words)[1:600]),
              flush=True)

    # The properties.

    def our_fields(self, number, tool, fields):
        """In added fields the words of strangers remain text, to readers that
        decode and to readers that search for results anywhere."""
        self.checked['encoded-word'] += 1
        for field in fields:
            if b'=?' in field:
                self.fail('encoded-word', number, tool, field.decode('latin-1'))
        self.checked['result'] += 1
        for field in fields:
            if RESULT.search(without_results(field, tool)):
                self.fail('result', number, tool, field.decode('latin-1'))
        self.checked['form'] += 1
        for field in fields:
            if not is_plain(field):
                self.fail('form', number, tool, field.decode('latin-1'))

    def filtered(self, number, tool, octets, status, written):
        """The output is complete, with the tool's field on top; only fields
        that claim to be this host's are removed."""
        self.checked['judged'] += 1
        if status == 65 and not written:
            if self.is_message(octets):
                self.fail('judged', number, tool, 'no message')
            return None
        out = Filtered(written, fields_of(tool))
        if status != 0 or len(out.added) != fields_of(tool):
            self.fail('judged', number, tool, 'status %d, %d octets, %d fields'
                      % (status, len(written), len(out.added)))
            return None
        self.our_fields(number, tool, out.added)
        self.checked['pass-through'] += 1
        try:
            out.gone, out.ours = removal(octets, out.rest)
        except ValueError as error:
            self.fail('pass-through', number, tool, str(error))
            return None
        self.checked['others-stay'] += 1
        for unit in out.gone.values():
            for body in generate.OTHER_BODIES:
                if re.fullmatch(b'Authentication-Results: ' + re.escape(
                        generate.octets(body)) + b'\r?\n', unit):
                    self.fail('others-stay', number, tool,
                              unit.decode('latin-1'))
        return out

    def is_message(self, octets):
        lines = split(octets)
        while lines and lines[0].startswith(MBOX):
            del lines[0]
        return bool(lines) and bool(NAME.match(lines[0]))

    def twice(self, number, tool, out, status, written):
        """A second filtering changes nothing."""
        self.checked['clean-twice'] += 1
        got = Filtered(written, fields_of(tool)).rest
        # A second Received-SPF field is added.
        once = out.mbox + b''.join(out.added[1:]) + out.rest[len(out.mbox):]
        if status != 0 or got != once:
            at = len(os.path.commonprefix([got, once]))
            self.fail('clean-twice', number, tool, 'status %d, octet %d of %d: '
                      '%r, then %r' % (status, at, len(once), once[at:at + 60],
                                       got[at:at + 60]))

    def same_verdict(self, number, tool, octets, out, before, after):
        """The delivered message has the verdict of the received one."""
        signed = re.search(rb'(?i)authentication-results|received-spf',
                           b''.join(re.findall(rb'(?i)h=[^;]*', octets)))
        in_body = any(i >= out.ours for i in out.gone)
        if signed or (in_body and b'DKIM-Signature' in octets):
            return
        self.checked['same-verdict'] += 1
        if before != after:
            self.fail('same-verdict', number, tool,
                      '%s, then %s' % (json.dumps(before['results']),
                                       json.dumps(after['results'])))

    def seen(self, number, tool, reader, fields, added, judged):
        self.checked['one-field'] += 1
        found = [value for name, value in fields
                 if name == 'authentication-results']
        ours = squeezed(added)
        for i, value in enumerate(found):
            if squeezed('x:' + value) == ours or squeezed(
                    'x:' + value) == squeezed(readers.decoded(added)):
                del found[i]
                break
        for value in found:
            if readers.claims(value, ID):
                self.fail('one-field', number, tool,
                          '%s sees %s' % (reader, value[:300]))
        if not judged or judged['results'][0]['result'] != 'pass':
            return
        self.checked['one-author'] += 1
        known = {e['author_domain'] for e in judged['evaluations']}
        for name, value in fields:
            if name == 'from' and not readers.domains(value) <= known:
                self.fail('one-author', number, tool, '%s sees %s, not %s' % (
                    reader, value[:300], ' '.join(known)))

    # The work.

    def judge(self, options, paths):
        """Runs one dmarc-eval -j on many files. A file that begins as an mbox
        is one message only on standard input."""
        command = ['dmarc-eval', '-j'] + COMMON + self.zone + options
        by_file = {}
        for path in [p for p in paths if begins(p, MBOX[0])]:
            with open(path, 'rb') as file:
                by_file.update((path, found) for _, found
                               in objects(command, file))
        rest = [p for p in paths if not begins(p, MBOX[0])]
        if rest:
            by_file.update(objects(command + ['--'] + rest))
        return by_file

    def one(self, number, options, path):
        """Runs all filters on one message. Returns it, and by tool the outputs
        that have their properties."""
        octets = self.maker.message(number)
        with open(path, 'wb') as file:
            file.write(octets)
        outs = {}
        for tool, own in TOOLS.items():
            given = [] if tool == 'dkim-verify' else options
            status, written = self.run(tool, ['-a'] + own + given, octets)
            out = self.filtered(number, tool, octets, status, written)
            if not out:
                continue
            out.path = '%s.%s' % (path, tool)
            out.written = written
            with open(out.path, 'wb') as file:
                file.write(written)
            outs[tool] = out
            if number % len(TOOLS) == list(TOOLS).index(tool):
                status, written = self.run(tool, ['-a'] + own + given, written)
                self.twice(number, tool, out, status, written)
        if number % 4 == 0:
            self.insert(number, octets)
        return octets, outs

    def insert(self, number, octets):
        status, written = self.run_inserter(octets)
        if status == 0 and written.endswith(octets) and written != octets:
            self.our_fields(number, 'vbr-insert',
                            [written[:len(written) - len(octets)]])

    def run_inserter(self, octets):
        done = subprocess.run(['vbr-insert', '-t', 'certifier.example.net'],
                              input=octets, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=60)
        return done.returncode, done.stdout

    def group(self, numbers):
        ip, sender, helo = generate.envelope(self.seed,
                                             numbers[0] // generate.GROUP)
        options = []
        for flag, value in (('-i', ip), ('-f', sender), ('-e', helo)):
            if value is not None:
                options += [flag, value.encode()]
        paths = [self.path('m%d' % n) for n in numbers]
        done = list(self.pool.map(self.one, numbers,
                                  [options] * len(numbers), paths))
        files = paths + [out.path for _, outs in done for out in outs.values()]
        judged = self.judge(options, files)
        for number, path, (octets, outs) in zip(numbers, paths, done):
            for tool, out in outs.items():
                if path not in judged or out.path not in judged:
                    self.fail('judged', number, tool, 'no object')
                    continue
                self.same_verdict(number, tool, octets, out, judged[path],
                                  judged[out.path])
        self.to_read += [(number, outs['dmarc-eval'],
                          judged.get(outs['dmarc-eval'].path))
                         for number, (_, outs) in zip(numbers, done)
                         if 'dmarc-eval' in outs]
        kept = {out.path for _, out, _ in self.to_read}
        for path in files:
            if path not in kept:
                os.unlink(path)

    def read(self):
        """By all readers, what dmarc-eval wrote."""
        paths = [out.path for _, out, _ in self.to_read]
        for name, reader in self.readers.items():
            for (number, out, judged), fields in zip(self.to_read,
                                                     reader(paths)):
                self.seen(number, 'dmarc-eval', name, fields,
                          readers.text_of(out.added[0]), judged)
        for path in paths:
            os.unlink(path)
        self.to_read = []


def squeezed(field):
    """Returns the part of a field's value that no reader changes."""
    return re.sub('[^!-~]', '', field.partition(':')[2])


def main(directory, kept, seed, count, first='0'):
    checker = Checker(directory, kept, seed)
    numbers = list(range(int(first), int(first) + int(count)))
    while numbers:
        size = generate.GROUP - numbers[0] % generate.GROUP
        checker.group(numbers[:size])
        numbers = numbers[size:]
        if len(checker.to_read) >= READ or not numbers:
            checker.read()
    for name, count in sorted(checker.checked.items()):
        print('checked', name, count)
    for name in checker.absent:
        print('skipped', name)


main(*sys.argv[1:])
