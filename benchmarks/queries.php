<?php

// Has the data plugin of an installed DokuWiki say its own SQL for queries. Nothing is asked of its store.
//
// usage: php queries.php DOKUWIKI < blocks > statements
//
// A block is a line of JSON, {"page": …, "block": …}; so is the answer, {"sql": …}, null where the plugin has none.

define('DOKU_INC', rtrim($argv[1], '/') . '/');
define('NOSESSION', 1);
$_SERVER += ['REMOTE_ADDR' => '127.0.0.1', 'HTTP_HOST' => 'localhost', 'SERVER_NAME' => 'localhost'];
$quiet = E_ALL & ~E_DEPRECATED & ~E_WARNING & ~E_NOTICE;
error_reporting($quiet);
require DOKU_INC . 'inc/init.php';
error_reporting($quiet);

$plugin = plugin_load('helper', 'data');
while (($line = fgets(STDIN)) !== false) {
    $asked = json_decode($line, true);
    $ID = $asked['page'];
    $statement = null;
    foreach (p_get_instructions($asked['block']) as [$name, $arguments]) {
        if ($name !== 'plugin' || strpos($arguments[0], 'data_') !== 0 || empty($arguments[1]['sql'])) continue;
        $query = $arguments[1];
        $plugin->replacePlaceholdersInSQL($query);
        $statement = $query['sql'];
    }
    echo json_encode(['sql' => $statement], JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}
