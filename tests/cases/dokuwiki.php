<?php

// Has an installed DokuWiki read pages, and tells its instruction lists and how long it took.
//
// usage: php dokuwiki.php DOKUWIKI SETTINGS < pages > lists
//
// A page is a line of JSON, {"text": …}; so is the answer, {"calls": …, "seconds": …}, or {"error": …} where
// DokuWiki stopped. SETTINGS is JSON too: "typography" and "camelcase" as in DokuWiki's configuration,
// "flavour" as DokuWiki's "syntax", "acronyms", "smileys", "entities" and "schemes" as lists of names, and "calls": false for the time alone.

[, $folder, $given] = $argv;
$settings = json_decode($given, true);

define('DOKU_INC', rtrim($folder, '/') . '/');
define('NOSESSION', 1);
$_SERVER += ['REMOTE_ADDR' => '127.0.0.1', 'HTTP_HOST' => 'localhost', 'SERVER_NAME' => 'localhost'];
$quiet = E_ALL & ~E_DEPRECATED & ~E_WARNING & ~E_NOTICE;
error_reporting($quiet);
ini_set('memory_limit', '2G');
ini_set('pcre.backtrack_limit', '100000000');
require DOKU_INC . 'inc/init.php';
error_reporting($quiet);

foreach (['typography', 'camelcase'] as $name) {
    if (isset($settings[$name])) $conf[$name] = (int) $settings[$name];
}
foreach (['acronyms' => 'acronyms', 'smileys' => 'smileys', 'entities' => 'entities', 'schemes' => 'scheme'] as $name => $file) {
    if (!isset($settings[$name])) continue;
    $path = tempnam(sys_get_temp_dir(), 'names');
    register_shutdown_function('unlink', $path);
    $line = fn($entry) => $name === 'schemes' ? "$entry\n" : "$entry  explained\n";
    file_put_contents($path, implode('', array_map($line, $settings[$name])));
    $config_cascade[$file] = ['default' => [$path]];
}

// The time that this process has had of a processor, in seconds.
function processor(): float
{
    $used = getrusage();
    return $used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec']
        + ($used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec']) / 1e6;
}

$ID = 'case';
while (($line = fgets(STDIN)) !== false) {
    $page = json_decode($line, true);
    $answer = [];
    ob_start(); // messages for readers are no answer
    $start = processor();
    try {
        $calls = p_get_instructions($page['text'], $settings['flavour'] ?? null);
        $answer['seconds'] = processor() - $start;
        if ($settings['calls'] ?? true) $answer['calls'] = $calls;
    } catch (Throwable $problem) {
        $answer['error'] = $problem->getMessage();
    }
    ob_end_clean();
    echo json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}
