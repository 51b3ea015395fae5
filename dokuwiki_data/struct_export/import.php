<?php

// Imports what lies in the folder of this file into a DokuWiki with the plugin struct: schemas, assignments and values.
//
// usage: php import.php DOKUWIKI [CONF]
//
// DOKUWIKI is the folder of the installation, CONF that of its configuration if it lies elsewhere, as in a farm. Make a
// backup first, and run it as the user of the web server, so that the files keep their owner. Struct's own classes do
// the work: each page with values gets a revision, and what struct refuses is written to standard error.
// Exit codes: 0 done, 1 struct refused some values, 2 wrong use.

if (PHP_SAPI !== 'cli') {
    exit;
}
[, $folder, $conf_folder] = $argv + [1 => '', 2 => ''];
if (!is_file("$folder/inc/init.php")) {
    fwrite(STDERR, "usage: php import.php DOKUWIKI [CONF]\n");
    exit(2);
}
define('DOKU_INC', rtrim(realpath($folder), '/') . '/');
if ($conf_folder !== '') {
    define('DOKU_CONF', rtrim(realpath($conf_folder), '/') . '/');
}
define('NOSESSION', 1);
$_SERVER += ['REMOTE_ADDR' => '127.0.0.1', 'HTTP_HOST' => 'localhost', 'SERVER_NAME' => 'localhost'];
$told = E_ALL & ~E_DEPRECATED & ~E_WARNING & ~E_NOTICE;
error_reporting($told);
require DOKU_INC . 'inc/init.php';
error_reporting($told);

use dokuwiki\plugin\struct\meta\Assignments;
use dokuwiki\plugin\struct\meta\CSVExporter;
use dokuwiki\plugin\struct\meta\CSVPageImporter;
use dokuwiki\plugin\struct\meta\SchemaImporter;

if (plugin_load('helper', 'struct_db') === null) {
    fwrite(STDERR, "$folder: the plugin struct is not active\n");
    exit(2);
}

/** Struct's import of page data, which goes on after a page that is refused. */
class PatientImporter extends CSVPageImporter
{
    /** @var string[] */
    public array $refused = [];

    protected function importLine($line)
    {
        $this->errors = [];
        try {
            parent::importLine($line);
            array_push($this->refused, ...$this->errors);
        } catch (Throwable $error) {
            $this->refused[] = "$line[0]: " . str_replace("\n", ' ', $error->getMessage());
        }
    }
}

$schemas = [];
foreach (glob(__DIR__ . '/schemas/*.struct.json') as $file) {
    $schemas[] = $name = basename($file, '.struct.json');
    (new SchemaImporter($name, file_get_contents($file)))->build();
}
$patterns = fopen(__DIR__ . '/assignments.csv', 'rb');
fgetcsv($patterns);
while ($line = fgetcsv($patterns)) {
    Assignments::getInstance()->addPattern($line[0], $line[1]);
}
$refused = 0;
foreach ($schemas as $name) {
    $importer = new PatientImporter($name, __DIR__ . "/values/$name.csv", CSVExporter::DATATYPE_PAGE);
    $importer->import();
    foreach ($importer->refused as $message) {
        fwrite(STDERR, "values/$name.csv: $message\n");
    }
    $refused += count($importer->refused);
}
echo 'schemas imported: ', count($schemas), ", pages refused: $refused\n";
exit($refused ? 1 : 0);
