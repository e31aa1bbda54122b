# Compose: messages to be signed and altered, of many shapes, from a seed. A
# set of needs tells what must be in one: {from => 1} a line that begins with
# "From ", for example.
# SPDX-License-Identifier: ISC
package Compose;
use strict;
use warnings;
use Message;

our @SHAPES = qw(plain eight latin flowed qp base64 alternative mixed nested);
my @words = qw(the order of our meeting about plans for next week was sent to
	everyone who has time and Please read it before Monday because there are
	changes which we should discuss again Thanks in advance see below some
	questions remain open version release notes budget travel costs);
my @accents = map { pack 'H*', $_ } qw(4772c3bcc39f65 636166c3a9 6ec3a46368737465
	4dc3bc6e6368656e 73696dc3b36e 6772c3b6c39f657265);
# Words with a letter that Latin-1 has not, and with others that it has.
my @letters = map { pack 'H*', $_ } qw(c48d65736b6f 70c59969 6d61c582 c39c626572
	c3a562656e 736dc3b87272656272c3b864 6661c3a7616465 6d61c3b1616e61);

sub sentence {
	my ($f, $n) = @_;
	my @w = map { $f->{accents} && chance(0.15) ? pick(@accents) : pick(@words) } 1 .. $n;
	return ucfirst(join ' ', @w) . '.';
}

sub wrap {
	my ($text, $width) = @_;
	my @out = ('');
	for my $word (split / /, $text) {
		if ($out[-1] ne '' && length($out[-1]) + 1 + length($word) > $width) { push @out, $word }
		else { $out[-1] .= ($out[-1] eq '' ? '' : ' ') . $word }
	}
	return @out;
}

sub paragraph {
	my ($f) = @_;
	my $n = 15 + int rand 60;
	my $text = sentence($f, $n);
	return $text if $f->{long};
	my @l = wrap($text, 72);
	if ($f->{flowed}) { $_ .= ' ' for @l[0 .. $#l - 1] }
	return @l;
}

# Lines that alterations need.
sub specials {
	my ($f) = @_;
	my %s = (
		from => ["From here on it is new.", "", "From there on, too."],
		quoted_from => ["", ">From here on it is old."],
		dots => [".profile has it", "...and so on", "..", "plain"],
		more_dots => ["...and so on", "..", "plain"],
		tabs => ["name\tvalue\tunit", "a\t12\tkg", "bcd\t7\tm"],
		spaces => ["        eight before", "                sixteen"],
		quote => ["> he said", "> ", "> and she said", "> ", "> more"],
		marks => ["He said \"yes\" - don't ask - and it's done...", "\"No,\" it isn't."],
		links => ["See http://www.example.com/a/page?id=1 and",
			"https://example.org/path/ for all."],
		gaps => ["one", "", "", "two"],
		verylong => [join ' ', map { pick(@words) } 1 .. 500],
		feed => ["end of page\fstart of the next", "and more\fafter it"],
		nul => ["a\0b is binary", "\0"],
		sentences => ["It has been sent.  Has it come?  It has!  Thanks.", "Note:  it is short.  And new."],
		stuff => [" indented by one", "From the start", "> quoted"],
		latinword => [pick(@accents) . ' und ' . pick(@accents)],
		pointed => [join '', map { ($_ % 3 ? 'x' : '.') . 'x' x 74 } 1 .. 13],
		trail_one => ["a line with a blank at its end ", "next"],
	);
	return map { (@{$s{$_}}, '') } grep { $f->{$_} && $s{$_} } sort keys %s;
}

# As software writes text with the NUL that ends its strings: with each line, or
# once.
sub terminated {
	my ($text) = @_;
	return "$text\0" if chance(0.3);
	return $text =~ s/\r\n/\0\r\n/r if chance(0.4);
	return $text =~ s/\r\n/\0\r\n/gr;
}

sub text {
	my ($f) = @_;
	my @lines = ($f->{salute} || 'Hello,', '');
	my $n = $f->{paragraphs} || 1 + int rand 4;
	$n = 100 if !$f->{paragraphs} && chance(0.03);
	for my $i (1 .. $n) {
		push @lines, paragraph($f), '';
		push @lines, specials($f) if $i == 1;
	}
	pop @lines;
	push @lines, '', '-- ', 'Jane Doe', 'Example Organization' if $f->{dash} || $f->{flowed} || chance(0.2);
	my $text = join '', map { "$_\r\n" } @lines;
	$text =~ s/\r\n/\r\r\n/g if $f->{cr};
	$text = terminated($text) if $f->{terminated};
	$text = "\r\n\r\n$text" if $f->{start};
	$text = "\xef\xbb\xbf$text" if $f->{bom};
	return $text;
}

sub latin { my ($s) = @_; $s =~ s/([\xc2\xc3])([\x80-\xbf])/chr((ord($1) & 3) << 6 | ord($2) & 63)/ge; return $s }

sub html {
	my ($f) = @_;
	my @p = map { '<p>' . join("\r\n", wrap(sentence($f, 20 + int rand 40), 70)) . '</p>' } 1 .. 1 + int rand 3;
	return join "\r\n", '<html><head><title>x</title></head>', '<body>', @p, '</body>', '</html>', '';
}

# A leaf: its fields and its content.
sub leaf {
	my ($type, $text, $encoding, $charset, $extra) = @_;
	my $quote = pick('', '"');
	my $head = "Content-Type: $type" . ($charset ? "; charset=$quote$charset$quote" : '') .
		($extra || '') . "\r\nContent-Transfer-Encoding: $encoding\r\n";
	$text = qp($text) if $encoding eq 'quoted-printable';
	$text = b64($text, 76) if $encoding eq 'base64';
	return [$head, $text];
}

sub multipart {
	my ($kind, $f, @parts) = @_;
	my $boundary = pick('=_', '----=_Part_', '=====') . join '', map { pick('a' .. 'z', 0 .. 9) } 1 .. 16;
	my $body = $f->{preamble} ? "This is a multi-part message in MIME format.\r\n" : '';
	$body .= "--$boundary\r\n$_->[0]\r\n$_->[1]\r\n" for @parts;
	return ["Content-Type: multipart/$kind; boundary=\"$boundary\"\r\n", "$body--$boundary--\r\n"];
}

sub attachment {
	my ($f) = @_;
	my $octets = join '', map { chr int rand 256 } 1 .. 200 + int rand 3000;
	return ["Content-Type: application/octet-stream; name=data.bin\r\n" .
		"Content-Disposition: attachment; filename=\"data.bin\"\r\n" .
		"Content-Transfer-Encoding: base64\r\n", b64($octets, 76)];
}

sub content {
	my ($shape, $f) = @_;
	my $e = $f->{encoding} || pick('7bit', 'quoted-printable');
	my %f = (%$f, accents => $e ne '7bit');
	my $cs = $e eq '7bit' ? 'us-ascii' : 'utf-8';
	my %make = (
		plain => sub { leaf('text/plain', text($f), '7bit', 'us-ascii') },
		eight => sub { leaf('text/plain', text({%$f, accents => 1}), '8bit', 'utf-8') },
		latin => sub { leaf('text/plain', latin(text({%$f, accents => 1, latinword => 1})), '8bit', 'iso-8859-1') },
		flowed => sub { leaf('text/plain', text({%$f, flowed => 1}), '7bit', 'us-ascii', '; format=flowed') },
		qp => sub { leaf('text/plain', text({%$f, accents => 1}), 'quoted-printable', 'utf-8') },
		base64 => sub { leaf('text/plain', text({%$f, accents => 1}), 'base64', 'utf-8') },
		alternative => sub { multipart('alternative', $f, leaf('text/plain', text(\%f), $e, $cs), leaf('text/html', html(\%f), $e, $cs)) },
		mixed => sub { multipart('mixed', $f, leaf('text/plain', text(\%f), $e, $cs), attachment($f)) },
	);
	return multipart('mixed', $f, content('alternative', $f), attachment($f)) if $shape eq 'nested';
	return $make{$shape}->();
}

my %subject = (
	plain => sub { ucfirst join ' ', map { pick(@words) } 1 .. 3 + int rand 4 },
	long => sub { join ' ', map { pick(@words) } 1 .. 25 },
	encoded => sub { '=?utf-8?q?' . pick('Gr=C3=BC=C3=9Fe', 'caf=C3=A9') . '_' . pick(@words) . '?=' },
	partly => sub { pick(@words) . ' =?utf-8?q?' . pick('Gr=C3=BC=C3=9Fe', 'caf=C3=A9') . '?=' },
	eight => sub { pick(@accents) . ' ' . pick(@words) },
	latin => sub { latin(pick(@accents) . ' ' . pick(@words)) },
	letters => sub { pick(@words) . ' ' . pick(@accents, map({ latin($_) } @accents), @letters) . ' ' . pick(@words) },
	tagged => sub { '[dev] Re: ' . join ' ', map { pick(@words) } 1 .. 4 },
	reply => sub { 'Re: ' . join ' ', map { pick(@words) } 1 .. 4 },
	empty => sub { '' },
	word => sub { 'x' x 1100 },
);

sub header {
	my ($f) = @_;
	my $s = $f->{subject} || pick(qw(plain plain plain long encoded reply));
	my $subject = $subject{$s}->();
	my @people = ('Bob Roe <bob@example.net>', 'carol@example.com',
		'"Smith, Al" <al@example.net>', 'Dave <dave@lists.example.com>',
		'erin@example.edu', 'Frank Foo <frank@example.com>');
	@people = ('Bob Roe <bob@example.net>', 'Carol X <carol@example.com>', 'Frank Foo <frank@example.com>') if $f->{named};
	my $to = join ', ', (shuffle(@people))[0 .. ($f->{recipients} || 1 + int rand 3) - 1];
	$to = $f->{to} if defined $f->{to};
	my $folding = $f->{unfolded} ? 900 : 78;
	my %id = map { $_ => '<' . int(rand 1e9) . "\@$_.example.org>" } qw(a b c d);
	my $date = $f->{date} || pick('Fri, 20 Nov 2026 11:00:00 +0000',
		'Fri, 6 Nov 2026 11:30:05 +0100', 'Thu, 19 Nov 2026 21:02:03 -0500');
	my @h = (
		From => $f->{author} || pick('Jane Doe <jane@example.org>', '"Doe, Jane" <jane@example.org>', 'jane@example.org'),
		To => fold('To', $to, $folding),
		Subject => $s eq 'word' ? $subject : fold('Subject', $subject, $folding),
		Date => $date, 'Message-ID' => $f->{bare} ? substr($id{a}, 1, -1) : $id{a});
	push @h, Cc => fold('Cc', join(', ', shuffle(@people)), $folding), 'Reply-To' => fold('Reply-To', join(', ', shuffle(@people)), $folding) if $f->{many};
	return @h if $f->{many};
	push @h, Cc => 'Gina <gina@example.net>' if $f->{cc} || chance(0.2);
	push @h, 'Reply-To' => $f->{replyto} || 'office@example.org'
		if $f->{replyto} || (!$f->{noreply} && chance(0.1));
	push @h, 'In-Reply-To' => $id{b}, References => "$id{c} $id{d} $id{b}" if $f->{thread} || chance(0.2);
	push @h, Comments => 'first', Comments => 'second' if $f->{comments};
	push @h, Keywords => 'same', Keywords => 'same' if $f->{twins};
	return @h;
}

# Returns octets with CRLF.
sub message {
	my ($shape, $f) = @_;
	my @h = header($f);
	my ($head, $body) = @{content($shape, $f)};
	my $out = '';
	while (my ($name, $value) = splice @h, 0, 2) {
		my $blank = $value eq '' ? '' : ' ';
		$out .= "$name:$blank$value\r\n";
	}
	$out .= "MIME-Version: 1.0\r\n$head" if !$f->{nomime};
	$out =~ s/^([\w-]+): /$1:/gm if $f->{tight};
	return "$out\r\n$body";
}

1;
