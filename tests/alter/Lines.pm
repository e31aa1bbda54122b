# Lines: alterations of the lines of a body, as software makes them.
# SPDX-License-Identifier: ISC
package Lines;
use strict;
use warnings;
use Message;

my @texts = qw(plain eight latin flowed);
my @ascii = qw(plain);
my @wordy = qw(Unsubscribe list archive rules help dev mailing posting visit);
my $words = sub { join ' ', map { pick(@wordy) } 1 .. 3 + int rand 5 };

# Edits the text of each line: $_ is one, without its end.
sub each_line {
	my ($m, $do) = @_;
	my $was = $m->{body};
	my @lines = split /\r\n/, $was, -1;
	my $last = pop @lines;
	for my $i (0 .. $#lines) { local $_ = $lines[$i]; $do->($i, \@lines); $lines[$i] = $_ }
	$m->{body} = join '', map({ "$_\r\n" } @lines), $last;
	return $m->{body} ne $was;
}

sub subst { my ($m, $from, $to) = @_; return $m->{body} =~ s/$from/$to->()/ge }

# Runs of lines with text, long enough to be a paragraph: [from, to).
sub paragraphs {
	my ($m) = @_;
	my @lines = split /\r\n/, $m->{body};
	my ($start, @out);
	for my $i (0 .. @lines) {
		my $is = $i < @lines && $lines[$i] =~ (defined $start ? qr/^\w/ : qr/^\w.{20}/);
		$start = $i if $is && !defined $start;
		if (!$is && defined $start) { push @out, [$start, $i]; undef $start }
	}
	return \@lines, @out;
}

sub long_lines { # breaks them, by a function of a line
	my ($m, $over, $break) = @_;
	return each_line($m, sub { $_ = $break->($_) if length > $over });
}

sub broken {
	my ($line, $width, $end) = @_;
	my @out = ('');
	for my $word (split / /, $line, -1) {
		if ($out[-1] ne '' && length($out[-1]) + 1 + length($word) > $width) { push @out, $word }
		else { $out[-1] .= ($out[-1] eq '' ? '' : ' ') . $word }
	}
	return join "$end\r\n", @out;
}

sub insert_lines { # at line $at of all
	my ($m, $at, @new) = @_;
	my @lines = $m->{body} =~ /([^\n]*\n|[^\n]+)/g;
	splice @lines, $at > @lines ? @lines : $at, 0, map { "$_\r\n" } @new;
	$m->{body} = join '', @lines;
	return 1;
}

sub count { my $n = () = $_[0]{body} =~ /\n/g; return $n }

our %alter = (
'body-footer' => {do => sub { my ($m) = @_;
	$m->{body} .= "\r\n" if $m->{body} !~ /\r\n\z/;
	$m->{body} .= join '', map { "$_\r\n" } pick('-- ', '_' x 47, '---'), map { $words->() } 1 .. 1 + int rand 5 }},
'body-prefix' => {do => sub { insert_lines($_[0], 0, map({ $words->() } 1 .. 1 + int rand 3), chance(0.7) ? '' : ()) }},
'body-block' => {ids => [qw(body-footer body-part-added body-text-added)], do => sub { my ($m) = @_;
	my $n = count($m); return if $n < 4;
	insert_lines($m, 1 + int rand($n - 2), pick([], ['']) ->@*, map { $words->() } 1 .. 1 + int rand 4) }},
'body-links' => {shapes => \@texts, need => {links => 1}, do => sub { my ($m) = @_;
	my $by = pick('https://urldefense.com/v3/__%s__;!!AbC-DE!x1y2z3$', 'https://nam02.safelinks.protection.outlook.com/?url=%e&data=05%7C02&reserved=0');
	subst($m, qr{https?://[^\s<>"]+[^\s<>".,]}, sub { my $u = $&; my $e = $u =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger;
		$by =~ s/%s/$u/r =~ s/%e/$e/r }) }},
'body-from-quoted' => {shapes => \@texts, need => {from => 1}, do => sub { subst($_[0], qr/^(?=From )/m, sub { '>' }) }},
'body-split' => {shapes => ['plain'], need => {verylong => 1}, do => sub { my $n = pick(998, 990, 1000);
	my $by = $n == 990 ? "!\r\n " : $n == 998 ? "\r\n " : "\r\n";
	long_lines($_[0], 998, sub { my ($l) = @_; my @p; while (length $l > ($n == 1000 ? 998 : $n)) { push @p, substr $l, 0, $n == 1000 ? 998 : $n, '' } join $by, @p, $l }) },
	ids => ['body-wrapped']},
'body-trailing-added' => {body => 'simple', shapes => [qw(plain eight latin qp)], do => sub { my $all = chance(0.5); each_line($_[0], sub { $_ .= ' ' if /[^ ]$/ && ($all || length > 70) }) },
	ids => [qw(body-trailing-lost)]},
'body-signature-dash' => {shapes => \@texts, body => 'simple', need => {dash => 1}, ids => ['body-trailing-lost', 'body-trailing-flowed'],
	do => sub { subst($_[0], qr/^-- \r\n/m, sub { "--\r\n" }) }},
'body-trailing-flowed' => {shapes => ['flowed'], body => 'simple', do => sub { each_line($_[0], sub { s/(?<!^--) +$// }) }},
'body-trailing-quote' => {shapes => ['plain'], body => 'simple', need => {quote => 1}, ids => ['body-trailing-lost'],
	do => sub { each_line($_[0], sub { s/^> $/>/ }) }},
'body-cr-doubled' => {crlf => 1, do => sub { subst($_[0], qr/\r\n/, sub { "\r\r\n" }) }},
'body-cr-added' => {crlf => 1, shapes => \@texts, do => sub { my ($m) = @_; each_line($m, sub { $_ .= "\r" if /\.$/ }) }, ids => ['body-cr-doubled']},
'body-blank-doubled' => {shapes => \@texts, do => sub { subst($_[0], qr/\r\n/, sub { "\r\n\r\n" }) }},
'body-cr-taken' => {crlf => 1, shapes => \@texts, need => {cr => 1}, do => sub { subst($_[0], qr/\r\r\n/, sub { "\r\n\r\n" }) }},
'body-charset' => {shapes => ['latin'], do => sub { subst($_[0], qr/[\x80-\xff]/, sub { my $c = ord $&; chr(0xc0 | $c >> 6) . chr(0x80 | $c & 63) }) }},
'body-charset-doubled' => {shapes => ['eight'], need => {latinword => 1}, do => sub { subst($_[0], qr/[\x80-\xff]/, sub { my $c = ord $&; chr(0xc0 | $c >> 6) . chr(0x80 | $c & 63) }) }},
'body-charset-lost' => {shapes => ['eight'], need => {latinword => 1}, do => sub { my $w = $_[0]{body}; $_[0]{body} = Compose::latin($w); $w ne $_[0]{body} }},
'body-dots-added' => {shapes => \@texts, need => {dots => 1}, do => sub { subst($_[0], qr/^\./m, sub { '..' }) }},
'body-dots-lost' => {shapes => \@texts, need => {more_dots => 1}, do => sub { subst($_[0], qr/^\.(?=\.)/m, sub { '' }) }},
'body-dots-eaten' => {shapes => ['qp'], need => {pointed => 1}, do => sub { subst($_[0], qr/^\.(?=[^.\r])/m, sub { '' }) }},
'body-from-unquoted' => {shapes => \@texts, need => {quoted_from => 1}, do => sub { subst($_[0], qr/^>(?=From )/m, sub { '' }) }},
'body-nul-added' => {shapes => \@texts, do => sub { subst($_[0], qr/\.(?=\r\n)/, sub { ".\0" }) }},
'body-nul-replaced' => {shapes => ['plain'], need => {nul => 1}, do => sub { my $by = pick("\x80", "\xc0\x80"); subst($_[0], qr/\0/, sub { $by }) }},
'body-bom-added' => {shapes => \@texts, do => sub { $_[0]{body} = "\xef\xbb\xbf$_[0]{body}" }},
'body-bom-lost' => {shapes => ['eight'], need => {bom => 1}, do => sub { $_[0]{body} =~ s/^\xef\xbb\xbf// }},
'body-flowed-joined' => {shapes => ['plain', 'eight'], need => {long => 1}, do => sub { my $w = pick(66, 72, 76); long_lines($_[0], $w + 2, sub { broken($_[0], $w, ' ') }) },
	ids => ['body-wrapped']},
'body-flowed-stuffed' => {shapes => ['plain', 'flowed'], need => {stuff => 1}, do => sub { each_line($_[0], sub { s/^(?=[ >]|From )/ / }) }, ids => ['body-indent-added']},
'body-wrapped' => {shapes => ['plain', 'eight'], need => {long => 1}, do => sub { my $w = pick(72, 76, 78, 80); long_lines($_[0], $w, sub { broken($_[0], $w, '') }) }, ids => ['body-rewrapped']},
'body-unwrapped' => {shapes => ['plain', 'eight'], need => {paragraphs => 2}, ids => ['body-rewrapped'], do => sub { my ($m) = @_;
	my ($lines, @p) = paragraphs($m);
	splice @$lines, $_->[0], $_->[1] - $_->[0], join ' ', @$lines[$_->[0] .. $_->[1] - 1] for reverse @p;
	$m->{body} = join '', map { "$_\r\n" } @$lines; @p }},
'body-rewrapped' => {shapes => ['plain'], need => {paragraphs => 2}, do => sub { my ($m) = @_; my $w = pick(60, 65, 78, 80);
	my ($lines, @p) = paragraphs($m);
	splice @$lines, $_->[0], $_->[1] - $_->[0], split /\r\n/, broken(join(' ', @$lines[$_->[0] .. $_->[1] - 1]), $w, '') for reverse @p;
	$m->{body} = join '', map { "$_\r\n" } @$lines; @p }, ids => [qw(body-unwrapped body-wrapped)]},
'body-blanks-added' => {body => 'simple', shapes => ['plain', 'eight'], do => sub { $_[0]{body} =~ s/(?<=\w) (?=\w)/  / }},
'body-tabs-expanded' => {body => 'simple', shapes => \@texts, need => {tabs => 1}, do => sub { each_line($_[0], sub {
	1 while s/^([^\t]*)\t/$1 . ' ' x (8 - length($1) % 8)/e }) }},
'body-tabs-made' => {body => 'simple', shapes => \@texts, need => {spaces => 1}, do => sub { each_line($_[0], sub { s/ {8}/\t/g }) }},
'body-indent-added' => {shapes => \@texts, do => sub { my $by = pick('    ', "\t", ' '); each_line($_[0], sub { $_ = "$by$_" if length }) }},
'body-marks' => {shapes => ['plain', 'eight'], need => {marks => 1}, do => sub { my ($m) = @_;
	subst($m, qr/(^|[ (])"/m, sub { "$1\xe2\x80\x9c" }); subst($m, qr/"/, sub { "\xe2\x80\x9d" });
	subst($m, qr/'/, sub { "\xe2\x80\x99" }) }},
'body-form-feed' => {shapes => ['plain'], need => {feed => 1}, do => sub { subst($_[0], qr/\f(?!\r\n)/, sub { "\f\r\n" }) }},
'body-end-lost' => {shapes => \@texts, do => sub { my ($m) = @_; $m->{body} =~ s/(?:\r\n)+\z//; $m->{body} .= '_' x 47 . "\r\n" . $words->() . "\r\n" . $words->() . "\r\n" }, ids => ['body-footer']},
'body-blank-start-added' => {do => sub { my $n = 1 + int rand 3; $_[0]{body} = "\r\n" x $n . $_[0]{body} }, ids => ['body-prefix', 'body-blank-added', 'body-preamble', 'body-delimiters']},
'body-blank-added' => {shapes => \@texts, do => sub { subst($_[0], qr/(?<=\w\W\r\n)\r\n(?=\w)/, sub { "\r\n\r\n" }) }, ids => [qw(body-blank-doubled body-block)]},
'body-blank-start-lost' => {shapes => \@texts, need => {start => 1}, do => sub { $_[0]{body} =~ s/^(?:\r\n)+// }},
'body-blank-collapsed' => {shapes => \@texts, need => {gaps => 1}, do => sub { my $n = $_[0]{body} =~ s/(?<=[^\n]\r\n\r\n)(?:\r\n)+(?=[^\r])//g; $n },
	ids => ['body-blank-lost']},
'body-blank-lost' => {shapes => ['plain', 'eight'], do => sub { my ($m) = @_; my @at; push @at, $-[0] while $m->{body} =~ /(?<=\w\W\r\n)\r\n(?=\w)/g;
	@at and substr $m->{body}, pick(@at), 2, '' }, ids => ['body-blank-collapsed']},
'body-trailing-lost' => {body => 'simple', shapes => \@texts, need => {trail_one => 1}, ids => ['body-trailing-flowed', 'body-signature-dash'],
	do => sub { each_line($_[0], sub { s/ +$// if /a line with/ }) }},
'body-blanks-reduced' => {body => 'simple', shapes => ['plain', 'eight'], need => {sentences => 1}, do => sub { each_line($_[0], sub { s/(?<=\S) +(?=\S)/ /g }) }},
'body-nul-lost' => {shapes => ['plain', 'eight'], need => {terminated => 1, paragraphs => 2}, do => sub { subst($_[0], qr/\0/, sub { '' }) }},
);

1;
