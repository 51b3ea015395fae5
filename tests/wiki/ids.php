<?php
// usage: php ids.php DOKUWIKI_DIR < questions > answers, one JSON object a line.
// A question has "settings" (deaccent, sepchar, useslash, fnencode, autoplural, start), "pages" that exist, "name",
// "page" (where a link stands). DokuWiki remembers its first sepchar: ask about another one in a new process.
// The pages are written below the savedir of that DokuWiki's conf/local.php: take a copy that is nobody else's.
$root = rtrim($argv[1], '/');
define('DOKU_INC', "$root/");
define('NOSESSION', 1);
foreach (['REMOTE_ADDR' => '127.0.0.1', 'HTTP_HOST' => 'localhost', 'SERVER_NAME' => 'localhost',
    'SCRIPT_NAME' => '/doku.php', 'REQUEST_URI' => '/doku.php'] as $name => $value) $_SERVER[$name] = $value;
error_reporting(0);
require_once DOKU_INC . 'inc/init.php';
error_reporting(0);
while (($line = fgets(STDIN)) !== false) {
    $asked = json_decode($line, true);
    $cache_cleanid = [];
    foreach ($asked['settings'] as $name => $value) $conf[$name] = $value;
    $files = [];
    foreach ($asked['pages'] as $id) {
        $files[] = $file = wikiFN($id);
        io_saveFile($file, 'x');
    }
    $taken = [];
    $answer = ['id' => cleanID($asked['name'])];
    $answer['link'] = (new dokuwiki\File\PageResolver($asked['page']))->resolveId($asked['name']);
    $answer['media'] = (new dokuwiki\File\MediaResolver($asked['page']))->resolveId($asked['name']);
    $answer['anchor'] = sectionID($asked['name'], $taken);
    $answer['file'] = utf8_encodeFN(str_replace(':', '/', $asked['name']));
    $answer['decoded'] = pathID($asked['name'], true);
    foreach ($files as $file) unlink($file);
    echo json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}
