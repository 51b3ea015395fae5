<?php

// Asks an installed DokuWiki about the history of a page, and has it save the page once more.
//
// usage: php saving.php DOKUWIKI WIKI PAGE [TEXT [USER]] > what it knows
//
// WIKI is a folder with the wiki's conf and data, of which only these count and not those of DOKUWIKI.
// Tells the page's text, its revisions (newest first) with what DokuWiki knows of each, and who has locked the page.
// With TEXT, the page is saved with it first; with USER as well, USER only begins to edit it.

[, $folder, $wiki, $page] = $argv;
define('DOKU_INC', rtrim($folder, '/') . '/');
define('NOSESSION', 1);
$_SERVER += ['REMOTE_ADDR' => '192.0.2.7', 'HTTP_HOST' => 'localhost', 'SERVER_NAME' => 'localhost'];
$quiet = E_ALL & ~E_DEPRECATED & ~E_WARNING & ~E_NOTICE;
error_reporting($quiet);
define('DOKU_CONF', "$wiki/conf/");
require DOKU_INC . 'inc/init.php';
error_reporting($quiet);

$INPUT->server->set('REMOTE_USER', $argv[5] ?? 'eve');
$locked = checklock($page);
if (isset($argv[5])) {
    lock($page);
} elseif (isset($argv[4])) {
    saveWikiText($page, $argv[4], 'by DokuWiki');
}
$log = new dokuwiki\ChangeLog\PageChangeLog($page);
$revisions = [];
foreach ($log->getRevisions(-1, 1000) as $revision) {
    $revisions[] = $log->getRevisionInfo($revision) + ['text' => rawWiki($page, $log->isCurrentRevision($revision) ? '' : $revision)];
}
$recent = array_map(fn($change) => [$change['date'], $change['id'], $change['sum']], getRecents(0, 100));
echo json_encode(['text' => rawWiki($page), 'revisions' => $revisions, 'recent' => $recent, 'locked' => $locked]);
