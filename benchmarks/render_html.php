<?php

// Has an installed DokuWiki render pages, and tells how long that took, from text to XHTML.
//
// usage: php render_html.php DOKUWIKI < pages > times
//
// A page is a line of JSON, {"text": …}; so is the answer, {"seconds": …}, or {"error": …} where DokuWiki stopped.
// Highlighted code is never taken from the cache.

define('DOKU_INC', rtrim($argv[1], '/') . '/');
define('NOSESSION', 1);
$_SERVER += ['REMOTE_ADDR' => '127.0.0.1', 'HTTP_HOST' => 'localhost', 'SERVER_NAME' => 'localhost'];
$_REQUEST['purge'] = $_GET['purge'] = '1';
$quiet = E_ALL & ~E_DEPRECATED & ~E_WARNING & ~E_NOTICE;
error_reporting($quiet);
ini_set('memory_limit', '2G');
ini_set('pcre.backtrack_limit', '100000000');
require DOKU_INC . 'inc/init.php';
error_reporting($quiet);

// The time that this process has had of a processor, in seconds.
function processor(): float
{
    $used = getrusage();
    return $used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec']
        + ($used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec']) / 1e6;
}

$ID = 'page';
$INFO = ['id' => $ID, 'perm' => 8, 'exists' => true];
while (($line = fgets(STDIN)) !== false) {
    $text = json_decode($line, true)['text'];
    try {
        $start = processor();
        p_render('xhtml', p_get_instructions($text), $information);
        $answer = ['seconds' => processor() - $start];
    } catch (\Throwable $error) {
        $answer = ['error' => $error->getMessage()];
    }
    echo json_encode($answer, JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}
