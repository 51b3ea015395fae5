<?php

// Imports what `dokuwiki-data struct` wrote into an installed DokuWiki with the plugin struct, and asks its blocks.
//
// usage: php importing.php DOKUWIKI WIKI FOLDER USER > what struct says
//
// WIKI is a folder with the wiki's conf and data, of which only these count and not those of DOKUWIKI.
// FOLDER is what `struct` wrote. Its schemas, assignments and values go through struct's own imports, and the blocks of
// its report through struct's own reader and searches.
// Tells the values that struct refuses, the schemas assigned to each page, and for each block the pages with the raw
// and the shown values of each row; for a cloud its values with their counts, in the order that it shows.

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
use dokuwiki\plugin\struct\meta\CSVExporter;
use dokuwiki\plugin\struct\meta\CSVPageImporter;
use dokuwiki\plugin\struct\meta\SchemaImporter;
use dokuwiki\plugin\struct\meta\SearchCloud;
use dokuwiki\plugin\struct\meta\SearchConfig;

/** The import of page data, which goes on after a line that is refused, to tell all of them. */
class PatientImporter extends CSVPageImporter
{
    public array $refused = [];

    protected function importLine($line)
    {
        try {
            parent::importLine($line);
        } catch (Throwable $error) {
            $this->refused[] = "$line[0]: " . $error->getMessage();
        }
    }
}

/** A cloud, which tells its order. */
class SortedCloud extends AggregationCloud
{
    public function sort(array &$rows): void
    {
        $this->sortResults($rows);
    }
}

plugin_load('helper', 'struct_db')->getDB()->query('PRAGMA synchronous = OFF');
$INPUT->server->set('REMOTE_USER', $user);

$schemas = [];
foreach (glob("$export/schemas/*.struct.json") as $file) {
    $schemas[] = $name = basename($file, '.struct.json');
    (new SchemaImporter($name, file_get_contents($file)))->build();
}
$patterns = fopen("$export/assignments.csv", 'rb');
fgetcsv($patterns);
while ($line = fgetcsv($patterns)) {
    Assignments::getInstance()->addPattern(...$line);
}
$refused = [];
foreach ($schemas as $name) {
    $importer = new PatientImporter($name, "$export/values/$name.csv", CSVExporter::DATATYPE_PAGE);
    $importer->import();
    array_push($refused, ...$importer->refused, ...($importer->getErrors() ?? []));
}

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
    ['refused' => $refused, 'assigned' => $assigned, 'answers' => $answers],
    JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR
);
