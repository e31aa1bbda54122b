"""Checks that domain-check agrees with the tools that judge mail, on generated
set-ups.

	check_setups.py DIRECTORY SEED COUNT [FIRST]

DIRECTORY has keys.zone, and the private halves of its keys in keys. A zone on
which a property fails stays there as zone.NUMBER. Prints "checked PROPERTY N"
and, for each failure, "fail PROPERTY NUMBER: words".

Properties:
	policy		the policy, its tag and its domain are those of
			dmarc-eval for the domain as the author's
	exact		exact-domain is yes if, and only if, that policy is
			quarantine or reject, without t=y
	below		subdomains is yes only if that holds for names below,
			too; no only if it does not for one of them
	spf-yes		SPF is sound only if spf-query gives no sampled client
			permerror, and one that matches no other term fail or
			softfail; such a term is the "all" that is shown
	spf-no		a permerror for a client is a no
	spf-costs	no client takes more lookups, nor void ones
	key-sound	dkim-verify verifies with a key without findings
	key-error	and does not with one that has an error; it does with
			one that has but warnings
	loop		what is proposed for a no makes it a yes
	loop-errors	and leaves no error of the records it adds, but for those
			of others' domains
	failure		where a query fails, no other answer becomes a no, and
			the score loses no point
	words		a no has a proof, a mend and a finding, a warning at
			least
"""
import collections
import json
import os
import re
import subprocess
import sys

import setups

NOW = '--now=2026-11-20T12:00:00Z'
# By its level an error, though verifiers may use the key: it is private no more,
# or the name has records that it must not have.
USABLE = {'key-private', 'key-cname'}
# A key with these is not used, whatever their level is.
REJECTED = {'key-revoked', 'no-key', 'key-version'}
# What is wrong with others' domains is not mended by the record.
OTHERS = {'external-not-authorized', 'destination-no-mail', 'dangling'}
SECTIONS = {'exact-domain': 'dmarc', 'subdomains': 'dmarc', 'spf': 'spf',
            'dkim': 'dkim', 'reports': 'dmarc'}


def run(command, stdin=None):
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120)
    return done.returncode, done.stdout


def objects(command):
    return [json.loads(line) for line in run(command)[1].splitlines()]


class Answer:
    """What domain-check says about a zone."""

    def __init__(self, zone, domain, more=()):
        selectors = ['-s' + s for s in setups.SELECTORS]
        self.status, out = run(['domain-check', '-j', NOW, '-z', zone, *more] +
                               selectors + [domain])
        self.object = json.loads(out)
        self.questions = {q['id']: q for q in self.object['questions']}
        self.findings = self.object['findings']

    def of(self, question):
        return self.questions[question]['answer']

    def grave(self, **members):
        return [f for f in self.findings if f['level'] != 'note' and
                all(f[name] == value for name, value in members.items())]

    def errors(self, owner):
        """Returns the errors of the records of a name."""
        names = (owner, owner[7:] if owner.startswith('_dmarc.') else owner)
        return [f for f in self.grave(level='error')
                if f['where'] in names and f['id'] not in OTHERS]


def protects(evaluation):
    testing = re.search(r';\s*t\s*=\s*y\s*(;|$)', evaluation['record'] or '')
    return evaluation['policy'] in ('quarantine', 'reject') and not testing


def below(setup):
    """Returns names below the domain: some with a record, some without."""
    names = [name + setup.domain for name in setups.BELOW]
    for line in setup.lines:
        name = line.split('. ')[0]
        if name.startswith('_dmarc.') and name.endswith('.' + setup.domain):
            names += [name[7:], 'x.' + name[7:]]
    return [name for name in names if name != setup.domain]


class Checker:
    def __init__(self, directory, seed):
        self.directory = directory
        self.seed = seed
        self.checked = collections.Counter()
        self.public = {}
        with open(self.path('keys.zone')) as file:
            for line in file:
                found = re.match(r'r?(\w+)\._domainkey.* TXT (.*)', line)
                if found:
                    text = ''.join(re.findall('"([^"]*)"', found[2]))
                    self.public[found[1]] = text.partition('p=')[2]
        self.files = {}

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def signed(self, domain, selector, kind):
        """Returns the file of a message that is signed with that key."""
        names = {'ed': 'ed25519', '1024': 'rsa1024', '2048': 'rsa2048'}
        path = self.path('-'.join([domain, selector, kind]))
        if path not in self.files:
            text = ('From: x@%s\nSubject: s\nDate: Fri, 20 Nov 2026 12:00:00 '
                    '+0000\n\nhi\n' % domain).encode()
            status, out = run(['dkim-sign', NOW, '-d', domain, '-k',
                               selector + '=' + self.path(
                                   'keys', names[kind] + '.pem')], text)
            if status != 0:
                raise ValueError('dkim-sign: status %d' % status)
            with open(path, 'wb') as file:
                file.write(out)
            self.files[path] = True
        return path

    def hold(self, name, holds, words):
        self.checked[name] += 1
        if not holds:
            self.failed = True
            print('fail %s %d: %s' % (name, self.number, ascii(words)[1:500]),
                  flush=True)

    # The properties.

    def evaluate(self, author):
        found = objects(['dmarc-eval', '-Q', '-j', NOW, '--author=' + author,
                         '-z', self.zone])
        return found[0]['results'][0], found[0]['evaluations'][0]

    def dmarc(self, setup, answer):
        result, evaluation = self.evaluate(setup.domain)
        dmarc, exact = answer.object['dmarc'], answer.of('exact-domain')
        words = '%s; %s; %s' % (exact, dmarc, evaluation)
        if result['result'] == 'temperror':
            self.hold('exact', exact == 'not known' or setup.fails, words)
            return
        if result['result'] == 'fail':
            self.hold('policy', all(dmarc[name] == evaluation[name] for name in (
                'policy', 'tag', 'policy_domain')), words)
            self.hold('exact', exact == ('yes' if protects(evaluation)
                                         else 'no'), words)
        else:
            self.hold('exact', exact == 'no', words)
        self.below(setup, answer)

    def below(self, setup, answer):
        weak = []
        for name in below(setup):
            result, evaluation = self.evaluate(name)
            if result['result'] == 'temperror':
                return
            if result['result'] != 'fail' or not protects(evaluation):
                weak.append(name)
        said = answer.of('subdomains')
        # With a wildcard, no name does not exist, and np= is for none.
        is_wild = any(line.startswith('*.%s. ' % setup.domain)
                      for line in setup.lines)
        if said == 'yes' or (said == 'no' and not is_wild):
            self.hold('below', said == ('no' if weak else 'yes'),
                      '%s: %s' % (weak, answer.questions['subdomains']))

    def spf(self, setup, answer):
        with open(self.path('batch'), 'w') as file:
            for client in setups.CLIENTS:
                file.write('%s postmaster@%s %s\n' % (client, setup.domain,
                                                      setup.domain))
        said, costs = answer.of('spf'), answer.object['spf'] or {}
        for client, found in zip(setups.CLIENTS, objects(
                ['spf-query', '-j', NOW, '-z', self.zone, '--batch=' +
                 self.path('batch')])):
            result = found['results'][0]
            words = '%s: %s; %s; %s %s %s' % (
                client, answer.questions['spf'], costs, result['result'],
                result['reason'], result['mechanism'])
            if said == 'yes':
                self.spf_yes(result, costs, words)
            if result['result'] == 'permerror':
                self.hold('spf-no', said == 'no' or setup.fails, words)
            elif costs.get('lookups') is not None:
                self.hold('spf-costs', result['lookups'] <= costs['lookups'] and
                          result['voids'] <= costs['voids'], words)

    def spf_yes(self, result, costs, words):
        mechanism = result['mechanism'] or ''
        is_end = not mechanism or mechanism.lower().lstrip('+-~?') == 'all'
        self.hold('spf-yes', result['result'] != 'permerror' and (
            not is_end or (result['result'] in ('fail', 'softfail') and
                           mechanism.lower() == costs['all'])), words)

    def dkim(self, setup, answer):
        files = [self.signed(setup.domain, selector, kind)
                 for selector, kind in setup.keys.items()]
        # A failure that is not that of the key's name may still concern it.
        if setup.fails:
            return
        for selector, found in zip(setup.keys, objects(
                ['dkim-verify', '-j', NOW, '-z', self.zone] + files)):
            name = '%s._domainkey.%s' % (selector, setup.domain)
            result = found['results'][0]
            flaws = [f for f in answer.findings if f['where'] == name and
                     f['section'] == 'dkim']
            levels = {f['level'] for f in flaws if f['id'] not in USABLE}
            ids = {f['id'] for f in flaws}
            words = '%s: %s; %s %s' % (name, ids, result['result'],
                                       result['reason'])
            verified = result['result'] == 'pass'
            if ids & REJECTED or 'error' in levels:
                self.hold('key-error', not verified, words)
            elif 'warning' in levels:
                self.hold('key-error', verified, words)
            elif not ids & USABLE and not self.is_silent(answer):
                self.hold('key-sound', verified or
                          result['id'] == 'key-type', words)

    @staticmethod
    def is_silent(answer):
        """Are there no findings of keys, as the domain has none?"""
        return answer.grave(id='no-keys') or \
            'sends no mail' in answer.questions['dkim']['proof']

    def words(self, answer):
        for id_, question in answer.questions.items():
            if question['answer'] == 'no':
                self.hold('words', question['proof'] and question['mend'] and
                          answer.grave(), id_)

    def loop(self, setup, answer):
        for id_, question in answer.questions.items():
            proposed = question['proposed']
            if question['answer'] != 'no' or not proposed:
                continue
            lines = list(setup.lines)
            missing = [line for line in proposed['remove']
                       if line not in lines]
            lines = [line for line in lines if line not in proposed['remove']]
            with open(self.path('mended'), 'w') as file:
                file.write('\n'.join(lines + proposed['add']) + '\n')
            after = Answer(self.path('mended'), setup.domain)
            self.hold('loop', after.of(id_) == 'yes' and not missing, '%s: %s; '
                      '%s; not in the zone: %s' % (id_, proposed,
                                                   after.questions[id_],
                                                   missing))
            for line in proposed['add']:
                owner = line.split('. ')[0]
                left = [f for f in after.errors(owner)
                        if f['section'] == SECTIONS[id_]]
                self.hold('loop-errors', not left, '%s: %s: %s' % (
                    id_, proposed, left))

    def failure(self, setup, answer):
        """Some of the queries that were made fail, one at a time."""
        with open(self.path('log')) as file:
            lines = [line.split() for line in file]
        asked = sorted({(line[1], line[2]) if line[0].startswith(';')
                        else (line[0], line[2]) for line in lines
                        if line[0] != '$TTL'})
        for name, type_ in setup.random.sample(asked, min(4, len(asked))):
            kind = setup.pick(['SERVFAIL', 'TIMEOUT'])
            with open(self.path('failure'), 'w') as file:
                file.write(';!%s %s %s\n' % (kind, name, type_))
            after = Answer(self.zone, setup.domain,
                           ['-z', self.path('failure')])
            new = [id_ for id_ in after.questions if after.of(id_) == 'no' and
                   answer.of(id_) != 'no']
            high = [a.object['score']['high'] for a in (answer, after)]
            self.hold('failure', not new and high[1] >= high[0],
                      '%s %s %s: no to %s; %s' % (kind, name, type_, new, high))

    def check(self, number):
        setup = setups.Setup(self.seed, number, self.public)
        self.number, self.failed = number, False
        self.zone = self.path('zone.%d' % number)
        with open(self.zone, 'w') as file:
            file.write('\n'.join(setup.lines) + '\n')
        answer = Answer(self.zone, setup.domain,
                        ['--dns-log=' + self.path('log')])
        for id_ in answer.questions:
            self.checked['answer %s %s' % (id_, answer.of(id_))] += 1
        self.words(answer)
        self.dmarc(setup, answer)
        self.spf(setup, answer)
        self.dkim(setup, answer)
        self.loop(setup, answer)
        self.failure(setup, answer)
        if not self.failed:
            os.unlink(self.zone)


def main(directory, seed, count, first='0'):
    checker = Checker(directory, seed)
    for number in range(int(first), int(first) + int(count)):
        checker.check(number)
    for name, count in sorted(checker.checked.items()):
        print('checked', name.replace(' ', '-'), count)


main(*sys.argv[1:])
