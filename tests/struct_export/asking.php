<?php

// Asks a DokuWiki with the plugin struct about what was imported from a folder that `dokuwiki-data struct` wrote.
//
// usage: php asking.php DOKUWIKI WIKI FOLDER USER > what struct says
//
// WIKI is a folder with the wiki's conf and data, of which only these count and not those of DOKUWIKI.
// FOLDER is what `struct` wrote; the blocks of its report go through struct's own reader and searches.
// Tells the schemas assigned to each page, and for each block the pages with the raw and the shown values of each row;
// for a cloud its values with their counts, in the order that it shows.

[, $folder, $wiki, $export, $user] = $argv;
define('DOKU_INC', rtrim($folder, '/') . '/');
define('DOKU_CONF', "$wiki/conf/");
define('NOSESSION', 1);
$_SERVER += ['REMOTE_ADDR' => '192.0.2.7', 'HTTP_HOST' => 'localhost', 'SERVER_NAME' => 'localhost'];
$quiet = E_ALL & ~E_DEPRECATED & ~E_WARNING & ~E_NOTICE;
error_reporting($quiet);
require DOKU_INC . 'inc/init.php';
error_reporting($quiet);

use dokuwiki\plugin\struct\meta\AggregationCloud;
use dokuwiki\plugin\struct\meta\Assignments;
use dokuwiki\plugin\struct\meta\ConfigParser;
use dokuwiki\plugin\struct\meta\SearchCloud;
use dokuwiki\plugin\struct\meta\SearchConfig;

/** A cloud, which tells its order. */
class SortedCloud extends AggregationCloud
{
    public function sort(array &$rows): void
    {
        $this->sortResults($rows);
    }
}

$INPUT->server->set('REMOTE_USER', $user);

search($found, $conf['datadir'], 'search_allpages', []);
$assigned = [];
foreach (array_column($found, 'id') as $page) {
    p_get_metadata($page, 'title', METADATA_RENDER_UNLIMITED);  // which tells struct the titles
    $assigned[$page] = array_values(Assignments::getInstance()->getPageAssignments($page));
}

$answers = [];
foreach (json_decode(file_get_contents("$export/report.json"), true)['blocks'] as $block) {
    if ($block['text'] === null) {
        $answers[] = null;
        continue;
    }
    $lines = explode("\n", $block['text']);
    $kind = trim(array_shift($lines), ' -');
    array_pop($lines);
    try {
        $config = (new ConfigParser($lines))->getConfig();
        $answer = [];
        if ($kind === 'struct cloud') {
            $search = new SearchCloud($config);
            $rows = $search->getRows();
            (new SortedCloud('', '', new Doku_Renderer_xhtml(), $search))->sort($rows);
            foreach ($rows as $row) {
                if (!$row['tag']->isEmpty()) {  // a cloud does not show it
                    $answer[] = [((array)$row['tag']->getDisplayValue())[0], $row['count']];
                }
            }
        } else {
            $search = new SearchConfig($config);
            foreach ($search->getRows() as $number => $row) {
                $cells = array_map(fn($value) => [(array)$value->getRawValue(), (array)$value->getDisplayValue()], $row);
                $answer[] = [$search->getPids()[$number], $cells];
            }
        }
        $answers[] = $answer;
    } catch (Throwable $error) {
        $answers[] = ['error' => $error->getMessage()];
    }
}
echo json_encode(
    ['assigned' => $assigned, 'answers' => $answers],
    JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR
);
