#!/usr/bin/perl
# Evaluates SPF with Mail::SPF.
#	spf-mailspf.pl PORT LIST
# LIST has lines IP MAILFROM HELO; MAILFROM may be <>. Queries 127.0.0.1 at
# PORT. Prints for each line the result, or "crash" if a third of a second's CPU
# time gives none (it may loop), a tab, and the words of an error or the
# explanation of a fail, or "-".
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use AskOnce;
use Mail::SPF;
use Time::HiRes qw(setitimer ITIMER_VIRTUAL);

my ($port, $list) = @ARGV;
my $server = Mail::SPF::Server->new(
	hostname => 'mx.test', default_authority_explanation => '-',
	dns_resolver => AskOnce->new($port));

sub judge {
	my ($ip, $sender, $helo) = @_;

	$sender = "postmaster\@$helo" if $sender eq '<>';
	my $result = $server->process(Mail::SPF::Request->new(
		scope => 'mfrom', versions => [1], identity => $sender,
		ip_address => $ip, helo_identity => $helo));
	my $text = $result->code eq 'fail' ? $result->authority_explanation
		: $result->code =~ /error/ ? $result->text
		: '-';
	return ($result->code, "$text");
}

$SIG{VTALRM} = sub { die "endless\n" };
open my $in, '<:raw', $list or die "$list: $!\n";
while (my $line = <$in>) {
	chomp $line;
	setitimer(ITIMER_VIRTUAL, 0.3);
	my ($result, $text) = eval { judge(split / /, $line) };
	setitimer(ITIMER_VIRTUAL, 0);
	($result, $text) = ('crash', "$@") if not defined $result;
	$text =~ s/([^ -~]|\\)/sprintf '\\x%02x', ord $1/ge;
	print "$result\t", length $text ? $text : '-', "\n";
}
