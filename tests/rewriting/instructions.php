<?php

// Has an installed DokuWiki read texts, each in a flavour of its own.
//
// usage: php instructions.php DOKUWIKI < questions > lists
//
// A question is a line of JSON, {"text": …, "flavour": …}; the answer is the instruction list.

define('DOKU_INC', rtrim($argv[1], '/') . '/');
define('NOSESSION', 1);
$_SERVER += ['REMOTE_ADDR' => '127.0.0.1', 'HTTP_HOST' => 'localhost', 'SERVER_NAME' => 'localhost'];
$quiet = E_ALL & ~E_DEPRECATED & ~E_WARNING & ~E_NOTICE;
error_reporting($quiet);
require DOKU_INC . 'inc/init.php';
error_reporting($quiet);

while (($line = fgets(STDIN)) !== false) {
    $question = json_decode($line, true);
    $calls = p_get_instructions($question['text'], $question['flavour']);
    echo json_encode($calls, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}
