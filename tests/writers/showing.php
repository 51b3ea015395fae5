<?php

// Has an installed DokuWiki show a page of a wiki, after it has read all of its pages.
//
// usage: php showing.php DOKUWIKI WIKI PAGE > XHTML
//
// WIKI is a folder with the wiki's conf and data, of which only these count and not those of DOKUWIKI.

[, $folder, $wiki, $page] = $argv;
define('DOKU_INC', rtrim($folder, '/') . '/');
define('DOKU_CONF', "$wiki/conf/");
define('NOSESSION', 1);
$_SERVER += ['REMOTE_ADDR' => '192.0.2.7', 'HTTP_HOST' => 'localhost', 'SERVER_NAME' => 'localhost'];
$quiet = E_ALL & ~E_DEPRECATED & ~E_WARNING & ~E_NOTICE;
error_reporting($quiet);
require DOKU_INC . 'inc/init.php';
error_reporting($quiet);

search($found, $conf['datadir'], 'search_allpages', []);
foreach (array_column($found, 'id') as $ID) {
    p_get_metadata($ID, 'title', METADATA_RENDER_UNLIMITED);  // which stores the entries
}
$ID = $page;
echo p_wiki_xhtml($page, '', false);
